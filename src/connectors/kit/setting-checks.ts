/** No value of a header may end the line or leave ASCII. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/** Whether the text is an http address that carries no credentials; plain http is for the operator to allow. */
export function isUsableUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '';
}

export function isHeaderValue(text: string): boolean {
  return HEADER_VALUE.test(text);
}
