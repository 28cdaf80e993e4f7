/** What the record says of a labelled fact: text, `null` to take it away, undefined to leave it as it is. */
export type Fact = readonly [label: string, value: string | null | undefined];

/**
 * Puts facts into a text of Odoo's (HTML), one paragraph each, for models without fields of their own for them. What
 * people wrote around them stays, and so does a fact that the record does not mention.
 */
export function withFacts(html: string, facts: readonly Fact[]): string {
  return facts.reduce((text, [label, value]) => withFact(text, label, value), html);
}

function withFact(html: string, label: string, value: string | null | undefined): string {
  if (value === undefined) return html;
  const paragraph = new RegExp(`(<p[^>]*>)${label}: [^<]*</p>`);
  if (value === null || value === '') return html.replace(paragraph, '');
  const text = `${label}: ${escapeHtml(value)}</p>`;
  // A function, because a value may contain `$1`.
  return paragraph.test(html) ? html.replace(paragraph, (_all, opening) => `${opening}${text}`) : `${html}<p>${text}`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
