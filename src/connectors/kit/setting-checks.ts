/** No value of a header may end the line or leave ASCII. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** The sentence for the customer about a setting that must be an address; `or` names what else it may be. */
export function addressProblem(title: string, or = ''): string {
  return `"${title}" must be a full https address without user name or password in it${or}.`;
}

/** Whether the text is an http address that carries no credentials; plain http is for the operator to allow. */
export function isUsableUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}
