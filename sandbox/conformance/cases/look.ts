import type { JsonObject } from '../../http/json.ts';
import type { Bench } from '../bench.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import type { EngineView } from '../engine.ts';
import { expectThat } from '../expect-that.ts';
import { Family, type Kind, newer, type SampleRecord } from '../samples.ts';

/** One change of each kind that every target shows in some field. */
const CHANGES: Readonly<Partial<Record<Kind, JsonObject>>> = {
  party: { email: 'quite.another@example.com' },
  quote: { grossPremium: '7351.17' },
  policy: { lastChange: 'Struck by lightning' },
  policy_change: { reason: 'Bought a boat' },
  claim: { description: 'A hole in the roof' },
};

/** A tenant's console shows what a delivery would change, and changes nothing. */
export const LOOK_CASES: readonly ConformanceCase[] = [
  {
    name: 'a look before the first delivery shows that nothing is there, and writes nothing',
    needs: [],
    run: async (bench) => {
      const records = withoutTimeline(new Family());
      for (const cold of [false, true]) {
        if (cold) bench.loseMemory();
        for (const [kind, view] of await views(bench, records)) {
          const isThere = view.places?.some((place) => place.isThere) ?? false;
          expectThat(!isThere, `The ${kind} is shown, and is not there.`);
          expectThat(view.problem === undefined, `The ${kind} cannot be seen: ${view.problem}.`);
        }
      }
    },
  },
  {
    name: 'a look after a delivery shows no difference, also with an empty memory, and writes nothing',
    needs: [],
    run: async (bench) => {
      const records = withoutTimeline(new Family());
      await bench.bring(...records);
      for (const cold of [false, true]) {
        if (cold) bench.loseMemory();
        for (const [kind, view] of await views(bench, records)) {
          if (!canBeSeen(bench, kind, view)) continue;
          expectThat(view.problem === undefined, `The ${kind} cannot be seen: ${view.problem}.`);
          const [first] = view.places ?? [];
          expectThat(first?.isThere !== false, `The ${kind} is there, and is not found${cold ? ' by its key' : ''}.`);
          const differing = (view.places ?? []).flatMap((place) => place.differing);
          expectThat(differing.length === 0, `The ${kind} is shown to differ: ${differing.join(', ')}.`);
        }
      }
    },
  },
  {
    name: 'a look at a newer state shows the field that would change, and does not change it',
    needs: [],
    run: async (bench) => {
      const records = withoutTimeline(new Family());
      await bench.bring(...records);
      const changed = records.map((record) => newer(record, { ...record.fields, ...changeOf(record) }));
      for (const [kind, view] of await views(bench, changed)) {
        if (!canBeSeen(bench, kind, view) || changeOf(record(changed, kind)) === undefined) continue;
        const differing = (view.places ?? []).flatMap((place) => place.differing);
        expectThat(differing.length > 0, `The change of the ${kind} is not shown.`);
        expectThat(differing.length <= 2, `More of the ${kind} is shown to change: ${differing.join(', ')}.`);
      }
      await bench.expectOnce(...records);
    },
  },
];

/** Sentences of the timeline come with events, so a look at a policy has none of them. */
function withoutTimeline(family: Family): readonly SampleRecord[] {
  return family.records.filter(({ kind }) => kind !== 'activity');
}

function changeOf({ kind }: { readonly kind: string }): JsonObject | undefined {
  return Object.entries(CHANGES).find(([name]) => name === kind)?.[1];
}

function record(records: readonly SampleRecord[], kind: string): { readonly kind: string } {
  return records.find((one) => one.kind === kind) ?? { kind };
}

/** Not every account has a place for every kind, but for people each has. */
function canBeSeen(bench: Bench, kind: string, { places = [], problem }: EngineView): boolean {
  if (bench.connector.look === undefined) return false;
  const isSeen = places.length > 0 || problem !== undefined;
  expectThat(isSeen || kind !== 'party', 'The party is there, and nothing of it is shown.');
  return isSeen;
}

/** What is seen of each kind; fails when the look has changed anything. */
async function views(
  bench: Bench,
  records: readonly SampleRecord[],
): Promise<readonly (readonly [string, EngineView])[]> {
  const before = JSON.stringify(await bench.target.records());
  const asked = bench.requestCount;
  const seen = await bench.look(...records);
  expectThat(JSON.stringify(await bench.target.records()) === before, 'The look has changed what the target holds.');
  if (bench.connector.look === undefined) {
    expectThat(bench.requestCount === asked, 'The target cannot be asked, and was.');
  }
  return records.map((one) => [one.kind, seen.get(one.key) ?? { key: one.key }]);
}
