/** What Odoo answers is read tolerantly: whatever is not as documented reads as absent. */

/** The value of JSON text, of any type; undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A page of a proxy, or a torn answer; the caller knows what that means.
    return undefined;
  }
}

/** The whole numbers of an array. */
export function idsIn(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((id): id is number => Number.isInteger(id)) : [];
}

/** A many2one reads as `[id, "label"]`, an empty one as `false`. */
export function many2one(value: unknown): { readonly id: number; readonly label: string } | undefined {
  if (!Array.isArray(value)) return undefined;
  const [id, label] = value as readonly unknown[];
  return typeof id === 'number' ? { id, label: typeof label === 'string' ? label : '' } : undefined;
}
