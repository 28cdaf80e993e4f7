import { objectOf, objectsOf, type JsonObject } from '../http/json.ts';
import { LIVES, livedUntil } from './entity-life.ts';
import { invoiceHistory, invoicesAt, type InvoiceHistory } from './invoices-at.ts';
import { policyAt } from './policy-at.ts';
import { readFixture, readFixtureList, type StoryEvent } from './story-events.ts';

const POLICY_SNAPSHOTS = ['quoted', 'issued', 'endorsed', 'cancelled', 'reinstated', 'renewed'];

const ENTITY_FIXTURES = [
  'quote.quoted',
  'quote.declined',
  'policyholder',
  'endorsement',
  'renewal',
  'cancellation',
  'reinstatement',
  'grace-period',
  'claim',
  'payable',
  'premium-report',
] as const;
type EntityFixture = (typeof ENTITY_FIXTURES)[number];

/** Everything Core knows at one instant, by collection. What is not in here is answered with 404. */
export interface CoreWorld {
  readonly policies: readonly JsonObject[];
  readonly quotes: readonly JsonObject[];
  readonly policyholders: readonly JsonObject[];
  readonly invoices: readonly JsonObject[];
  readonly payments: readonly JsonObject[];
  readonly endorsements: readonly JsonObject[];
  readonly renewals: readonly JsonObject[];
  readonly cancellations: readonly JsonObject[];
  readonly reinstatements: readonly JsonObject[];
  readonly gracePeriods: readonly JsonObject[];
  readonly claims: readonly JsonObject[];
  readonly payables: readonly JsonObject[];
  readonly premiumReports: readonly JsonObject[];
}

/** What the fixtures tell about the story, before it is cut to an instant. */
export interface StorySources {
  readonly policySnapshots: readonly JsonObject[];
  readonly invoices: InvoiceHistory;
  /** Everything that has one fixture, by the fixture's name. */
  readonly entities: Readonly<Record<EntityFixture, JsonObject>>;
}

export function readStorySources(): StorySources {
  const policySnapshots = POLICY_SNAPSHOTS.map((name) => readFixture(`core/policy.${name}.json`));
  const invoices = [
    ...policySnapshots.map((policy) => objectsOf(policy.invoices)),
    readFixtureList('core/policyholder-invoices.json'),
  ];
  return {
    policySnapshots,
    invoices: invoiceHistory(invoices),
    entities: readEntities(),
  };
}

/** Safe: the entries are made from the very list that defines {@link EntityFixture}. */
function readEntities(): Record<EntityFixture, JsonObject> {
  const entries = ENTITY_FIXTURES.map((name) => [name, readFixture(`core/${name}.json`)] as const);
  return Object.fromEntries(entries) as Record<EntityFixture, JsonObject>;
}

/** What Core would answer at an instant of the story (ms). Pure. */
export function coreAt(sources: StorySources, events: readonly StoryEvent[], atMs: number): CoreWorld {
  const modifications = objectsOf(sources.policySnapshots.at(-1)?.modifications);
  const invoices = invoicesAt(sources.invoices, modifications, atMs);
  const lived = (name: EntityFixture, life: keyof typeof LIVES) =>
    livedUntil(sources.entities[name], LIVES[life], events, atMs);
  const quotes = present(lived('quote.quoted', 'quote'), lived('quote.declined', 'declinedQuote'));
  const cancellations = present(lived('cancellation', 'cancellation'));
  return {
    policies: present(policyAt(sources.policySnapshots, invoices, quotes, events, atMs)),
    quotes,
    policyholders: present(policyholderAt(sources.entities.policyholder, atMs)),
    invoices,
    payments: invoices.flatMap((invoice) => objectsOf(invoice.payments)),
    endorsements: present(withInvoice(lived('endorsement', 'endorsement'), invoices)),
    renewals: present(withInvoice(lived('renewal', 'renewal'), invoices)),
    cancellations,
    reinstatements: present(reinstatementAt(lived('reinstatement', 'reinstatement'), invoices)),
    gracePeriods: present(gracePeriodAt(sources.entities['grace-period'], cancellations, events, atMs)),
    claims: present(claimAt(lived('claim', 'claim'), events, atMs)),
    payables: present(payableAt(sources.entities.payable, events, atMs)),
    premiumReports: present(lived('premium-report', 'premiumReport')),
  };
}

function present(...entities: readonly (JsonObject | undefined)[]): readonly JsonObject[] {
  return entities.filter((entity) => entity !== undefined);
}

/** The update of July adds the phone number, so that it has something to show. */
function policyholderAt(policyholder: JsonObject, atMs: number): JsonObject | undefined {
  if (Number(policyholder.createdTimestamp) > atMs) return undefined;
  if (Number(policyholder.updatedTimestamp) <= atMs) return policyholder;
  const created = { updatedTimestamp: policyholder.createdTimestamp ?? null };
  const entity = objectOf(policyholder.entity);
  const { phone: _later, ...values } = objectOf(entity.values);
  return { ...policyholder, ...created, version: 1, entity: { ...entity, ...created, values } };
}

function withInvoice(entity: JsonObject | undefined, invoices: readonly JsonObject[]): JsonObject | undefined {
  if (entity === undefined) return undefined;
  const { invoice: newest, ...rest } = entity;
  const invoice = invoices.find((candidate) => candidate.locator === objectOf(newest).locator);
  return invoice === undefined ? rest : { ...rest, invoice };
}

function reinstatementAt(entity: JsonObject | undefined, invoices: readonly JsonObject[]): JsonObject | undefined {
  if (entity === undefined) return undefined;
  const { invoiceLocator, ...rest } = entity;
  return invoices.some((invoice) => invoice.locator === invoiceLocator) ? entity : rest;
}

function gracePeriodAt(
  gracePeriod: JsonObject,
  cancellations: readonly JsonObject[],
  events: readonly StoryEvent[],
  atMs: number,
): JsonObject | undefined {
  if (Number(gracePeriod.startTimestamp) > atMs) return undefined;
  const { cancellationLocator, ...rest } = gracePeriod;
  const cancelled = cancellations.some((cancellation) => cancellation.locator === cancellationLocator);
  const satisfiedMs = timeOf(events, 'policy.gracePeriod.satisfied');
  return {
    ...(cancelled ? gracePeriod : rest),
    ...(satisfiedMs <= atMs ? { settledTimestamp: String(satisfiedMs) } : {}),
  };
}

function claimAt(claim: JsonObject | undefined, events: readonly StoryEvent[], atMs: number): JsonObject | undefined {
  if (claim === undefined) return undefined;
  const subClaims = objectsOf(claim.subClaims).map((subClaim) => {
    const lived = livedUntil(subClaim, LIVES.subClaim, events, atMs);
    return lived === undefined ? undefined : { ...lived, ...reservesAt(subClaim, events, atMs) };
  });
  return { ...claim, subClaims: present(...subClaims) };
}

/** Reserves are set by their own event; closing the subclaim sets them to zero, and reopening does not bring them back. */
function reservesAt(subClaim: JsonObject, events: readonly StoryEvent[], atMs: number): JsonObject {
  const set = timeOf(events, 'subClaim.updateReserve') <= atMs && atMs < timeOf(events, 'subClaim.close');
  if (!set) return { lossReserve: 0, expenseReserve: 0 };
  return { lossReserve: subClaim.lossReserve ?? 0, expenseReserve: subClaim.expenseReserve ?? 0 };
}

function payableAt(payable: JsonObject, events: readonly StoryEvent[], atMs: number): JsonObject | undefined {
  const reversedMs = timeOf(events, 'subClaim.reversePayable');
  return Number(payable.createdTimestamp) <= atMs && atMs < reversedMs ? payable : undefined;
}

/** When the story's event of this type happens (ms); each type happens once. */
function timeOf(events: readonly StoryEvent[], type: string): number {
  return events.find((event) => event.type === type)?.atMs ?? Number.POSITIVE_INFINITY;
}
