import type { CoreAnswer, CoreClient } from './core-client.js';
import type { Claim, EntityByName, EntityName, GracePeriod, Invoice } from './entities.js';

type Reader = Pick<CoreClient, 'read' | 'invoice' | 'policyholderInvoices' | 'claimsOf' | 'gracePeriodsOf'>;
type Answers = { readonly [E in EntityName]: Map<string, Promise<CoreAnswer<EntityByName[E]>>> };

/** Kinds of record whose own answer in Core names no policy, or that have none of their own. */
export type StrayKind = 'invoice' | 'claim_item';

/** The policy under which a record was seen before; undefined when it never was. */
export type PolicySeenBefore = (kind: StrayKind, locator: string) => Promise<string | undefined>;

const NOTHING_SEEN: PolicySeenBefore = () => Promise.resolve(undefined);

function remember<T>(known: Map<string, Promise<T>>, locator: string, read: () => Promise<T>): Promise<T> {
  const answer = known.get(locator) ?? read();
  known.set(locator, answer);
  return answer;
}

/**
 * What was read from Core for one claim of one root: ten events on a policy read it once, and see it alike. So they do
 * what was remembered from before.
 */
export class ClaimReads {
  readonly #core: Reader;
  readonly #policySeenBefore: PolicySeenBefore;
  readonly #entities: Answers = {
    policy: new Map(),
    policyholder: new Map(),
    quote: new Map(),
    endorsement: new Map(),
    renewal: new Map(),
    cancellation: new Map(),
    reinstatement: new Map(),
    gracePeriod: new Map(),
    payment: new Map(),
    claim: new Map(),
    payable: new Map(),
    premiumReport: new Map(),
  };
  readonly #invoices = new Map<string, Promise<CoreAnswer<readonly Invoice[]>>>();
  readonly #singleInvoices = new Map<string, Promise<CoreAnswer<Invoice>>>();
  readonly #claims = new Map<string, Promise<CoreAnswer<readonly Claim[]>>>();
  readonly #gracePeriods = new Map<string, Promise<CoreAnswer<readonly GracePeriod[]>>>();
  readonly #seenBefore = new Map<string, Promise<string | undefined>>();

  constructor(core: Reader, policySeenBefore = NOTHING_SEEN) {
    this.#core = core;
    this.#policySeenBefore = policySeenBefore;
  }

  /** The policy under which the record was seen before. */
  policySeenBefore(kind: StrayKind, locator: string): Promise<string | undefined> {
    return remember(this.#seenBefore, `${kind} ${locator}`, () => this.#policySeenBefore(kind, locator));
  }

  invoice(locator: string): Promise<CoreAnswer<Invoice>> {
    return remember(this.#singleInvoices, locator, () => this.#core.invoice(locator));
  }

  claimsOf(policyLocator: string): Promise<CoreAnswer<readonly Claim[]>> {
    return remember(this.#claims, policyLocator, () => this.#core.claimsOf(policyLocator));
  }

  read<E extends EntityName>(name: E, locator: string): Promise<CoreAnswer<EntityByName[E]>> {
    const known: Map<string, Promise<CoreAnswer<EntityByName[E]>>> = this.#entities[name];
    return remember(known, locator, () => this.#core.read(name, locator));
  }

  policyholderInvoices(policyholderLocator: string): Promise<CoreAnswer<readonly Invoice[]>> {
    return remember(this.#invoices, policyholderLocator, () => this.#core.policyholderInvoices(policyholderLocator));
  }

  gracePeriodsOf(policyLocator: string): Promise<CoreAnswer<readonly GracePeriod[]>> {
    return remember(this.#gracePeriods, policyLocator, () => this.#core.gracePeriodsOf(policyLocator));
  }
}
