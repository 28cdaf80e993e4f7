import type { StandInFaults, StandInRecord, StandInRequest } from '../targets/target-stand-in.ts';
import type { Clock } from './clock.ts';
import type {
  Engine,
  EngineProcess,
  EngineReport,
  EngineSettings,
  EngineTarget,
  EngineView,
  Mark,
  Result,
  StartResult,
  TestedConnector,
} from './engine.ts';
import { expectThat } from './expect-that.ts';
import { type Kind, orderOf, type SampleRecord } from './samples.ts';

/** A stand-in, or as much of one as a real server can offer. */
export interface TestedTarget {
  readonly hosts: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  /** Cases that need a fault which is not here do not apply. */
  readonly faults: Partial<StandInFaults>;
  records(): readonly StandInRecord[] | Promise<readonly StandInRecord[]>;
  /** Absent: nobody counts. */
  requests?(): readonly StandInRequest[];
  deleteRecord(key: string): void | Promise<void>;
}

export interface BenchParts {
  readonly engine: Engine;
  readonly connector: TestedConnector;
  readonly target: TestedTarget;
  readonly clock: Clock;
}

/** What became of each record, by key. */
export type Results = ReadonlyMap<string, Result>;

const TENANT = 'conformance';
/** Codes go into log lines: they come from a closed vocabulary and quote nobody. */
const CODE = /^[a-z0-9_]{1,60}$/i;
const SENTENCE = /^\S.{15,}[.!]$/s;
/** A family name that no connector has a reason to say. */
const PAYLOAD = 'Quillfeather';
/** Shorter settings are words such as `bearer`. */
const SHORTEST_SECRET = 8;
const MOST_TRIES = 12;
const FINAL = new Set<Result['outcome']>(['delivered', 'skipped', 'rejected', 'auth']);
/** A retry without a time comes after so long. */
const USUAL_WAIT_MS = 15_000;

/**
 * Lives like the engine of one process of the app: the real way out over HTTP, the real limiter and tokens, and what
 * the target is known to hold, kept as the queue keeps it. What it is told is collected, to be searched for secrets.
 */
export class Bench {
  readonly target: TestedTarget;
  readonly clock: Clock;
  readonly connector: TestedConnector;
  readonly #parts: BenchParts;
  readonly #said: string[];
  readonly #opened: EngineProcess[];
  readonly #settings: EngineSettings;
  /** Kinds that this very account has no place for: they are skipped, and not missed. */
  readonly #placeless = new Set<string>();
  #process: EngineProcess;
  #answersUntilLost = Infinity;
  #marks = new Map<string, Mark>();

  /** @param shared of the bench that this one stands beside */
  constructor(parts: BenchParts, shared?: { readonly said: string[]; readonly opened: EngineProcess[] }) {
    this.#parts = parts;
    this.target = parts.target;
    this.clock = parts.clock;
    this.connector = parts.connector;
    this.#said = shared?.said ?? [];
    this.#opened = shared?.opened ?? [];
    const declared = new Set(parts.connector.fields.map(({ name }) => name));
    const values = Object.entries(parts.target.settings).filter(([name]) => declared.has(name));
    this.#settings = {
      connector: parts.connector,
      connection: 'connection',
      environment: 'sandbox',
      values: Object.fromEntries(values),
    };
    this.#process = this.#openProcess();
  }

  /** Whether credentials of this kind can be renewed without the customer. */
  get isRenewable(): boolean {
    return this.#settings.values['client-id'] !== undefined;
  }

  supports(kind: Kind): boolean {
    return this.connector.kinds[kind] === 'upsert';
  }

  /** The fault, which the case has said it needs. */
  fault<F extends keyof StandInFaults>(name: F): NonNullable<StandInFaults[F]> {
    const fault = this.target.faults[name];
    if (!fault) throw new Error(`The case did not say that it needs ${name}.`);
    return fault;
  }

  /** As at Start: verify, then the schema. */
  async start(): Promise<StartResult> {
    const { connector } = this;
    const target = this.#wayOut();
    const verified = await this.#listening(connector.verify(target));
    if (!verified.ok || connector.ensureSchema === undefined) return verified;
    return this.#listening(connector.ensureSchema(target));
  }

  /** Delivers once, as the sync of one root does. */
  async deliver(...records: readonly SampleRecord[]): Promise<Results> {
    const { targets } = this.#process;
    const target = this.#wayOut();
    const connection = await this.#listening(targets.connectionOf(target, this.#settings));
    if (!connection.ok) return new Map(records.map(({ key }) => [key, connection.failure]));
    const nameOf = (key: string) => `${connection.value} ${key}`;
    const remember = (marks: EngineReport['marks']) => {
      for (const { connection: _connection, key, ...mark } of marks) {
        this.#marks.set(nameOf(key), { ...this.#marks.get(nameOf(key)), ...mark });
      }
    };
    const parentsFirst = records.toSorted((a, b) => orderOf(a) - orderOf(b));
    const report = await this.#listening(
      this.#parts.engine.deliverRecords(parentsFirst, {
        connector: this.connector,
        target,
        connection: connection.value,
        known: this.#knownOf(records, connection.value),
        newestEvents: new Map(records.map((record) => [record.key, eventBehind(record, this.clock.now())])),
        isStopping: () => false,
        announce: async (marks) => {
          remember(marks);
          return true;
        },
      }),
    );
    remember(report.marks);
    this.#said.push(JSON.stringify([[...report.results], report.refusedFields]));
    for (const { key, kind, op } of records) {
      const { outcome, code } = report.results.get(key) ?? {};
      if (op === 'upsert' && outcome === 'skipped' && code !== 'newer_already_there') this.#placeless.add(kind);
    }
    for (const result of report.results.values()) expectWellSaid(result);
    return report.results;
  }

  /** Looks at what the target holds of these records, by key, as the tenant's console does. */
  async look(...records: readonly SampleRecord[]): Promise<ReadonlyMap<string, EngineView>> {
    const target = this.#wayOut();
    const connection = await this.#process.targets.connectionOf(target, this.#settings);
    if (!connection.ok) throw new Error(`The account cannot be found out: ${JSON.stringify(connection.failure)}.`);
    const views = await this.#parts.engine.lookAt(records, {
      connector: this.connector,
      target,
      connection: connection.value,
      known: this.#knownOf(records, connection.value),
    });
    return new Map(views.map((view) => [view.key, view]));
  }

  #knownOf(records: readonly SampleRecord[], connection: string): ReadonlyMap<string, Mark> {
    const keys = new Set(records.flatMap(({ key, relations }) => [key, ...relations.map((relation) => relation.key)]));
    const named = [...keys].map((key) => [key, this.#marks.get(`${connection} ${key}`)] as const);
    return new Map(named.filter((entry): entry is [string, Mark] => entry[1] !== undefined));
  }

  /** Delivers, and tries again when it is time, until every record has its end. */
  async deliverUntilDone(...records: readonly SampleRecord[]): Promise<Results> {
    for (let tries = 1; ; tries++) {
      const results = await this.deliver(...records);
      const open = [...results.values()].filter(({ outcome }) => !FINAL.has(outcome));
      if (open.length === 0) return results;
      expectThat(tries < MOST_TRIES, `After ${tries} tries: ${JSON.stringify(open[0])}.`);
      await this.clock.advance(Math.max(...open.map(({ retryAfterMs = USUAL_WAIT_MS }) => retryAfterMs)) + 1);
    }
  }

  /** Delivers until done, and fails unless the target took every record that it has a place for. */
  async bring(...records: readonly SampleRecord[]): Promise<void> {
    const results = await this.deliverUntilDone(...records);
    for (const { key, kind } of records) {
      const result = results.get(key);
      const isTaken = result?.outcome === 'delivered' || result?.outcome === 'skipped';
      expectThat(isTaken, `The ${kind} was not taken: ${JSON.stringify(result)}.`);
    }
  }

  /** What the target holds of these records, each of which must be there once, and nothing of them twice. */
  async expectOnce(...records: readonly SampleRecord[]): Promise<readonly StandInRecord[]> {
    const held = await this.target.records();
    return records
      .filter(({ kind }) => this.#holds(kind))
      .map(({ kind, key }) => {
        const [found, ...doubles] = held.filter((record) => record.key === key);
        expectThat(found !== undefined, `The ${kind} is missing in the target.`);
        expectThat(doubles.length === 0, `The ${kind} is in the target ${doubles.length + 1} times.`);
        expectThat(found.kind === kind, `The ${kind} stands in the target as a ${found.kind}.`);
        return found;
      });
  }

  /** Another process of the app on the same target, with memory and limits of its own. */
  another(): Bench {
    return new Bench(this.#parts, { said: this.#said, opened: this.#opened });
  }

  racing(count: number): readonly Bench[] {
    return Array.from({ length: count }, () => this.another());
  }

  /** The disk is lost and the process begins anew: nothing is known of what the target holds. */
  loseMemory(): void {
    this.#marks = new Map();
    this.#process = this.#openProcess();
  }

  /**
   * The n-th answer from now on gets lost on its way: the target has done its work, and the app cannot know.
   *
   * @returns whether that has happened yet
   */
  loseAnswer(nth: number): () => boolean {
    this.#answersUntilLost = nth;
    return () => this.#answersUntilLost <= 0;
  }

  /** How many requests have reached the target. */
  get requestCount(): number {
    return this.requests.length;
  }

  get requests(): readonly StandInRequest[] {
    return this.target.requests?.() ?? [];
  }

  /** Everything the app was told must be fit for a log: no secret and nothing of what it carried. */
  expectDiscretion(): void {
    const said = this.#said.join('\n');
    for (const { name, values } of this.connector.fields) {
      const value = this.#settings.values[name] ?? '';
      if (values !== undefined || value.length < SHORTEST_SECRET) continue;
      expectThat(!said.includes(value), `The value of the setting "${name}" was said.`);
    }
    expectThat(!said.includes(PAYLOAD), 'A name out of a record was said.');
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((process) => process.close()));
  }

  #holds(kind: string): boolean {
    return this.connector.kinds[kind] === 'upsert' && !this.#placeless.has(kind);
  }

  #wayOut(): EngineTarget {
    const target = this.#process.targets.targetFor({ tenant: TENANT }, this.#settings);
    const request = async (asked: object) => {
      const response = await target.request(asked);
      this.#answersUntilLost -= 1;
      return this.#answersUntilLost === 0 ? { kind: 'lost', code: 'answer_lost' } : response;
    };
    return { ...target, request };
  }

  #openProcess(): EngineProcess {
    const process = this.#parts.engine.openProcess(this.#parts.target.hosts);
    this.#opened.push(process);
    return process;
  }

  /** What is thrown may end in a log too. */
  async #listening<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      this.#said.push(JSON.stringify(answer));
      return answer;
    } catch (error) {
      this.#said.push(error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error));
      throw error;
    }
  }
}

function eventBehind({ key, sourceUpdatedAtMs }: SampleRecord, nowMs: number) {
  return {
    sequence: 1,
    id: `event of ${key}`,
    type: 'policy.update',
    occurredAtMs: sourceUpdatedAtMs,
    receivedAtMs: nowMs,
    payload: '',
    tries: 0,
    retryAtMs: 0,
  };
}

function expectWellSaid(result: Result): void {
  const said = JSON.stringify(result);
  const codes = [result.code, ...(result.refusedFields ?? []).map(({ code }) => code)];
  for (const code of codes) expectThat(code === undefined || CODE.test(code), `Not a code: ${said}.`);
  if (result.outcome !== 'rejected') return;
  expectThat(SENTENCE.test(result.advice ?? ''), `No sentence that says what to do: ${said}.`);
}
