/**
 * The kinds of record a target may hold, in the order in which they must exist: a parent before its children.
 * Where a policy names the quote that it came from, quotes come first. Here it is the quote that names its policy, so the
 * policy comes first: a target that ties only to what it holds would otherwise never tie a quote to a policy that is sent
 * behind it, because the quote's content does not change again.
 * `code` is the middle part of the external key, for example `p-pol-100004200`.
 */
export const RECORD_KINDS = {
  party: { code: 'pty', order: 0 },
  policy: { code: 'pol', order: 1 },
  quote: { code: 'quo', order: 2 },
  policy_change: { code: 'chg', order: 3 },
  invoice: { code: 'inv', order: 3 },
  claim: { code: 'clm', order: 3 },
  payment: { code: 'pay', order: 4 },
  claim_item: { code: 'sub', order: 4 },
  premium_row: { code: 'prm', order: 4 },
  activity: { code: 'act', order: 5 },
} as const;

export type RecordKind = keyof typeof RECORD_KINDS;
export const RECORD_KIND_NAMES = Object.keys(RECORD_KINDS) as readonly RecordKind[];
