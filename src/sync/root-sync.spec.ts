import { jest } from '@jest/globals';
import { storyEventOf, type StoryEvent } from '../../sandbox/story/story-events.ts';
import { fixture } from '../../test/support/fixtures.js';
import { type BenchLine, StoryBench } from '../../test/support/story-bench.js';
import { CORE_URL, CRM_URL, LiveCore, LiveCrm, STORY } from '../../test/support/story-surroundings.js';
import { restConnector } from '../connectors/rest/rest.connector.js';
import type { Profile } from '../connectors/settings-fields.js';
import type { HttpResponse } from '../http/exchange.js';
import { StateService } from '../state/state.service.js';
import { TargetFactory } from './target-factory.js';

const POLICY = '100004200';
const LEASE_MS = 600_000;
/** The tries of what is looked for again take a second each here. */
const PATIENCE_MS = 10_000;

/** The story up to some moment, told to the app as each test says. */
class Scene {
  readonly core = new LiveCore();
  readonly crm = new LiveCrm(() => 'well');
  /** Roots in the order in which they were handed out. */
  readonly roots: string[] = [];
  readonly lines: BenchLine[] = [];
  /** What Core answers in place of the story, by path. */
  readonly answers = new Map<string, HttpResponse>();
  private nowMs = (STORY[0]?.atMs ?? 0) - 1;
  private tenant = '';

  constructor(
    readonly bench: StoryBench,
    private readonly key: string,
    private readonly profile: Profile,
  ) {}

  async begin(): Promise<void> {
    jest.spyOn(Date, 'now').mockImplementation(() => this.nowMs);
    this.bench.onLine = (line) => this.lines.push(line);
    this.bench.send = async (request) => {
      if (!request.url.startsWith(CORE_URL)) return this.crm.answer(request);
      return this.answers.get(request.url.slice(CORE_URL.length)) ?? this.core.answer(request);
    };
    this.bench.settings = { target: 'rest', 'api-url': CRM_URL, auth: 'none' };
    this.tenant = await this.bench.start(this.key);
  }

  /** Everything up to the event happens in Core; nothing rings. */
  happenUntil(type: string): void {
    const last = storyEventOf(STORY, type);
    this.nowMs = Math.max(this.nowMs, last.atMs);
    for (const event of STORY) if (event.atMs <= last.atMs) this.core.happen(event);
  }

  /** The event's webhook comes, with all it names or only with these locators. */
  async ring(type: string, ...locators: readonly string[]): Promise<void> {
    const { body, data }: StoryEvent = storyEventOf(STORY, type);
    const named = Object.entries(data).filter(([name]) => locators.length === 0 || locators.includes(name));
    const text = JSON.stringify({ ...body, data: Object.fromEntries(named) });
    await StateService.runAs(this.key, () => this.bench.webhooks.accept(text));
  }

  /** As {@link ring}, with more named than the story's event does. */
  async ringWith(type: string, more: Readonly<Record<string, string>>, timestamp?: number): Promise<void> {
    const { body, data } = storyEventOf(STORY, type);
    const text = JSON.stringify({ ...body, ...(timestamp && { timestamp }), data: { ...data, ...more } });
    await StateService.runAs(this.key, () => this.bench.webhooks.accept(text));
  }

  waitUntil(instant: string): void {
    this.nowMs = Date.parse(instant);
  }

  /** Syncs what is due, and what will be within this time. */
  async sync(withinMs = 0): Promise<void> {
    for (const untilMs = this.nowMs + withinMs; ;) {
      const request = { tenants: [this.tenant], limit: 1, nowMs: this.nowMs, leaseMs: LEASE_MS };
      const { claims, nextDueAtMs = Infinity } = await this.bench.queue.claim(request);
      for (const claim of claims) {
        this.roots.push(claim.root);
        const readiness = await this.bench.reader.read(this.tenant);
        if (readiness.kind !== 'ready') throw new Error(readiness.kind);
        const { tenant } = readiness;
        const settings = { ...tenant.settings, profile: this.profile };
        await this.bench.rootSync.run(claim, { ...tenant, settings });
      }
      if (claims.length > 0) continue;
      if (nextDueAtMs > untilMs) return;
      this.nowMs = nextDueAtMs;
    }
  }

  /** Syncs one root that is due. @returns what that means for its tenant, and whether the root is in hand after it */
  async syncOnce() {
    const request = { tenants: [this.tenant], limit: 1, nowMs: this.nowMs, leaseMs: LEASE_MS };
    const [claim] = (await this.bench.queue.claim(request)).claims;
    const readiness = await this.bench.reader.read(this.tenant);
    if (!claim || readiness.kind !== 'ready') throw new Error('a root should be due');
    const result = await this.bench.rootSync.run(claim, readiness.tenant);
    return { result, isInHand: this.bench.queue.isHeld(claim), backlog: await this.bench.queue.backlog(this.tenant) };
  }

  /** What became of the events of this type, try by try. */
  fateOf(type: string): readonly string[] {
    return this.lines
      .filter(({ event, eventType }) => eventType === type && event.startsWith('sync.'))
      .map(({ event, code = '' }) => `${event} ${code}`.trim());
  }

  recordsOf(kind: string) {
    return this.crm.store.records.filter((record) => record.kind === kind);
  }
}

describe('syncing one root', () => {
  let bench: StoryBench;
  let scenes = 0;

  beforeAll(() => {
    bench = new StoryBench();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => bench.close());

  async function scene(profile: Profile = 'all'): Promise<Scene> {
    const made = new Scene(bench, `scene-${++scenes}`, profile);
    await made.begin();
    return made;
  }

  const paymentLocator = String(storyEventOf(STORY, 'payment.pay').data.paymentLocator);
  const invoiceLocator = String(storyEventOf(STORY, 'invoice.issue').data.invoiceLocator);

  it('leads from each line to the policy, also where Core gave nothing', async () => {
    const made = await scene();
    made.happenUntil('policy.issue');
    made.answers.set(`/policy/${POLICY}`, { kind: 'answer', status: 500, headers: {}, body: '' });
    await made.ring('policy.issue');
    await made.sync();
    expect(made.lines.filter(({ eventType }) => eventType === 'policy.issue')).toMatchObject([
      { event: 'webhook.accepted', root: `policy:${POLICY}` },
      { event: 'sync.retry_scheduled', code: 'core_status_500', root: `policy:${POLICY}` },
    ]);
    expect(made.lines.filter(({ recordKey }) => recordKey !== undefined)).toEqual([]);
  });

  describe('an event that does not name its policy', () => {
    it.each<[Profile, string, readonly string[]]>([
      ['all', `payment:${paymentLocator}`, ['paymentLocator']],
      ['all', `invoice:${invoiceLocator}`, ['paymentLocator', 'invoiceLocator']],
      ['erp', `payment:${paymentLocator}`, ['paymentLocator']],
      ['crm', `payment:${paymentLocator}`, ['paymentLocator']],
      ['crm', `invoice:${invoiceLocator}`, ['paymentLocator', 'invoiceLocator']],
    ])('goes to its root, and the policy shows the payment: profile %s, %s', async (profile, firstRoot, locators) => {
      const made = await scene(profile);
      made.happenUntil('invoice.issue');
      await made.ring('invoice.issue');
      await made.sync();
      made.happenUntil('payment.pay');
      await made.ring('payment.pay', ...locators);
      await made.sync();
      expect(made.roots).toEqual([`policy:${POLICY}`, firstRoot, `policy:${POLICY}`]);
      expect(made.fateOf('payment.pay')).toEqual(['sync.delivered']);
      const [policy] = made.recordsOf('policy');
      expect(policy?.fields).toMatchObject({ paidToDate: '1200.75', balanceDue: '0.00' });
      const payments = made.recordsOf('payment').map(({ locator, relations }) => [locator, relations]);
      const invoice = expect.objectContaining({ key: `s-inv-${invoiceLocator}` });
      const whole = [[paymentLocator, expect.arrayContaining([invoice])]];
      expect(payments).toEqual(profile === 'crm' ? [] : whole);
    });

    it('is led to it by its claim item, and brings the claim', async () => {
      const made = await scene();
      made.happenUntil('subClaim.open');
      await made.ring('claim.open');
      await made.sync();
      made.happenUntil('subClaim.close');
      await made.ring('subClaim.close', 'subClaimLocator');
      await made.sync();
      expect(made.fateOf('subClaim.close')).toEqual(['sync.delivered']);
      expect(made.roots.at(-1)).toBe(`policy:${POLICY}`);
      expect(made.recordsOf('claim_item').map(({ fields }) => fields.status)).toEqual(['closed']);
    });

    it('waits while its bill was never seen, and goes to its root as soon as it was', async () => {
      const made = await scene('crm');
      made.happenUntil('payment.pay');
      await made.ring('payment.pay', 'paymentLocator');
      await made.sync();
      expect(made.crm.store.records).toEqual([]);
      await made.ring('invoice.issue');
      await made.sync(PATIENCE_MS);
      expect(made.fateOf('payment.pay')).toEqual(['sync.retry_scheduled policy_unknown_yet', 'sync.delivered']);
      expect(made.roots.at(-1)).toBe(`policy:${POLICY}`);
    });

    it('is kept where it can be seen when nothing ever leads to its policy, and leaves nothing behind', async () => {
      const made = await scene();
      made.happenUntil('payment.pay');
      await made.ring('payment.pay', 'paymentLocator');
      await made.ring('invoice.issue', 'invoiceLocator');
      await made.sync(PATIENCE_MS);
      for (const type of ['payment.pay', 'invoice.issue']) {
        expect(made.fateOf(type)).toEqual([
          'sync.retry_scheduled policy_unknown_yet',
          'sync.retry_scheduled policy_unknown_yet',
          'sync.dead_lettered policy_unresolvable',
        ]);
      }
      expect(made.crm.store.records).toEqual([]);
    });

    it('goes with any other event of its root that leads to the policy', async () => {
      const made = await scene();
      made.happenUntil('policy.endorse');
      await made.ring('policy.endorse');
      await made.sync();
      made.happenUntil('invoice.pastDue');
      const { paymentLocator: bounced, invoiceLocator: unpaid } = storyEventOf(STORY, 'payment.reverse').data;
      made.answers.set(`/payments/${String(bounced)}`, { kind: 'answer', status: 403, headers: {}, body: '' });
      await made.ring('payment.reverse', 'paymentLocator', 'invoiceLocator');
      await made.ring('invoice.pastDue', 'invoiceLocator');
      await made.sync();
      expect(made.roots.slice(-2)).toEqual([`invoice:${String(unpaid)}`, `policy:${POLICY}`]);
      expect(made.fateOf('invoice.pastDue')).toEqual(['sync.delivered']);
      expect(made.fateOf('payment.reverse')).toEqual(['sync.dead_lettered core_forbids_payment']);
    });
  });

  it('has the policyholder to itself while it delivers: other roots of the tenant bring it, too', async () => {
    const made = await scene();
    made.happenUntil('policy.issue');
    await made.ring('policy.issue');
    const runAlone = jest.spyOn(bench.queue, 'runAlone');
    await made.sync();
    const [party] = made.recordsOf('party');
    const tenant = made.lines.find(({ event }) => event === 'webhook.accepted')?.tenant;
    expect(runAlone.mock.calls.map(([names]) => names)).toEqual([[`${tenant} ${party?.key}`]]);
  });

  const WAITS = { isInHand: false, backlog: { waitingEvents: 1, deadLetters: 0 } };

  it('leaves its events untouched and its root free when Core refuses the token', async () => {
    const made = await scene();
    made.happenUntil('policy.issue');
    made.answers.set(`/policy/${POLICY}`, { kind: 'answer', status: 401, headers: {}, body: '' });
    await made.ring('policy.issue');
    const result = { kind: 'unauthorized', code: 'core_unauthorized' };
    expect(await made.syncOnce()).toEqual({ result, ...WAITS });
    expect(made.fateOf('policy.issue')).toEqual([]);
  });

  it('leaves its events untouched while it is not known which account the target is', async () => {
    const made = await scene();
    made.happenUntil('policy.issue');
    await made.ring('policy.issue');
    const failure = { outcome: 'auth', code: 'target_unauthorized' } as const;
    jest.spyOn(TargetFactory.prototype, 'connectionOf').mockResolvedValueOnce({ ok: false, failure });
    const result = { kind: 'unauthorized', code: 'target_unauthorized' };
    expect(await made.syncOnce()).toEqual({ result, ...WAITS });
    expect([made.fateOf('policy.issue'), made.crm.store.records]).toEqual([[], []]);
  });

  it('says once to each tenant what its target refuses, by name if it is one', async () => {
    const refusedFields = [
      { field: 'phone', code: 'invalid_value' },
      { field: 'an@b.test', code: 'invalid_value' },
    ];
    jest
      .spyOn(restConnector, 'deliver')
      .mockImplementation((deliveries) =>
        Promise.resolve(deliveries.map(() => ({ outcome: 'delivered', change: 'created', refusedFields }))),
      );
    for (let tenant = 0; tenant < 2; tenant++) {
      const made = await scene();
      made.happenUntil('policy.issue');
      await made.ring('policy.issue');
      await made.sync();
      const refused = made.lines.filter(({ event }) => event === 'sync.field_refused');
      expect(refused).toMatchObject([{ field: 'phone' }, { field: 'unnamed' }]);
    }
  });

  it('sends nothing more, also of records of one kind, when somebody else may have its root', async () => {
    const made = await scene();
    made.happenUntil('policy.endorse');
    await made.ring('policy.endorse');
    const { send } = bench;
    /** For each time that the root was handed out. */
    const sent = [0, 0];
    const isFirst = () => made.roots.length === 1;
    bench.send = (request) => {
      if (request.url.startsWith(CRM_URL)) sent[isFirst() ? 0 : 1] = (sent[isFirst() ? 0 : 1] ?? 0) + 1;
      return send(request);
    };
    jest.spyOn(bench.queue, 'isHeld').mockImplementation(() => !isFirst() || (sent[0] ?? 0) < 3);
    await made.sync();
    expect(sent[0]).toBe(3);
    expect(sent[1]).toBeGreaterThan(1);
    expect(made.fateOf('policy.endorse').at(-1)).toBe('sync.delivered');
  });

  describe('a record that came back to an earlier content, after a write that nobody remembers', () => {
    /** As if Core did not date what it changes on a subclaim. */
    const undated = (text: string) =>
      text.replaceAll(/"updatedTimestamp":"\d+"/g, '"updatedTimestamp":"1727913600000"');

    it.each<[string, (text: string) => string]>([
      ['Core dates its changes', (text) => text],
      ['Core does not', undated],
    ])('ends in the newest state where %s', async (_what, answered) => {
      const made = await scene();
      const { send } = bench;
      bench.send = async (request) => {
        const answer = await send(request);
        const isClaim = request.url.startsWith(`${CORE_URL}/claim/`) && answer.kind === 'answer';
        return isClaim ? { ...answer, body: answered(answer.body) } : answer;
      };
      const reserve = () => made.recordsOf('claim_item').map(({ fields }) => fields.lossReserve);
      made.happenUntil('subClaim.open');
      await made.ring('claim.open');
      await made.sync();
      expect(reserve()).toEqual(['0.00']);
      made.happenUntil('subClaim.updateReserve');
      await made.ring('claim.update');
      const { queue } = bench;
      jest.spyOn(queue, 'settle').mockImplementationOnce(async (claim, { nowMs }) => {
        // The write has arrived, the commit has not; by the next try Core has gone on.
        expect(reserve()).toEqual(['3200.00']);
        made.happenUntil('subClaim.reopen');
        await queue.release(claim, nowMs);
        return false;
      });
      await made.sync(PATIENCE_MS);
      expect(made.fateOf('claim.update')).toEqual(['sync.delivered']);
      expect(reserve()).toEqual(['0.00']);
    });
  });

  it('an event whose entity Core cannot deliver does not keep the others of its policy', async () => {
    const made = await scene();
    made.happenUntil('policy.endorse');
    made.answers.set(`/payments/${paymentLocator}`, { kind: 'lost', code: 'timeout' });
    await made.ring('payment.pay');
    await made.ring('policy.endorse');
    await made.sync();
    expect(made.fateOf('payment.pay')[0]).toBe('sync.retry_scheduled core_timeout');
    // First it stood behind the other, then before it.
    expect(made.fateOf('policy.endorse')).toEqual(['sync.retry_scheduled core_timeout', 'sync.delivered']);
  });

  it('has what is too much for one sync come with the next one', async () => {
    const made = await scene();
    made.happenUntil('claim.close');
    const items = (count: number, of: string) =>
      Array.from({ length: count }, (_, index) => ({ locator: `${of}-${index}`, currentStatus: 'open' }));
    const answerWith = (claim: object, count: number, name: string): HttpResponse => {
      const body = JSON.stringify({ ...claim, locator: name, policyLocator: POLICY, subClaims: items(count, name) });
      return { kind: 'answer', status: 200, headers: {}, body };
    };
    const claim = fixture('core/claim.json') as object;
    for (const name of ['first', 'second', 'third']) made.answers.set(`/claim/${name}`, answerWith(claim, 900, name));
    await made.ringWith('claim.create', { claimLocator: 'first' });
    await made.ringWith('claim.open', { claimLocator: 'second' });
    await made.ringWith('claim.update', { claimLocator: 'third' });
    await made.sync();
    expect(['claim.create', 'claim.open', 'claim.update'].map((type) => made.fateOf(type))).toEqual([
      ['sync.delivered'],
      ['sync.delivered'],
      ['sync.retry_scheduled too_much_at_once'],
    ]);
    await made.sync(PATIENCE_MS);
    expect(made.fateOf('claim.update').at(-1)).toBe('sync.delivered');
    expect(made.recordsOf('claim_item')).toHaveLength(2_700);
  });

  it('shows a grace period also after an event of the customer that names the policy', async () => {
    const made = await scene();
    const status = () => made.recordsOf('policy').map(({ fields }) => fields.status);
    made.happenUntil('policy.gracePeriod');
    await made.ring('policy.gracePeriod');
    await made.sync();
    expect(status()).toEqual(['in_grace_period']);
    const { send } = bench;
    bench.send = async (request) => {
      const answer = await send(request);
      if (request.url !== `${CORE_URL}/policy/${POLICY}` || answer.kind !== 'answer') return answer;
      // The policy has changed since its grace period began.
      return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), updatedTimestamp: `${Date.now()}` }) };
    };
    await made.ringWith('policyholder.update', { policyLocator: POLICY });
    await made.sync();
    expect(made.fateOf('policyholder.update')).toEqual(['sync.delivered']);
    expect(status()).toEqual(['in_grace_period']);
  });

  it('shows what time changes while Core cannot deliver for long what an event of the policy needs', async () => {
    const made = await scene();
    const policyNow = () => made.recordsOf('policy').map(({ fields }) => [fields.status, fields.pastDueSince]);
    made.happenUntil('invoice.issue');
    await made.ring('invoice.issue');
    await made.sync();
    expect(policyNow()).toEqual([['issued', undefined]]);
    made.waitUntil('2024-06-02T06:30:00Z');
    made.answers.set('/claim/1', { kind: 'answer', status: 500, headers: { 'retry-after': '3600' }, body: '' });
    await made.ringWith('claim.create', { claimLocator: '1' });
    // The cover has begun, and the event is due as well: it is tried first.
    await made.sync();
    expect(policyNow()).toEqual([['issued', undefined]]);
    await made.sync(300_000);
    expect(policyNow()).toEqual([['in_force', undefined]]);
    await made.sync(1_500_000);
    expect(policyNow()).toEqual([['in_force', '2024-06-01']]);
    expect(new Set(made.fateOf('claim.create'))).toEqual(new Set(['sync.retry_scheduled core_status_500']));
  });

  it.each([
    ['the last of a burst', ['invoice.pastDue', 'invoice.invalidate']],
    ['the first of a burst', ['invoice.invalidate', 'invoice.pastDue']],
  ])('ends a bill that Core still shows when its end is %s', async (_what, [first = '', last = '']) => {
    const made = await scene();
    made.happenUntil('policy.endorse');
    const bill = { invoiceLocator: String(storyEventOf(STORY, 'invoice.pastDue').data.invoiceLocator) };
    await made.ringWith(first, { ...bill }, 1);
    await made.ringWith(last, { ...bill }, 2);
    await made.sync();
    expect(made.fateOf('invoice.invalidate')).toEqual(['sync.delivered']);
    const ofBill = made.recordsOf('invoice').filter(({ locator }) => locator === bill.invoiceLocator);
    expect(ofBill.map(({ fields }) => fields.status)).toEqual(['void']);
  });

  describe('an event whose modification Core shows later', () => {
    it('waits for it, so that it and its partner leave one line, whole', async () => {
      const made = await scene();
      made.happenUntil('endorsement.accept');
      await made.ring('policy.endorse');
      await made.sync();
      expect(made.fateOf('policy.endorse')).toEqual(['sync.retry_scheduled modification_not_visible_yet']);
      expect(made.recordsOf('activity')).toEqual([]);
      made.happenUntil('policy.endorse');
      await made.ring('endorsement.issue');
      await made.sync(PATIENCE_MS);
      expect(made.fateOf('policy.endorse').at(-1)).toBe('sync.delivered');
      expect(made.recordsOf('activity').map(({ fields }) => fields.subject)).toEqual([
        "Endorsement 'generic' issued, effective 1 Sep 2024: premium +89.75 USD",
      ]);
    });

    it('goes on without it when it does not come', async () => {
      const made = await scene();
      made.happenUntil('endorsement.accept');
      await made.ring('policy.endorse');
      await made.sync(PATIENCE_MS);
      expect(made.fateOf('policy.endorse')).toEqual([
        'sync.retry_scheduled modification_not_visible_yet',
        'sync.retry_scheduled modification_not_visible_yet',
        'sync.delivered',
      ]);
    });
  });
});
