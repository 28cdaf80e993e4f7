import type { DemoTargetName } from '../demo/demo-target.ts';
import { seededRandom, shuffled } from '../story/seeded-random.ts';
import { CHAPTERS } from './chapters.ts';
import { type FaultKind, factsOf, kindsOf, type StoreName, type TimedFaultKind } from './fault-kinds.ts';

/** One thing that goes wrong. */
export interface Fault {
  readonly kind: TimedFaultKind;
  readonly variant: string;
  /** Of the story, from 0. */
  readonly chapter: number;
  /** After the chapter began, milliseconds. */
  readonly afterMs: number;
  readonly lastsMs: number;
  /** Whom it meets, where it meets one process. */
  readonly replica: number;
}

/** At which commits the first replica's process kills itself. */
export interface CommitKills {
  readonly first: number;
  readonly every: number;
  readonly moment: 'before' | 'after';
}

/** Everything that chance decides about a run; the same seed gives the same plan. */
export interface RunPlan {
  readonly seed: number;
  readonly store: StoreName;
  readonly target: DemoTargetName;
  readonly replicas: number;
  /** Whether the records of a sync go in one request, where a target takes them so. */
  readonly records: 'one by one' | 'together';
  /** How events whose webhook was not answered 200 come in after all. */
  readonly recovery: 'rung again' | 'event stream';
  /** With the short schedule an outage makes dead letters, which are replayed at the end. */
  readonly retries: 'patient' | 'short';
  /** The indices of the events that ring in each chapter; an event may ring late, twice, or (event stream) never. */
  readonly rings: readonly (readonly number[])[];
  readonly faults: readonly Fault[];
  readonly commitKills?: CommitKills;
}

export interface PlanChoices {
  readonly seed: number;
  readonly store: StoreName;
  readonly only?: FaultKind | undefined;
  readonly target?: DemoTargetName | undefined;
  /** The indices of the events of each chapter. */
  readonly chapters: readonly (readonly number[])[];
}

/** A process gets this far between two kills: farther than its boot and a few events. Replicas commit more often. */
export const COMMITS_BETWEEN_KILLS: Readonly<Record<StoreName, number>> = { sqlite: 16, postgres: 24 };
/** After so many the process is spared, so that a run has an end. */
export const MOST_COMMIT_KILLS = 8;
/** The longest time between the beginning of a chapter and a fault. */
const LATEST_MS = 400;
const OTHER_TARGETS: readonly DemoTargetName[] = ['hubspot', 'odoo', 'salesforce'];
/** Of a hundred runs, so many go to other targets than the REST CRM, and so many have more than one kind of fault. */
const OTHER_TARGET = 0.3;
const ANOTHER_KIND = 0.4;
const BY_EVENT_STREAM = 0.4;
const SHORT_SCHEDULE = 0.25;
const TOGETHER = 0.5;
const LATE = 0.2;
const TWICE = 0.15;
const NEVER = 0.1;

/** The plan of a run. Consecutive seeds go round the kinds of faults, so that each gets its share. */
export function planRun({ seed, store, only, target: wanted, chapters }: PlanChoices): RunPlan {
  const random = seededRandom(seed);
  const kinds = kindsOf(store);
  const main = only ?? pick(kinds, seed % kinds.length);
  const round = only === undefined ? Math.floor(seed / kinds.length) : seed;
  const least = factsOf(main).leastReplicas;
  const replicas = store === 'sqlite' ? 1 : Math.max(least, 1 + Math.floor(random() * 3));
  const drawn = random() < OTHER_TARGET ? choose(OTHER_TARGETS, random) : 'rest';
  const target = wanted ?? (allows(main, drawn) ? drawn : 'rest');
  const recovery = random() < BY_EVENT_STREAM ? 'event stream' : 'rung again';
  const retries = random() < SHORT_SCHEDULE ? 'short' : 'patient';
  const more = only === undefined && random() < ANOTHER_KIND ? choose(kinds, random) : undefined;
  const fitting = [main, more].filter(
    (kind, index) =>
      kind !== undefined &&
      [main, more].indexOf(kind) === index &&
      factsOf(kind).leastReplicas <= replicas &&
      allows(kind, target) &&
      // Half a minute of sleep is for the runs that are about it.
      (kind !== 'lease-expiry' || kind === main),
  );
  const kindsOfRun = fitting.filter((kind) => kind !== undefined);
  const killsAtCommits = kindsOfRun.includes('kill-at-commit');
  const faults = kindsOfRun
    .filter((kind): kind is TimedFaultKind => kind !== 'kill-at-commit')
    .flatMap((kind) => faultsOf(kind, replicas, random))
    .toSorted((a, b) => a.chapter - b.chapter || a.afterMs - b.afterMs);
  return {
    seed,
    store,
    target,
    replicas,
    recovery,
    retries,
    rings: planRings(chapters, recovery, random),
    faults,
    ...(killsAtCommits && { commitKills: commitKillsOf(round, COMMITS_BETWEEN_KILLS[store]) }),
    // Drawn last: what the other draws of a seed are does not depend on it.
    records: target === 'rest' && random() < TOGETHER ? 'together' : 'one by one',
  };
}

/** A run in which nothing goes wrong, each event rings once and in its chapter: what others are compared with. */
export function undisturbedPlan(
  store: StoreName,
  target: DemoTargetName,
  chapters: readonly (readonly number[])[],
): RunPlan {
  return {
    seed: 0,
    store,
    target,
    replicas: 1,
    records: 'one by one',
    recovery: 'rung again',
    retries: 'patient',
    rings: chapters,
    faults: [],
  };
}

/** Systematically: after and before a boundary in turn, one boundary later every second round. */
function commitKillsOf(round: number, every: number): CommitKills {
  return { first: (Math.floor(round / 2) % every) + 1, every, moment: round % 2 === 0 ? 'after' : 'before' };
}

function faultsOf(kind: TimedFaultKind, replicas: number, random: () => number): readonly Fault[] {
  const { variants, lastsMs } = factsOf(kind);
  const variant = choose(variants, random);
  const times = { once: 1, twice: 2, 'three times': 3, 'five times': 5 }[variant] ?? 1;
  const [shortest, longest] = lastsMs;
  return Array.from({ length: times }, () => ({
    kind,
    variant,
    // Not the first: then nothing is there yet that could get lost.
    chapter: 1 + Math.floor(random() * (CHAPTERS - 1)),
    afterMs: Math.floor(random() * LATEST_MS),
    lastsMs: Math.round(shortest + random() * (longest - shortest)),
    replica: Math.floor(random() * replicas),
  }));
}

function planRings(
  chapters: readonly (readonly number[])[],
  recovery: RunPlan['recovery'],
  random: () => number,
): readonly (readonly number[])[] {
  const rings: number[][] = chapters.map(() => []);
  const last = chapters.length - 1;
  chapters.forEach((events, chapter) => {
    for (const event of events) {
      if (recovery === 'event stream' && random() < NEVER) continue;
      const late = random() < LATE ? 1 + Math.floor(random() * 2) : 0;
      rings[Math.min(last, chapter + late)]?.push(event);
      if (random() < TWICE) rings[Math.min(last, chapter + Math.floor(random() * 4))]?.push(event);
    }
  });
  return rings.map((events) => shuffled(events, random));
}

function allows(kind: FaultKind, target: DemoTargetName): boolean {
  return factsOf(kind).targets?.includes(target) ?? true;
}

function choose<T>(from: readonly T[], random: () => number): T {
  return pick(from, Math.floor(random() * from.length));
}

function pick<T>(from: readonly T[], index: number): T {
  const found = from[index];
  if (found === undefined) throw new Error('there is nothing to choose from');
  return found;
}

/** The plan as sentences, for whoever reads the results. */
export function planInWords(plan: RunPlan): readonly string[] {
  const { commitKills, faults, records, recovery, retries, replicas, target } = plan;
  const commits =
    commitKills &&
    `Killed ${commitKills.moment} commit ${commitKills.first} and every ${commitKills.every}th after it, ${MOST_COMMIT_KILLS} times at most.`;
  return [
    `${replicas === 1 ? 'One process' : `${replicas} replicas`}, target ${target}, records ${records}, ${retries} retries, missed events ${recovery === 'event stream' ? 'come by the event stream' : 'are rung again'}.`,
    ...(commits === undefined ? [] : [commits]),
    ...faults.map(faultInWords),
  ];
}

function faultInWords({ kind, variant, chapter, afterMs, lastsMs, replica }: Fault): string {
  const length = lastsMs > 0 ? ` for ${lastsMs} ms` : '';
  return `${factsOf(kind).title} (${variant})${length}, ${afterMs} ms into chapter ${chapter + 1}, replica ${replica + 1}.`;
}
