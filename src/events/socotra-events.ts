/**
 * What Core may send: every event name, the family it belongs to and the locators its `data` may carry.
 *
 * This is the sender's fact, not our wish. Only seven rows have firm evidence (a sample or a third party that consumes
 * the real system), the others follow the one visible pattern: `policyLocator` plus `<entity>Locator`. So `data` is read
 * as an open map and no locator is ever required.
 *
 * `newer` marks names that only newer versions of Core know: they are translated when they arrive but not subscribed to,
 * because an older Core may refuse a manifest that names them.
 */
export const SOCOTRA_EVENTS = {
  'policyholder.create': { family: 'policyholder', locators: ['policyholderLocator'] },
  'policyholder.update': { family: 'policyholder', locators: ['policyholderLocator'] },

  'policy.create': { family: 'policy', locators: ['policyLocator'] },
  'policy.update': { family: 'policy', locators: ['policyLocator'] },
  'policy.finalize': { family: 'policy', locators: ['policyLocator'] },
  'policy.issue': { family: 'policy', locators: ['policyLocator'] },
  'policy.endorse': { family: 'policy', locators: ['policyLocator'] },
  'policy.renew': { family: 'policy', locators: ['policyLocator'] },
  'policy.cancel': { family: 'policy', locators: ['policyLocator'] },
  'policy.lapse': { family: 'policy', locators: ['policyLocator'] },
  'policy.end.reminder': { family: 'policy', locators: ['policyLocator'] },
  'policy.end': { family: 'policy', locators: ['policyLocator'] },
  'policy.upgrade': { family: 'policy', locators: ['policyLocator'] },
  'policy.discard': { family: 'policy', locators: ['policyLocator'] },

  'policy.quote.create': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },
  'policy.quote.update': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },
  'policy.quote.quoted': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },
  'policy.quote.accept': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },
  'policy.quote.declined': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },
  'policy.quote.discard': { family: 'quote', locators: ['policyLocator', 'quoteLocator'] },

  'policy.gracePeriod': { family: 'gracePeriod', locators: ['policyLocator', 'gracePeriodLocator', 'invoiceLocator'] },
  'policy.gracePeriod.update': {
    family: 'gracePeriod',
    locators: ['policyLocator', 'gracePeriodLocator', 'invoiceLocator'],
  },
  'policy.gracePeriod.satisfied': {
    family: 'gracePeriod',
    locators: ['policyLocator', 'gracePeriodLocator', 'invoiceLocator'],
  },

  'policy.reinstatement.open': { family: 'legacyReinstatement', locators: ['policyLocator'] },
  'policy.reinstatement.invoice': { family: 'legacyReinstatement', locators: ['policyLocator'] },
  'policy.reinstatement.issue': { family: 'legacyReinstatement', locators: ['policyLocator'] },
  'policy.reinstatement.close': { family: 'legacyReinstatement', locators: ['policyLocator'] },

  'endorsement.create': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.update': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.quote': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.accept': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.issue': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.invalidate': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },
  'endorsement.discard': { family: 'endorsement', locators: ['policyLocator', 'endorsementLocator'] },

  'renewal.create': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.update': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.quote': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.accept': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.issue': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.invalidate': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },
  'renewal.discard': { family: 'renewal', locators: ['policyLocator', 'renewalLocator'] },

  'cancellation.create': { family: 'cancellation', locators: ['policyLocator', 'cancellationLocator'] },
  'cancellation.update': { family: 'cancellation', locators: ['policyLocator', 'cancellationLocator'] },
  'cancellation.issue': { family: 'cancellation', locators: ['policyLocator', 'cancellationLocator'] },
  'cancellation.rescind': { family: 'cancellation', locators: ['policyLocator', 'cancellationLocator'] },
  'cancellation.effective': {
    family: 'cancellation',
    locators: ['policyLocator', 'cancellationLocator'],
    newer: true,
  },

  'reinstatement.create': {
    family: 'reinstatement',
    locators: ['policyLocator', 'reinstatementLocator', 'cancellationLocator'],
  },
  'reinstatement.accept': {
    family: 'reinstatement',
    locators: ['policyLocator', 'reinstatementLocator', 'cancellationLocator'],
  },
  'reinstatement.issue': {
    family: 'reinstatement',
    locators: ['policyLocator', 'reinstatementLocator', 'cancellationLocator'],
  },
  'reinstatement.invalidate': {
    family: 'reinstatement',
    locators: ['policyLocator', 'reinstatementLocator', 'cancellationLocator'],
  },
  'reinstatement.deadlineReached': {
    family: 'reinstatement',
    locators: ['policyLocator', 'reinstatementLocator', 'cancellationLocator'],
  },

  'invoice.issue': { family: 'invoice', locators: ['policyLocator', 'invoiceLocator'] },
  'invoice.pastDue': { family: 'invoice', locators: ['policyLocator', 'invoiceLocator'] },
  'invoice.invalidate': { family: 'invoice', locators: ['policyLocator', 'invoiceLocator'] },
  'invoice.writtenOff': { family: 'invoice', locators: ['policyLocator', 'invoiceLocator'], newer: true },

  'payment.pay': { family: 'payment', locators: ['policyLocator', 'invoiceLocator', 'paymentLocator'] },
  'payment.reverse': { family: 'payment', locators: ['policyLocator', 'invoiceLocator', 'paymentLocator'] },

  'claim.create': { family: 'claim', locators: ['policyLocator', 'claimLocator'] },
  'claim.open': { family: 'claim', locators: ['policyLocator', 'claimLocator'] },
  'claim.update': { family: 'claim', locators: ['policyLocator', 'claimLocator'] },
  'claim.close': { family: 'claim', locators: ['policyLocator', 'claimLocator'] },
  'claim.discard': { family: 'claim', locators: ['policyLocator', 'claimLocator'] },

  'subClaim.open': { family: 'subClaim', locators: ['policyLocator', 'claimLocator', 'subClaimLocator'] },
  'subClaim.update': { family: 'subClaim', locators: ['policyLocator', 'claimLocator', 'subClaimLocator'] },
  'subClaim.updateReserve': { family: 'subClaim', locators: ['policyLocator', 'claimLocator', 'subClaimLocator'] },
  'subClaim.createPayable': {
    family: 'subClaim',
    locators: ['policyLocator', 'claimLocator', 'subClaimLocator', 'payableLocator'],
  },
  'subClaim.reversePayable': {
    family: 'subClaim',
    locators: ['policyLocator', 'claimLocator', 'subClaimLocator', 'payableLocator'],
  },
  'subClaim.close': { family: 'subClaim', locators: ['policyLocator', 'claimLocator', 'subClaimLocator'] },
  'subClaim.reopen': { family: 'subClaim', locators: ['policyLocator', 'claimLocator', 'subClaimLocator'] },

  'premiumReport.create': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },
  'premiumReport.update': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },
  'premiumReport.issue': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },
  'premiumReport.replace': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },
  'premiumReport.reverse': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },
  'premiumReport.discard': { family: 'premiumReport', locators: ['policyLocator', 'premiumReportLocator'] },

  'login.success': { family: 'login', locators: [] },
  'login.failure': { family: 'login', locators: [] },
} as const satisfies Record<
  string,
  { readonly family: string; readonly locators: readonly string[]; readonly newer?: true }
>;

export type EventName = keyof typeof SOCOTRA_EVENTS;
export type EventFamily = (typeof SOCOTRA_EVENTS)[EventName]['family'];
/** The locator names that the data of event `E` may carry. */
export type LocatorsOf<E extends EventName> = (typeof SOCOTRA_EVENTS)[E]['locators'][number];
export type LocatorName = LocatorsOf<EventName>;

export const EVENT_NAMES = Object.keys(SOCOTRA_EVENTS) as readonly EventName[];

/** Those that the manifest subscribes to: known to every version of Core. */
export const MANIFEST_EVENT_NAMES = EVENT_NAMES.filter((name) => !('newer' in SOCOTRA_EVENTS[name]));

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(SOCOTRA_EVENTS, name);
}

export function familyOf(name: EventName): EventFamily {
  return SOCOTRA_EVENTS[name].family;
}

/** A locator as Core writes it; anything else never gets near a URL. */
export const LOCATOR_PATTERN = /^[A-Za-z0-9-]{1,64}$/;

/** One event as it is kept: the facts of the envelope that are needed later, nothing personal. */
export interface SocotraEvent<E extends EventName = EventName> {
  /** Core's own event id, unique per tenant. */
  readonly id: string;
  readonly type: E;
  /** When it happened in Core: milliseconds since the epoch. */
  readonly occurredAtMs: number;
  /** Groups the events of one request to Core. */
  readonly transactionId?: string;
  /** Every `*Locator` member of `data`, checked against {@link LOCATOR_PATTERN}. */
  readonly locators: Readonly<Partial<Record<LocatorName, string>>>;
  /** `policy.end.reminder` only: the tenant's name of the reminder. */
  readonly reminderName?: string;
}
