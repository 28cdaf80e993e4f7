import type { CoreAnswer, CoreClient } from './core-client.js';
import type { EntityByName, EntityName, GracePeriod, Invoice } from './entities.js';

type Reader = Pick<CoreClient, 'read' | 'policyholderInvoices' | 'gracePeriodsOf'>;
type Answers = { readonly [E in EntityName]: Map<string, Promise<CoreAnswer<EntityByName[E]>>> };

function remember<T>(known: Map<string, Promise<T>>, locator: string, read: () => Promise<T>): Promise<T> {
  const answer = known.get(locator) ?? read();
  known.set(locator, answer);
  return answer;
}

/** What was read from Core for one claim of one root: ten events on a policy read it once, and see it alike. */
export class ClaimReads {
  readonly #core: Reader;
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
  readonly #gracePeriods = new Map<string, Promise<CoreAnswer<readonly GracePeriod[]>>>();

  constructor(core: Reader) {
    this.#core = core;
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
