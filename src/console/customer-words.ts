import { reasonFor, type ReasonPlace } from '../ops/reasons.js';
import { plain } from '../ops/screen.js';

/** A code in words for the tenant's administrator, who has neither the operator's commands nor the log. */
export function customerWords(where: ReasonPlace, code: string): string {
  const reason = reasonFor(where, code);
  if (reason === undefined) return `The reason has only a code: ${plain(code)}. ${WAY_ON[where]}`;
  const { meaning, remedy, forCustomer } = reason;
  return forCustomer ?? (remedy === undefined ? meaning : `${meaning} ${remedy}`);
}

/** What is to be done about a code without words, most often one of the target's own. */
const WAY_ON: Readonly<Record<ReasonPlace, string>> = {
  skipped: 'Nothing had to be written; if you miss something, ask the operator.',
  retry: 'It is tried again by itself; if it does not end, ask the operator.',
  dead: 'Look for it in the target and mend the cause, or ask the operator; then press "Try again".',
  paused: 'Ask the operator what it means.',
};
