import { readStoryEvents } from '../story/story-events.ts';
import { CHAPTERS, inChapters } from './chapters.ts';
import { FAULT_KINDS, factsOf, isFaultKind, kindsOf, type StoreName, STORES } from './fault-kinds.ts';
import { COMMITS_BETWEEN_KILLS, planInWords, planRun, type RunPlan } from './plan.ts';
import { chapterIndices } from './suite.ts';

const chapters = chapterIndices();
const plansOf = (store: StoreName, runs: number, from = 1): readonly RunPlan[] =>
  Array.from({ length: runs }, (_one, index) => planRun({ seed: from + index, store, chapters }));

const kindsIn = ({ faults, commitKills }: RunPlan) =>
  new Set([...(commitKills ? ['kill-at-commit'] : []), ...faults.map(({ kind }) => kind)]);

describe('the chapters of the story', () => {
  it('hold every event once, in its order, and move time on', () => {
    const events = readStoryEvents();
    const parts = inChapters(events);
    expect(parts).toHaveLength(CHAPTERS);
    expect(parts.flatMap((chapter) => chapter.events)).toEqual(events);
    expect(parts.map(({ atMs }) => atMs)).toEqual(parts.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    for (const [index, { atMs }] of parts.entries()) {
      expect(atMs).toBeLessThan(parts[index + 1]?.events[0]?.atMs ?? Infinity);
    }
  });
});

describe('the plan of a run', () => {
  it('is the same for the same seed, and another for another', () => {
    const [one, other] = [plansOf('postgres', 30), plansOf('postgres', 30)];
    expect(one).toEqual(other);
    expect(new Set(one.map((plan) => JSON.stringify({ ...plan, seed: 0 }))).size).toBe(30);
  });

  it.each(STORES)('has every kind of fault of the store %s in as many consecutive seeds', (store) => {
    const kinds = kindsOf(store);
    const met = new Set(plansOf(store, kinds.length, 1_000).flatMap((plan) => [...kindsIn(plan)]));
    expect([...met].toSorted()).toEqual([...kinds].toSorted());
  });

  it.each(STORES)('does to the store %s only what can happen there', (store) => {
    for (const plan of plansOf(store, 300)) {
      expect(plan.replicas).toBeGreaterThanOrEqual(1);
      expect(plan.replicas).toBeLessThanOrEqual(store === 'sqlite' ? 1 : 3);
      expect(kindsIn(plan).size).toBeGreaterThan(0);
      for (const kind of kindsIn(plan)) {
        if (!isFaultKind(kind)) throw new Error(kind);
        const { stores, leastReplicas, targets = [plan.target] } = factsOf(kind);
        expect([stores.includes(store), targets.includes(plan.target)]).toEqual([true, true]);
        expect(plan.replicas).toBeGreaterThanOrEqual(leastReplicas);
      }
      for (const { kind, lastsMs, replica, chapter } of plan.faults) {
        const [shortest, longest] = factsOf(kind).lastsMs;
        expect(lastsMs >= shortest && lastsMs <= longest).toBe(true);
        expect(replica).toBeLessThan(plan.replicas);
        expect(chapter).toBeLessThan(CHAPTERS);
      }
    }
  });

  it('lets every event ring, in its chapter or later, unless the event stream brings it', () => {
    for (const { rings, recovery } of plansOf('sqlite', 100)) {
      const rung = new Set(rings.flat());
      if (recovery === 'rung again') expect(rung.size).toBe(chapters.flat().length);
      for (const [chapter, events] of rings.entries()) {
        for (const event of events) expect(chapters.slice(0, chapter + 1).flat()).toContain(event);
      }
    }
  });

  it('sends the records of a sync together in some runs, to a target that takes them so', () => {
    const plans = plansOf('sqlite', 300).filter(({ records }) => records === 'together');
    expect(new Set(plans.map(({ target }) => target))).toEqual(new Set(['rest']));
    expect(plans.length).toBeGreaterThan(50);
  });

  it.each(STORES)('kills %s at every commit boundary, before and after, in consecutive rounds', (store) => {
    const every = COMMITS_BETWEEN_KILLS[store];
    const kills = Array.from({ length: 2 * every }, (_one, seed) =>
      planRun({ seed, store, only: 'kill-at-commit', chapters }),
    ).map(({ commitKills }) => `${commitKills?.first} ${commitKills?.moment}`);
    const wanted = Array.from({ length: every }, (_one, index) => [`${index + 1} after`, `${index + 1} before`]).flat();
    expect(kills).toEqual(wanted);
  });

  it('can be told what goes wrong, and where', () => {
    const plan = planRun({ seed: 7, store: 'postgres', only: 'lease-expiry', target: 'odoo', chapters });
    expect([...kindsIn(plan)]).toEqual(['lease-expiry']);
    expect([plan.target, plan.replicas >= 2]).toEqual(['odoo', true]);
    expect(planInWords(plan).join(' ')).toContain(FAULT_KINDS['lease-expiry'].title);
  });
});
