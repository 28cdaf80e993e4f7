import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../http/json.ts';
import type { EngineRecord } from './engine.ts';

/** A record as the app's translators make it, with made-up people. */
export interface SampleRecord extends EngineRecord {
  readonly fields: JsonObject;
}

/** Parents before their children. */
export const KINDS = [
  'party',
  'policy',
  'quote',
  'policy_change',
  'invoice',
  'claim',
  'payment',
  'claim_item',
  'premium_row',
  'activity',
] as const;
export type Kind = (typeof KINDS)[number];

const CODES: Readonly<Record<Kind, string>> = {
  party: 'pty',
  policy: 'pol',
  quote: 'quo',
  policy_change: 'chg',
  invoice: 'inv',
  claim: 'clm',
  payment: 'pay',
  claim_item: 'sub',
  premium_row: 'prm',
  activity: 'act',
};

/** Relations by kind: name, kind of the parent, whether the record makes no sense without it. */
const RELATIONS: Readonly<Record<Kind, readonly (readonly [string, Kind, boolean])[]>> = {
  party: [],
  policy: [['policyholder', 'party', true]],
  quote: [
    ['policyholder', 'party', true],
    ['policy', 'policy', false],
  ],
  policy_change: [['policy', 'policy', true]],
  invoice: [
    ['policyholder', 'party', true],
    ['policy', 'policy', true],
  ],
  claim: [
    ['policy', 'policy', true],
    ['policyholder', 'party', false],
  ],
  payment: [
    ['invoice', 'invoice', true],
    ['policyholder', 'party', false],
  ],
  claim_item: [['claim', 'claim', true]],
  premium_row: [['policy', 'policy', false]],
  activity: [['policy', 'policy', false]],
};

const CHANGED_MS = Date.parse('2024-05-21T15:30:00.450Z');
const AT = new Date(CHANGED_MS).toISOString();

/** The fields that a record of this kind always has. */
function sparseFields(kind: Kind, number: string): JsonObject {
  switch (kind) {
    case 'party':
      return { type: 'organization', name: `Quillfeather ${number}` };
    case 'quote':
      return { name: `${number}-1`, state: 'draft' };
    case 'policy':
      return { number, status: 'quote' };
    case 'policy_change':
      return { type: 'endorsement', state: 'application' };
    case 'invoice':
      return { number, status: 'open', total: '0.00', balance: '0.00', lines: [] };
    case 'payment':
      return { number, amount: '1.00', direction: 'in', reversed: false };
    case 'claim':
      return { number, status: 'draft' };
    case 'claim_item':
      return { status: 'open' };
    case 'premium_row':
      return { number, state: 'draft' };
    case 'activity':
      return { subject: `Something happened to ${number}`, occurredAt: AT, type: 'policy.update' };
  }
}

/** What a record of this kind has besides in the usual case. */
function usualFields(kind: Kind, number: string): JsonObject {
  switch (kind) {
    case 'party':
      return {
        type: 'person',
        name: `Jordan Quillfeather ${number}`,
        firstName: 'Jordan',
        lastName: `Quillfeather ${number}`,
        email: `quillfeather.${number.toLowerCase()}@example.com`,
        phone: '+14155550142',
        address: { street: '1 Main St', city: 'Pasadena', region: 'CA', postalCode: '91101', country: 'US' },
        birthDate: '1988-03-14',
      };
    case 'quote':
      return {
        product: 'personal-auto',
        state: 'quoted',
        startDate: '2024-06-01',
        endDate: '2025-06-01',
        grossPremium: '1100.00',
        currency: 'USD',
        selected: true,
      };
    case 'policy':
      return {
        product: 'personal-auto',
        status: 'in_force',
        effectiveDate: '2024-06-01',
        expirationDate: '2025-06-01',
        issuedAt: AT,
        currency: 'USD',
        termPremium: '1100.00',
        taxes: '90.75',
        fees: '10.00',
        paymentSchedule: 'upfront',
        cancellationDate: null,
        cancellationReason: null,
        balanceDue: '0.00',
        paidToDate: '1200.75',
        pastDueSince: null,
        nextRenewalDate: '2025-06-01',
        lastChange: 'Policy issued',
      };
    case 'policy_change':
      return {
        name: 'generic',
        state: 'issued',
        effectiveDate: '2024-09-01',
        endDate: null,
        issuedAt: AT,
        premiumChange: '89.75',
        currency: 'USD',
        reason: 'More miles',
      };
    case 'invoice':
      return {
        type: 'newBusiness',
        issuedAt: AT,
        dueDate: '2024-06-15',
        periodStart: '2024-06-01',
        periodEnd: '2025-06-01',
        currency: 'USD',
        total: '1200.75',
        balance: '1200.75',
        lines: [
          { key: 'premium', description: 'Premium', amount: '1110.00' },
          { key: 'tax', description: 'Tax', amount: '90.75' },
        ],
      };
    case 'payment':
      return { amount: '1200.75', currency: 'USD', postedAt: AT, reversedAt: null, reference: `R-${number}` };
    case 'claim':
      return {
        product: 'personal-auto',
        status: 'open',
        lossDate: '2024-10-01',
        reportedDate: '2024-10-02',
        cause: 'collision',
        description: 'Rear end',
        reserve: '2500.00',
      };
    case 'claim_item':
      return { coverage: 'collision', lossReserve: '2000.00', expenseReserve: '500.00', description: null };
    case 'premium_row':
      return {
        state: 'issued',
        periodStart: '2024-01-01',
        periodEnd: '2024-04-01',
        dueDate: '2024-05-01',
        issuedAt: AT,
        grossPremium: '10.00',
        grossTaxes: '1.00',
        grossFees: '0.00',
        grossCommissions: '-2.00',
      };
    case 'activity':
      return { subject: `Policy ${number} was issued`, type: 'policy.issue' };
  }
}

/** A policyholder, one policy and everything around it, under keys that nobody has used before. */
export class Family {
  readonly #number = `${randomBytes(5).toString('hex')}Q`;

  /** One record of each kind, parents before children. */
  get records(): readonly SampleRecord[] {
    return KINDS.map((kind) => this.record(kind));
  }

  record(kind: Kind): SampleRecord {
    return this.#recordWith(kind, { ...sparseFields(kind, this.#number), ...usualFields(kind, this.#number) });
  }

  /** With nothing but what every record of the kind has, and without the relations it can do without. */
  sparse(kind: Kind): SampleRecord {
    const record = this.#recordWith(kind, sparseFields(kind, this.#number));
    return { ...record, relations: record.relations.filter(({ required }) => required) };
  }

  /** What must be in the target before a record of this kind, and the record itself. */
  upTo(kind: Kind): readonly SampleRecord[] {
    const parents = RELATIONS[kind].flatMap(([, parent]) => this.upTo(parent));
    return [...new Map([...parents, this.record(kind)].map((record) => [record.key, record])).values()].toSorted(
      (a, b) => orderOf(a) - orderOf(b),
    );
  }

  #recordWith(kind: Kind, fields: JsonObject): SampleRecord {
    return {
      kind,
      key: this.#keyOf(kind),
      locator: this.#number,
      op: 'upsert',
      fields,
      relations: RELATIONS[kind].map(([name, parent, required]) => ({
        name,
        kind: parent,
        key: this.#keyOf(parent),
        required,
      })),
      sourceUpdatedAtMs: CHANGED_MS,
    };
  }

  #keyOf(kind: Kind): string {
    return `s-${CODES[kind]}-${this.#number}`;
  }
}

/** A newer state of the record; fields that are not named are left out, as the app leaves out what it does not know. */
export function newer(record: SampleRecord, fields: JsonObject, laterMs = 1_000): SampleRecord {
  return { ...record, fields, sourceUpdatedAtMs: record.sourceUpdatedAtMs + laterMs };
}

export function orderOf({ kind }: EngineRecord): number {
  return KINDS.findIndex((known) => known === kind);
}
