import { isDeepStrictEqual } from 'node:util';
import type { StoryEvent } from '../../sandbox/story/story-events.ts';
import { shuffled } from '../../sandbox/story/seeded-random.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';
import { StateService } from '../../src/state/state.service.js';
import type { HeldRecord, LifeTarget, OpenTarget } from './life-target.js';
import type { BenchLine, StoryBench } from './story-bench.js';
import { CORE_URL, type CrmMood, LiveCore, STORY } from './story-surroundings.js';

const MOST_RINGS = 5;
/** Rings may come this many moments after the last event. */
const LATE_MOMENTS = 8;
/** How far the clock may go beyond the last event for retries to come due: nothing of the story changes by then. */
const HORIZON_MS = 12 * 3_600_000;
/** After this many rounds at the end the CRM and Core are well. */
const STORMY_ROUNDS = 10;
const LEASE_MS = 600_000;
/** No root has to be synced this often at one moment. */
const MOST_SYNCS_AT_A_TIME = 200;
const FINAL_LINES = new Set(['sync.delivered', 'sync.skipped', 'sync.dead_lettered']);

export type Weather = 'calm' | 'wild';

/** What a life of the story ended with. */
export interface LifeEnd {
  readonly records: ReadonlyMap<string, HeldRecord>;
  /** Timeline lines by key. */
  readonly lines: ReadonlyMap<string, HeldRecord>;
  readonly problems: readonly string[];
}

/** One life of the story: another tenant, another Core, another target, and its own chance. */
export class StoryLife {
  /** What happened, moment by moment. */
  readonly trace: string[] = [];
  private readonly core = new LiveCore();
  private readonly ends = new Map<string, string[]>();
  private readonly failureRate: number;
  private nowMs = (STORY[0]?.atMs ?? 0) - 60_000;
  private restUntilMs = 0;
  private tenant = '';
  private inHand: Promise<void> = Promise.resolve();
  private isStormy = false;

  constructor(
    private readonly bench: StoryBench,
    private readonly key: string,
    private readonly weather: Weather,
    private readonly random: () => number,
    private readonly open: OpenTarget,
  ) {
    // Squared: in most lives little goes wrong, in some a lot.
    this.failureRate = random() ** 2 / 8;
  }

  /** Lives it from the first event until nothing is left to do. */
  async live(): Promise<LifeEnd> {
    Object.assign(Date, { now: () => this.nowMs });
    Object.assign(Math, { random: this.random });
    const target = await this.openTarget();
    this.bench.settings = target.settings;
    this.bench.send = (request) => this.send(request, target);
    this.bench.onLine = (line) => this.noteEnd(line);
    this.tenant = await this.bench.start(this.key);
    this.isStormy = this.weather === 'wild';
    await this.catchUp();
    await this.playMoments(this.planRings());
    await this.inHand;
    await this.catchUp();
    await this.syncUntilIdle();
    const problems = await this.problems(target);
    this.bench.tenants.forget(this.tenant);
    const all = new Map(target.held().map((record) => [record.key, record]));
    await target.close();
    const isLine = ({ kind }: HeldRecord) => kind === 'activity';
    return {
      records: new Map([...all].filter(([, record]) => !isLine(record))),
      lines: new Map([...all].filter(([, record]) => isLine(record))),
      problems,
    };
  }

  private openTarget(): Promise<LifeTarget> {
    return this.open({
      mood: () => this.mood(),
      now: () => this.nowMs,
      pass: (ms) => void (this.nowMs += ms),
    });
  }

  /** For each moment, whose webhooks ring then; the moment's own event has happened by then. */
  private planRings(): readonly (readonly StoryEvent[])[] {
    const moments = STORY.length + LATE_MOMENTS;
    const rings: StoryEvent[][] = Array.from({ length: moments }, () => []);
    STORY.forEach((event, index) => {
      if (this.weather === 'calm') return void rings[index]?.push(event);
      const times = Math.floor(this.random() * (MOST_RINGS + 1));
      for (let time = 0; time < times; time++) {
        // Squared: most rings come soon, some come at the very end.
        rings[index + Math.floor(this.random() ** 2 * (moments - index))]?.push(event);
      }
    });
    return rings.map((events) => shuffled(events, this.random));
  }

  private async playMoments(rings: readonly (readonly StoryEvent[])[]): Promise<void> {
    for (const [moment, ringing] of rings.entries()) {
      const event = STORY[moment];
      if (event) {
        this.nowMs = Math.max(this.nowMs, event.atMs);
        this.core.happen(event);
        this.trace.push(`${event.type} happens`);
      }
      await Promise.all(ringing.map((one) => this.ring(one)));
      if (this.weather === 'calm') await this.syncUntilIdle();
      else await this.maybeWork();
    }
  }

  private async maybeWork(): Promise<void> {
    if (this.random() < 0.03) await this.catchUp();
    if (this.random() > 0.08) return;
    await this.inHand;
    // Not waited for: the story goes on while a root is in hand.
    this.inHand = this.syncDue().then(() => undefined);
    if (this.random() < 0.5) await this.inHand;
  }

  private async ring(event: StoryEvent): Promise<void> {
    this.trace.push(`${event.type} rings`);
    await StateService.runAs(this.key, () => this.bench.webhooks.accept(JSON.stringify(event.body)));
  }

  /** Reads the event stream to its end. */
  private async catchUp(): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.bench.onLine = (line) => {
        this.noteEnd(line);
        if (line.event.startsWith('catchup.')) resolve();
      };
    });
    await this.bench.catchUp.begin(this.tenant, 'none');
    await over;
    this.trace.push('the event stream is read');
    // The run must have ended before the next one may begin.
    await nextTurn();
  }

  /** Syncs every root that is due now, one after the other; the number of them. */
  private async syncDue(): Promise<{ readonly count: number; readonly nextDueAtMs: number }> {
    for (let count = 0; ; count++) {
      if (count > MOST_SYNCS_AT_A_TIME) throw new Error(`work without end at this moment:\n${this.trace.join('\n')}`);
      const nowMs = Math.max(this.nowMs, this.restUntilMs);
      if (nowMs > this.nowMs) return { count, nextDueAtMs: nowMs };
      const request = { tenants: [this.tenant], limit: 1, nowMs, leaseMs: LEASE_MS };
      const { claims, nextDueAtMs = Infinity } = await this.bench.queue.claim(request);
      const [claim] = claims;
      if (claim === undefined) return { count, nextDueAtMs };
      this.trace.push(`${claim.root} is synced for ${claim.events.length} events`);
      const readiness = await this.bench.reader.read(this.tenant);
      if (readiness.kind !== 'ready') throw new Error(`the tenant is ${readiness.kind}`);
      const result = await this.bench.rootSync.run(claim, readiness.tenant);
      if (result.kind === 'unauthorized') throw new Error(`the tenant is paused: ${result.code}`);
      if (result.kind === 'throttled') this.restUntilMs = result.untilMs;
    }
  }

  /** Moves the clock on until neither an event nor a change in the near future is left. */
  private async syncUntilIdle(): Promise<void> {
    const horizonMs = this.weather === 'calm' ? this.calmHorizonMs() : this.nowMs + HORIZON_MS;
    for (let round = 0; ; round++) {
      if (round > STORMY_ROUNDS) this.isStormy = false;
      const { nextDueAtMs } = await this.syncDue();
      if (nextDueAtMs > horizonMs) return;
      this.nowMs = Math.max(this.nowMs, nextDueAtMs);
    }
  }

  /** Undisturbed, everything is done before the next event happens; retries of what is not found take seconds. */
  private calmHorizonMs(): number {
    const next = STORY.find(({ atMs }) => atMs > this.nowMs);
    return next === undefined ? this.nowMs + HORIZON_MS : next.atMs - 1;
  }

  private async send(request: HttpRequest, target: LifeTarget): Promise<HttpResponse> {
    // Sometimes the answer takes a while, and the story goes on meanwhile.
    if (this.isStormy && this.random() < 0.1) await nextTurn();
    if (!request.url.startsWith(CORE_URL)) return target.answer(request);
    const isRead = request.method === 'GET' && !/eventstream|auxData/.test(request.url);
    if (isRead && this.isStormy && this.random() < this.failureRate / 4) {
      return { kind: 'answer', status: 503, headers: {}, body: '' };
    }
    return this.core.answer(request);
  }

  private mood(): CrmMood {
    if (!this.isStormy || this.random() > this.failureRate) return 'well';
    const moods = ['down', 'busy', 'unreachable', 'lost after commit'] as const;
    return moods[Math.floor(this.random() * moods.length)] ?? 'down';
  }

  private noteEnd({ event, eventId, code = '' }: BenchLine): void {
    if (!FINAL_LINES.has(event) || eventId === undefined) return;
    this.ends.set(eventId, [...(this.ends.get(eventId) ?? []), `${event} ${code}`.trim()]);
  }

  private async problems(target: LifeTarget): Promise<readonly string[]> {
    const { waitingEvents, deadLetters } = await this.bench.queue.backlog(this.tenant);
    return [
      ...(waitingEvents > 0 ? [`${waitingEvents} events still wait`] : []),
      ...(deadLetters > 0 ? [`${deadLetters} events are dead letters`] : []),
      ...STORY.flatMap(({ id, type }) => {
        const ends = this.ends.get(id) ?? [];
        return ends.length === 1 ? [] : [`${type} has ${ends.length} ends: ${ends.join(', ')}`];
      }),
      ...target.complaints(),
    ];
  }
}

/** In which a life ended otherwise than the undisturbed one, as sentences. */
export function differences(expected: LifeEnd, found: LifeEnd): readonly string[] {
  return [...differentRecords(expected.records, found.records), ...differentRecords(expected.lines, found.lines)];
}

function differentRecords(
  expected: ReadonlyMap<string, HeldRecord>,
  found: ReadonlyMap<string, HeldRecord>,
): readonly string[] {
  return [
    ...[...expected.keys()].filter((key) => !found.has(key)).map((key) => `${key} is missing`),
    ...[...found.keys()].filter((key) => !expected.has(key)).map((key) => `${key} is there too`),
    ...[...expected].flatMap(([key, { state }]) => differentParts(key, state, found.get(key)?.state)),
  ];
}

function differentParts(key: string, expected: HeldRecord['state'], found?: HeldRecord['state']): string[] {
  if (found === undefined) return [];
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => !isDeepStrictEqual(expected[name], found[name]))
    .map((name) => `${name} of ${key} is ${JSON.stringify(found[name])} instead of ${JSON.stringify(expected[name])}`);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
