import type { DemoTargetName } from '../demo/demo-target.ts';

export type StoreName = 'sqlite' | 'postgres';
export const STORES: readonly StoreName[] = ['sqlite', 'postgres'];

/** What may go wrong, as far as it can be said without doing it; `inject.ts` has a way to do each. */
export interface FaultKindFacts {
  /** In the report's tables. */
  readonly title: string;
  /** What is done, for the report: one sentence. */
  readonly what: string;
  readonly stores: readonly StoreName[];
  /** Ways in which it is done; the plan chooses one. */
  readonly variants: readonly [string, ...string[]];
  /** How long it lasts, milliseconds; one value: always so long. */
  readonly lastsMs: readonly [number, number];
  /** Replicas that it needs at least. */
  readonly leastReplicas: number;
  /** Targets where it means something; default: all. */
  readonly targets?: readonly DemoTargetName[];
}

const BOTH = STORES;

/** Every kind of fault of the suite. */
export const FAULT_KINDS = {
  'kill-any-time': {
    title: 'SIGKILL at a random instant',
    what: 'A process is killed without warning while it accepts and delivers; another one takes its place.',
    stores: BOTH,
    variants: ['once', 'twice', 'three times'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'kill-at-commit': {
    title: 'SIGKILL at commit boundaries',
    what:
      'The process kills itself immediately before or immediately after a commit of its store, again and again; from ' +
      'run to run the boundaries shift by one.',
    stores: BOTH,
    variants: ['before', 'after'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'rolling-restart': {
    title: 'SIGTERM, one replica after the other',
    what: 'Each process is told to end while requests still reach it, and is started again.',
    stores: BOTH,
    variants: ['one after the other'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'disk-full': {
    title: 'disk full',
    what:
      'SQLite: the file system of the queue is filled to the last byte (a tmpfs, real ENOSPC). PostgreSQL: the server ' +
      'answers every change with 53100, disk full.',
    stores: BOTH,
    variants: ['while it runs', 'over a restart'],
    lastsMs: [300, 1_500],
    leastReplicas: 1,
  },
  'writes-fail': {
    title: 'disk refuses writes',
    what: 'Every write of the process to a file fails in the kernel (a file size limit, real EFBIG).',
    stores: ['sqlite'],
    variants: ['while it runs'],
    lastsMs: [200, 1_200],
    leastReplicas: 1,
  },
  'database-disconnect': {
    title: 'database connections cut',
    what: 'The server ends every connection of the app, several times.',
    stores: ['postgres'],
    variants: ['once', 'twice', 'five times'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'database-stop': {
    title: 'database server crashes',
    what: 'The server is stopped at once (immediate mode: it recovers from its log afterwards) and started again.',
    stores: ['postgres'],
    variants: ['while it runs', 'over a restart'],
    lastsMs: [100, 1_500],
    leastReplicas: 1,
  },
  'clock-jump': {
    title: 'clock jumps',
    what: 'The clock of the processes jumps by hours, and later back.',
    stores: BOTH,
    variants: ['3 h ahead', '3 h back', '11 h ahead', '11 h back'],
    lastsMs: [200, 1_000],
    leastReplicas: 1,
  },
  'target-cut-after-commit': {
    title: 'target commits, connection cut',
    what: 'The target carries a write out and cuts the connection instead of answering.',
    stores: BOTH,
    variants: ['3 writes', '10 writes'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'target-answers-lost': {
    title: 'target commits, answer never comes',
    what: 'Requests reach the target and are carried out, no answer comes back, in the end the connection breaks.',
    stores: BOTH,
    variants: ['for a while', 'for a while', 'until the app gives up'],
    lastsMs: [300, 2_000],
    leastReplicas: 1,
    // The stand-in of Salesforce names its own address in its token, so nothing can stand before it.
    targets: ['rest', 'hubspot', 'odoo'],
  },
  'target-failing': {
    title: 'target answers 5xx',
    what: 'The target fails in its own words.',
    stores: BOTH,
    variants: ['5 writes', '25 writes'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'target-throttling': {
    title: 'target asks for rest',
    what: 'The target answers 429 (or what it says instead), with the time to wait where it names one.',
    stores: BOTH,
    variants: ['3 writes', '10 writes'],
    lastsMs: [0, 0],
    leastReplicas: 1,
  },
  'core-outage': {
    title: 'Core away',
    what: 'Core refuses connections, is silent or answers 503; also while a process is killed and starts again.',
    stores: BOTH,
    variants: ['refused', 'silent', 'unwell', 'refused, over a restart', 'unwell, over a restart'],
    lastsMs: [300, 1_800],
    leastReplicas: 1,
  },
  'state-outage': {
    title: 'State API away',
    what: 'The State API refuses connections, is silent or answers 503; also while a process is killed and starts again.',
    stores: BOTH,
    variants: ['refused', 'silent', 'unwell', 'refused, over a restart', 'unwell, over a restart'],
    lastsMs: [300, 1_800],
    leastReplicas: 1,
  },
  'lease-expiry': {
    title: 'lease expires under a worker',
    what:
      'A replica is frozen (SIGSTOP) in the middle of its work for longer than its leases live, the others take its ' +
      'roots over, then it wakes up and goes on.',
    stores: ['postgres'],
    variants: ['frozen for 32 s'],
    lastsMs: [32_000, 34_000],
    leastReplicas: 2,
  },
} as const satisfies Readonly<Record<string, FaultKindFacts>>;

export type FaultKind = keyof typeof FAULT_KINDS;
/** What happens at a moment of the story; the others are with the process from its beginning. */
export type TimedFaultKind = Exclude<FaultKind, 'kill-at-commit'>;

/** The kinds that a store can have, in the order of the table. */
export function kindsOf(store: StoreName): readonly FaultKind[] {
  return entries()
    .filter(([, facts]) => facts.stores.includes(store))
    .map(([kind]) => kind);
}

export function factsOf(kind: FaultKind): FaultKindFacts {
  return FAULT_KINDS[kind];
}

export function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(FAULT_KINDS, name);
}

/** Safe: the keys of the table are the kinds. */
function entries(): readonly (readonly [FaultKind, FaultKindFacts])[] {
  return Object.entries(FAULT_KINDS) as [FaultKind, FaultKindFacts][];
}
