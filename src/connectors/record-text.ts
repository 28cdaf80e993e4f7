/** How long a name that is a locator may be until people read it no more; the timeline shortens it alike. */
const READABLE_LENGTH = 12;
const SHORT_LENGTH = 6;

/** `Claim 1042`; a claim that has no number of its own goes by the end of its locator, as on the timeline: `Claim …cefb69`. */
export function claimTitle(number: string, locator: string): string {
  const isLocator = number === locator && number.length > READABLE_LENGTH;
  return `Claim ${isLocator ? `…${number.slice(-SHORT_LENGTH)}` : number}`;
}

/** Text of at most `length` UTF-16 units, `…` at its end where something is missing; no character is torn in two. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  // A half of an emoji is no character, and a receiver may refuse the whole request for it.
  const kept = text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${kept}…`;
}

/** `in_grace_period` as people read it: `In grace period`. */
export function wordsOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
