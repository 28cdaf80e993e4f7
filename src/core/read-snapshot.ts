import type { SocotraEvent } from '../events/socotra-events.js';
import type { ClaimReads } from './claim-reads.js';
import type { CoreAnswer, CoreRefusal } from './core-client.js';
import type { EntityByName, EntityName, GracePeriod, Invoice, Policy } from './entities.js';
import type { Snapshot, SnapshotMember } from './snapshot.js';

export type EventLocators = SocotraEvent['locators'];

/** Core gave no usable answer for something that is needed. `member`: what was being read. */
export type SnapshotFailure =
  | Extract<CoreRefusal, { kind: 'retry' | 'unavailable' }>
  | { readonly kind: 'unauthorized' }
  | { readonly kind: 'forbidden'; readonly member: SnapshotMember }
  | { readonly kind: 'malformed'; readonly member: SnapshotMember; readonly problem: string };

export type SnapshotResult =
  /** `missing`: what was needed and is not in the snapshot, whether Core does not have it or nothing leads to it. */
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot; readonly missing: readonly SnapshotMember[] }
  | SnapshotFailure;

/** Read by a locator of the event itself; each event carries one or two of them. */
const OWN_ENTITIES = [
  'quote',
  'endorsement',
  'renewal',
  'reinstatement',
  'gracePeriod',
  'payment',
  'claim',
  'payable',
  'premiumReport',
] as const satisfies readonly EntityName[];

/** Reads what one event concerns and remembers the first failure, after which nothing more is asked. */
export class SnapshotReader {
  readonly found: { -readonly [E in EntityName]?: EntityByName[E] } & {
    invoice?: Invoice;
    gracePeriods?: readonly GracePeriod[];
  } = {};
  readonly notFound = new Set<SnapshotMember>();
  failure: SnapshotFailure | undefined;
  readonly #reads: ClaimReads;
  readonly #locators: EventLocators;
  #learntPolicy: string | undefined;

  constructor(reads: ClaimReads, locators: EventLocators) {
    this.#reads = reads;
    this.#locators = locators;
  }

  async ownEntities(names: readonly EntityName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#entity(name, this.#locators[`${name}Locator`])));
  }

  /** A reinstatement names its cancellation, and only that names the policy. */
  async cancellation(): Promise<void> {
    const locator = this.found.reinstatement?.cancellationLocator ?? this.#locators.cancellationLocator;
    await this.#entity('cancellation', locator);
  }

  /** What Core says of an entity counts more than what the event says: the event is only a hint. */
  policyLocator(): string | undefined {
    const { claim, endorsement, renewal, cancellation, gracePeriod, premiumReport, quote } = this.found;
    const owners = [claim, endorsement, renewal, cancellation, gracePeriod, premiumReport, quote];
    const named = owners.find((owner) => owner?.policyLocator !== undefined)?.policyLocator;
    return named ?? this.#locators.policyLocator ?? this.#learntPolicy;
  }

  /**
   * The policy where neither the event nor an entity of it names one: a payment answers only its invoice, and Core has
   * no confirmed way to read one invoice, nor one item of a claim. Then it is the policy under which that was seen before.
   */
  async strayPolicy(): Promise<void> {
    if (this.policyLocator() !== undefined || this.failure !== undefined) return;
    const [invoiceLocator, itemLocator] = [this.#invoiceLocator(), this.#itemLocator()];
    if (invoiceLocator !== undefined) this.#learntPolicy = await this.#policyOfInvoice(invoiceLocator);
    else if (itemLocator !== undefined) {
      this.#learntPolicy = await this.#reads.policySeenBefore('claim_item', itemLocator);
    }
  }

  /** The claim where the event names only an item of it: it is looked up among those of the policy. */
  async claimOfItem(): Promise<void> {
    const [itemLocator, policyLocator] = [this.#itemLocator(), this.policyLocator()];
    if (itemLocator === undefined || policyLocator === undefined || this.failure !== undefined) return;
    if (this.#locators.claimLocator !== undefined) return;
    const claims = this.#valueOf('claim', await this.#reads.claimsOf(policyLocator));
    const claim = claims?.find(({ subClaims }) => subClaims.some(({ locator }) => locator === itemLocator));
    if (claim === undefined) this.notFound.add('claim');
    else this.found.claim = claim;
  }

  async policy(): Promise<void> {
    await this.#entity('policy', this.policyLocator());
  }

  async policyholder(): Promise<void> {
    await this.#entity('policyholder', this.#policyholderLocator());
  }

  /**
   * A policy without the list has none; a policy that Core does not have is not asked for it. An account that may not
   * read them costs only the status `in_grace_period`, not every event of every policy.
   */
  async gracePeriods(): Promise<void> {
    if (this.found.policy === undefined || this.failure !== undefined) return;
    const answer = await this.#reads.gracePeriodsOf(this.found.policy.locator);
    if (answer.kind === 'forbidden') return;
    const gracePeriods = answer.kind === 'not_found' ? [] : this.#valueOf('gracePeriods', answer);
    if (gracePeriods !== undefined) this.found.gracePeriods = gracePeriods;
  }

  /**
   * Core has no confirmed way to read one invoice, so it is looked up in its policy, else in the policyholder's list.
   * It counts as not found only when there was a list to look into.
   */
  async invoice(): Promise<void> {
    const locator = this.#invoiceLocator();
    if (locator === undefined || this.failure !== undefined) return;
    const invoice = findInvoice(this.found.policy?.invoices, locator) ?? (await this.#invoiceOfPolicyholder(locator));
    if (invoice !== undefined) this.found.invoice = invoice;
    else if (this.found.policy !== undefined || this.#policyholderLocator() !== undefined) this.notFound.add('invoice');
    if (invoice?.policyLocator !== undefined && invoice.policyLocator !== this.found.policy?.locator) {
      delete this.found.policy;
      await this.#entity('policy', invoice.policyLocator);
    }
  }

  #invoiceLocator(): string | undefined {
    const { payment, gracePeriod, reinstatement } = this.found;
    const owners = [payment, gracePeriod, reinstatement];
    return owners.find((owner) => owner?.invoiceLocator !== undefined)?.invoiceLocator ?? this.#locators.invoiceLocator;
  }

  #itemLocator(): string | undefined {
    return this.#locators.subClaimLocator ?? this.found.payable?.subClaimLocator;
  }

  /**
   * What was seen before is true for ever and costs no call, also where the account may not read the list; then the list
   * is asked for, last what Core may not have.
   */
  async #policyOfInvoice(locator: string): Promise<string | undefined> {
    const seenBefore = await this.#reads.policySeenBefore('invoice', locator);
    if (seenBefore !== undefined) return seenBefore;
    const listed = await this.#invoiceOfPolicyholder(locator);
    if (listed?.policyLocator !== undefined || this.failure !== undefined) return listed?.policyLocator;
    const answer = await this.#reads.invoice(locator);
    if (answer.kind === 'found') return answer.value.locator === locator ? answer.value.policyLocator : undefined;
    if (answer.kind !== 'not_found') this.failure = failureOf('invoice', answer);
    return undefined;
  }

  #policyholderLocator(): string | undefined {
    const { policy, quote, endorsement, renewal, gracePeriod } = this.found;
    const owners = [policy, quote, endorsement, renewal, gracePeriod];
    const named = owners.find((owner) => owner?.policyholderLocator !== undefined)?.policyholderLocator;
    return named ?? this.#locators.policyholderLocator;
  }

  async #invoiceOfPolicyholder(locator: string): Promise<Invoice | undefined> {
    const policyholderLocator = this.#policyholderLocator();
    if (policyholderLocator === undefined) return undefined;
    const answer = await this.#reads.policyholderInvoices(policyholderLocator);
    return answer.kind === 'not_found' ? undefined : findInvoice(this.#valueOf('invoice', answer), locator);
  }

  async #entity<E extends EntityName>(name: E, locator: string | undefined): Promise<void> {
    if (locator === undefined || this.failure !== undefined) return;
    const value = this.#valueOf(name, await this.#reads.read(name, locator));
    if (value === undefined) return;
    this.found[name] = value;
    this.notFound.delete(name);
  }

  #valueOf<T>(member: SnapshotMember, answer: CoreAnswer<T>): T | undefined {
    if (answer.kind === 'found') return answer.value;
    if (answer.kind === 'not_found') this.notFound.add(member);
    else this.failure ??= failureOf(member, answer);
    return undefined;
  }
}

function failureOf(
  member: SnapshotMember,
  refusal: Exclude<CoreAnswer<never>, { kind: 'found' | 'not_found' }>,
): SnapshotFailure {
  switch (refusal.kind) {
    case 'forbidden':
      return { kind: 'forbidden', member };
    case 'malformed':
      return { kind: 'malformed', member, problem: refusal.problem };
    case 'retry':
    case 'unavailable':
    case 'unauthorized':
      return refusal;
  }
}

function findInvoice(invoices: Policy['invoices'] | undefined, locator: string): Invoice | undefined {
  return invoices?.find((invoice) => invoice.locator === locator);
}

/**
 * Reads from Core what a translator needs to know for one event, following parents as far as they are needed:
 * payment → invoice → policy → policyholder, reinstatement → cancellation → policy, claim item → policy → claim.
 *
 * An entity that Core does not have is no failure: the rest is still read, and `notFound` tells.
 *
 * @param locators those of the event, already checked
 * @param asOfMs when the snapshot is read: milliseconds since the epoch
 */
export async function readSnapshot(
  reads: ClaimReads,
  locators: EventLocators,
  needs: readonly SnapshotMember[],
  asOfMs: number,
): Promise<SnapshotResult> {
  const reader = new SnapshotReader(reads, locators);
  const isNeeded = (...members: SnapshotMember[]) => members.some((member) => needs.includes(member));
  await reader.ownEntities(OWN_ENTITIES.filter((name) => isNeeded(name)));
  if (isNeeded('cancellation', 'reinstatement') || reader.policyLocator() === undefined) await reader.cancellation();
  if (isNeeded('policy')) await reader.strayPolicy();
  if (isNeeded('claim')) await reader.claimOfItem();
  if (isNeeded('policy', 'invoice', 'policyholder', 'gracePeriods')) await reader.policy();
  if (isNeeded('invoice')) await reader.invoice();
  if (isNeeded('gracePeriods')) await reader.gracePeriods();
  if (isNeeded('policyholder')) await reader.policyholder();
  if (reader.failure !== undefined) return reader.failure;
  const snapshot: Snapshot = { ...reader.found, notFound: reader.notFound, asOfMs };
  return { kind: 'snapshot', snapshot, missing: needs.filter((member) => snapshot[member] === undefined) };
}
