import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { restCrmOf } from '../demo/demo-target.ts';
import { BUILT_APP } from '../demo/local-marketplace.ts';
import type { StoryEvent } from '../story/story-events.ts';
import { type Chapter, inChapters } from './chapters.ts';
import { type Evidence, type Finding, findingsOf } from './check.ts';
import { letHappen } from './inject.ts';
import { planInWords, type RunPlan } from './plan.ts';
import type { StoredEvent } from './store-under-test.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';
import type { FieldHistory } from './write-history.ts';

const execute = promisify(execFile);
const OPS = fileURLToPath(new URL('ops.js', BUILT_APP.main));
const STORY_CLOCK = new URL('../app-process/story-clock.js', import.meta.url);

/** Webhooks that are on their way at a time. */
const RINGS_AT_A_TIME = 5;
/** Between two of them, milliseconds: so that a chapter lasts about as long as its faults. */
const BETWEEN_RINGS_MS = 15;
const BETWEEN_CHAPTERS_MS = 120;
const AGAIN_AFTER_MS = 100;
const ACCEPTED_WITHIN_MS = 90_000;
const SETTLED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 150;
/** While the end is awaited, story time runs so much faster that rests and retries are over soon: per look. */
const TIME_LAPSE_MS = 8_000;
/** Nothing of the story changes within so long after its end. */
const LONGEST_LAPSE_MS = 12 * 3_600_000;
/** What came late would come within this time. */
const QUIET_MS = 300;
/** An outage may be 25 writes that fail. With short retries the sync of one policy uses up three of them in a replay. */
const REPLAYS = 9;

/** What became of one run. */
export interface RunResult {
  readonly seed: number;
  readonly store: RunPlan['store'];
  readonly target: RunPlan['target'];
  readonly plan: readonly string[];
  readonly kinds: readonly string[];
  readonly findings: readonly Finding[];
  readonly accepted: number;
  readonly refused: number;
  readonly restarts: number;
  readonly commits: number;
  /** As `<number> before|after`. */
  readonly commitKills: readonly string[];
  readonly delivered: number;
  readonly skipped: number;
  readonly deadLetters: number;
  readonly replayed: number;
  readonly durationMs: number;
}

/** The webhooks of a run and what they were answered. */
class Bell {
  readonly accepted = new Set<string>();
  readonly answers = new Map<number, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  async ring(event: StoryEvent): Promise<void> {
    const results = await this.#world.core.webhooks.ring(event);
    for (const { status } of results) this.answers.set(status, (this.answers.get(status) ?? 0) + 1);
    if (results.some(({ status }) => status === 200)) this.accepted.add(event.id);
  }

  get refused(): number {
    return [...this.answers].reduce((sum, [status, times]) => sum + (status === 200 ? 0 : times), 0);
  }
}

export interface RunOptions extends WorldOptions {
  /** How long the end is awaited, milliseconds. */
  readonly patienceMs?: number;
}

/** Plays the story once, with everything that the plan has for it, and says what came of it. */
export async function runOnce(plan: RunPlan, undisturbed: FieldHistory, options: RunOptions = {}): Promise<RunResult> {
  const { patienceMs = SETTLED_WITHIN_MS } = options;
  const startedMs = performance.now();
  const world = await openWorld(plan, options);
  try {
    const bell = new Bell(world);
    const chapters = inChapters(world.events);
    const happening: Promise<void>[] = [];
    for (const [index, chapter] of chapters.entries()) {
      await world.moveTo(chapter.atMs);
      for (const event of chapter.events) world.core.story.change(event);
      happening.push(...plan.faults.filter((fault) => fault.chapter === index).map((fault) => letHappen(world, fault)));
      await ringAll(
        bell,
        (plan.rings[index] ?? []).flatMap((event) => world.events[event] ?? []),
      );
      for (const event of chapter.events) world.core.story.record(event);
      await sleep(BETWEEN_CHAPTERS_MS);
    }
    await Promise.all(happening);
    if (plan.recovery === 'rung again') await ringAgain(bell, world.events);
    const lapse = new TimeLapse(world, chapters);
    const stored = await settled(world, lapse, patienceMs);
    world.spare();
    const { storedAfterReplay, replayed } = await replayDeadLetters(world, lapse, stored, patienceMs);
    await sleep(QUIET_MS);
    const evidence: Evidence = {
      accepted: bell.accepted,
      told: world.events.map(({ id }) => id),
      answers: bell.answers,
      stored,
      storedAfterReplay,
      differences: world.target.problems(),
      doubled: world.history.doubled,
      happened: world.history.values,
      undisturbed,
      olderRefused: olderRefusedBy(world),
      crashes: world.crashes,
    };
    const { commits, kills } = world.commits();
    const ended = (state: string) => storedAfterReplay.filter((event) => event.state === state).length;
    return {
      seed: plan.seed,
      store: plan.store,
      target: plan.target,
      plan: planInWords(plan),
      kinds: kindsIn(plan),
      findings: findingsOf(evidence),
      accepted: bell.accepted.size,
      refused: bell.refused,
      restarts: world.platform.lives - plan.replicas,
      commits,
      commitKills: kills,
      delivered: ended('delivered'),
      skipped: ended('skipped'),
      deadLetters: stored.filter(({ state }) => state === 'dead').length,
      replayed,
      durationMs: Math.round(performance.now() - startedMs),
    };
  } finally {
    await world.close();
  }
}

/** Plays the story chapter by chapter, each to its end: the order in which the states of every field follow each other. */
export async function playUndisturbed(plan: RunPlan, options: WorldOptions = {}): Promise<FieldHistory> {
  const world = await openWorld(plan, options);
  try {
    const bell = new Bell(world);
    for (const chapter of inChapters(world.events)) {
      await world.moveTo(chapter.atMs);
      for (const event of chapter.events) world.core.story.happen(event);
      await ringAll(bell, chapter.events);
      await untilNothingWaits(world);
    }
    const lapse = new TimeLapse(world, inChapters(world.events));
    await settled(world, lapse, SETTLED_WITHIN_MS);
    const differences = world.target.problems();
    if (differences.length > 0) throw new Error(`Undisturbed, the story ends wrong already: ${differences.join(' ')}`);
    return world.history.values;
  } finally {
    await world.close();
  }
}

function kindsIn(plan: RunPlan): readonly string[] {
  return [...new Set([...(plan.commitKills ? ['kill-at-commit'] : []), ...plan.faults.map(({ kind }) => kind)])];
}

/** As Core does: each webhook once, several at the same time, no answer is no reason to wait for it. */
async function ringAll(bell: Bell, events: readonly StoryEvent[]): Promise<void> {
  const waiting = [...events];
  const ringer = async () => {
    for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
      await bell.ring(event);
      await sleep(BETWEEN_RINGS_MS);
    }
  };
  await Promise.all(Array.from({ length: RINGS_AT_A_TIME }, ringer));
}

/** Core does not do that: it stands for the operator who has diverted webhooks sent again. */
async function ringAgain(bell: Bell, events: readonly StoryEvent[]): Promise<void> {
  const deadlineMs = performance.now() + ACCEPTED_WITHIN_MS;
  for (;;) {
    const open = events.filter(({ id }) => !bell.accepted.has(id));
    if (open.length === 0 || performance.now() > deadlineMs) return;
    await ringAll(bell, open);
    await sleep(AGAIN_AFTER_MS);
  }
}

/** Lets time fly once the story is over, so that nobody has to wait for rests and retries. */
class TimeLapse {
  readonly #world: World;
  readonly #endMs: number;
  #storyMs: number;

  constructor(world: World, chapters: readonly Chapter[]) {
    this.#world = world;
    this.#storyMs = chapters.at(-1)?.atMs ?? 0;
    this.#endMs = this.#storyMs + LONGEST_LAPSE_MS;
  }

  async flyOn(lapseMs: number): Promise<void> {
    this.#storyMs = Math.min(this.#endMs, this.#storyMs + lapseMs);
    await this.#world.moveTo(this.#storyMs);
  }
}

/** Waits until nothing waits any more and the target is right, or until that has taken too long. */
async function settled(world: World, lapse: TimeLapse, patienceMs: number): Promise<readonly StoredEvent[]> {
  const deadlineMs = performance.now() + patienceMs;
  for (let looks = 1; ; looks++) {
    await sleep(LOOK_EVERY_MS);
    const stored = await world.store.events().catch(() => []);
    const isComplete = stored.length >= world.events.length && stored.every(({ state }) => state !== 'waiting');
    const needsReplay = stored.some(({ state }) => state === 'dead');
    if (isComplete && (needsReplay || world.target.problems().length === 0)) return stored;
    if (performance.now() > deadlineMs) return stored;
    // Faster and faster: what a clock that was hours ahead has put off comes too.
    await lapse.flyOn(TIME_LAPSE_MS * Math.ceil(looks / 10));
  }
}

async function untilNothingWaits(world: World): Promise<void> {
  const deadlineMs = performance.now() + SETTLED_WITHIN_MS;
  while (performance.now() < deadlineMs) {
    const stored = await world.store.events();
    if (stored.every(({ state }) => state !== 'waiting')) return;
    await sleep(LOOK_EVERY_MS / 3);
  }
  throw new Error('Undisturbed, the story does not come to its end.');
}

/** What an operator does after an outage: every dead letter is tried again, beside the running app. */
async function replayDeadLetters(world: World, lapse: TimeLapse, before: readonly StoredEvent[], patienceMs: number) {
  let storedAfterReplay = before;
  let replayed = 0;
  for (let round = 0; round < REPLAYS; round++) {
    const dead = storedAfterReplay.filter(({ state }) => state === 'dead').length;
    if (dead === 0) break;
    const order = ['--import', STORY_CLOCK.href, OPS, 'replay', '--all', '--yes', '--rate', '1000', '--json'];
    await execute(process.execPath, order, { env: { ...world.operatorsEnvironment() } });
    replayed += dead;
    storedAfterReplay = await settled(world, lapse, patienceMs);
  }
  return { storedAfterReplay, replayed };
}

/** Only the REST CRM keeps revisions. What would have changed nothing is no older state. */
function olderRefusedBy({ target }: World): readonly string[] {
  if (target.standIn.id !== 'rest') return [];
  return restCrmOf({ target })
    .store.older.filter(({ changes }) => changes.length > 0)
    .map(({ key, changes }) => `${key} (${changes.join(', ')})`);
}
