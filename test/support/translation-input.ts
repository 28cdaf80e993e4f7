import type { Invoice, Modification, Payment, Policy, Policyholder } from '../../src/core/entities.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import type { SocotraEvent } from '../../src/events/socotra-events.js';
import type { TranslationInput } from '../../src/translators/translator.js';

/** Small entities for tables of rows; each row says only what it is about. */

export const NOON_1_SEP_2024_MS = 1_725_217_200_000;

export function policyOf(parts: Partial<Policy> = {}): Policy {
  return {
    locator: '100',
    displayId: '100',
    currency: 'USD',
    issuedMs: 1_000,
    characteristics: [],
    exposures: [],
    modifications: [],
    invoices: [],
    fees: [],
    ...parts,
  };
}

export function policyholderOf(values: Policyholder['values']): Policyholder {
  return { locator: 'holder-1', values, subEntities: {} };
}

export function invoiceOf(parts: Partial<Invoice> = {}): Invoice {
  return { locator: 'invoice-1', totalDue: '97.15', settlementStatus: 'outstanding', payments: [], ...parts };
}

export function paymentOf(parts: Partial<Payment> = {}): Payment {
  return { locator: 'payment-1', amount: '97.15', fieldValues: {}, ...parts };
}

export function modificationOf(parts: Partial<Modification> = {}): Modification {
  return { locator: 'modification-1', name: 'generic', ...parts };
}

export function inputOf(parts: {
  readonly event?: Partial<SocotraEvent>;
  readonly snapshot?: Partial<Snapshot>;
  readonly mapped?: TranslationInput['mapped'];
}): TranslationInput {
  return {
    event: {
      id: 'event-1',
      type: 'policy.update',
      occurredAtMs: NOON_1_SEP_2024_MS,
      transactionId: 'transaction-1',
      locators: { policyLocator: '100' },
      ...parts.event,
    },
    snapshot: { notFound: new Set(), asOfMs: NOON_1_SEP_2024_MS + 5_000, ...parts.snapshot },
    mapped: parts.mapped ?? {},
    environment: 'production',
    timeZone: 'America/Los_Angeles',
  };
}
