import type { Bench } from '../bench.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { expectThat } from '../expect-that.ts';
import { Family, KINDS, newer, type SampleRecord } from '../samples.ts';

const RACERS = 8;
const MANY = 60;

/** Never two records where one belongs. */
export const ONCE_CASES: readonly ConformanceCase[] = [
  {
    name: 'every kind arrives once, tied to its parents',
    needs: [],
    run: async (bench) => {
      const { records } = new Family();
      await bench.bring(...records);
      const held = await bench.expectOnce(...records);
      for (const { kind, key, tiedTo } of held) {
        const { relations = [] } = records.find((record) => record.key === key) ?? {};
        const parents = relations.filter((parent) => held.some((other) => other.key === parent.key));
        const missing = parents.filter(({ required, key: parent }) => required && !tiedTo.includes(parent));
        expectThat(missing.length === 0, `The ${kind} is not tied to its ${missing[0]?.name}.`);
        const isAdrift = kind === 'activity' && !parents.some((parent) => tiedTo.includes(parent.key));
        expectThat(!isAdrift, 'The line of the timeline stands on no record.');
      }
      // Sent anew, everything finds everything else there: what is tied only now would have stayed untied.
      bench.loseMemory();
      await bench.bring(...records);
      for (const { kind, key, tiedTo } of await bench.expectOnce(...records)) {
        const tiedAtFirst = held.find((record) => record.key === key)?.tiedTo ?? [];
        const late = tiedTo.find((parent) => !tiedAtFirst.includes(parent));
        expectThat(late === undefined, `The ${kind} was not tied to ${late} when both came.`);
      }
    },
  },
  {
    name: 'a line about what the target has no place for does not stand there on nothing',
    needs: [],
    run: async (bench) => {
      const family = new Family();
      const line = family.record('activity');
      const placeless = KINDS.filter((kind) => kind !== 'activity' && !bench.supports(kind)).map((kind) => {
        const { key } = family.record(kind);
        return { name: kind, kind, key, required: false };
      });
      if (placeless.length === 0) return;
      await bench.bring({ ...line, relations: placeless });
      const held = (await bench.target.records()).filter(({ key }) => key === line.key);
      expectThat(held.length === 0, 'A line stands on the timeline of nothing.');
    },
  },
  {
    name: 'what has not changed is not sent again',
    needs: [],
    run: async (bench) => {
      const { records } = new Family();
      await bench.bring(...records);
      const before = bench.requestCount;
      await bench.bring(...records);
      expectThat(bench.requestCount === before, `${bench.requestCount - before} requests for nothing new.`);
      await bench.expectOnce(...records);
    },
  },
  {
    name: 'a lost disk doubles nothing',
    needs: [],
    run: async (bench) => {
      const { records } = new Family();
      await bench.bring(...records);
      bench.loseMemory();
      await bench.bring(...records);
      await bench.expectOnce(...records);
    },
  },
  {
    name: `${RACERS} racing writers make one record of each kind and one line`,
    needs: [],
    run: async (bench) => {
      const { records } = new Family();
      const racers = bench.racing(RACERS);
      await Promise.all(racers.map((racer) => racer.bring(...records)));
      await racers[0]?.expectOnce(...records);
    },
  },
  ...(['with what it knew', 'with an empty memory'] as const).map((memory): ConformanceCase => ({
    name: `a write whose answer was lost is repeated ${memory}, and stands once`,
    needs: ['cutAfterCommit'],
    run: async (bench) => {
      for (const kind of KINDS.filter((one) => bench.supports(one))) {
        const records = new Family().upTo(kind);
        await bench.bring(...records.slice(0, -1));
        const before = bench.requestCount;
        bench.fault('cutAfterCommit')();
        await bench.deliver(...records);
        const isCut = bench.requests.slice(before).some(({ status }) => status === 'cut');
        const isSkipped = (await bench.deliver(...records)).get(records.at(-1)?.key ?? '')?.outcome === 'skipped';
        expectThat(isCut || isSkipped, `No request for the ${kind} was cut.`);
        if (memory === 'with an empty memory') bench.loseMemory();
        await bench.bring(...records);
        await bench.expectOnce(...records);
      }
    },
  })),
  ...(['with what it knew', 'with an empty memory'] as const).map((memory): ConformanceCase => ({
    name: `whichever answer of a delivery gets lost, it is repeated ${memory}, and everything stands once`,
    needs: [],
    run: async (bench) => {
      for (let nth = 1; ; nth++) {
        bench.clock.leap(60_000);
        const { records } = new Family();
        const isLost = bench.loseAnswer(nth);
        await bench.deliver(...records);
        if (!isLost()) return;
        if (memory === 'with an empty memory') bench.loseMemory();
        await bench.bring(...records);
        await bench.expectOnce(...records).catch((error: unknown) => {
          throw new Error(`After answer ${nth} was lost: ${error instanceof Error ? error.message : ''}`);
        });
      }
    },
  })),
  {
    name: `${MANY} records of a kind in one go`,
    needs: [],
    run: async (bench) => {
      const families = Array.from({ length: MANY }, () => new Family().upTo('policy'));
      await bench.bring(...families.flat());
      await bench.expectOnce(...families.flat());
    },
  },
  {
    name: 'a newer state changes the same record',
    needs: [],
    run: async (bench) => {
      const party = new Family().record('party');
      await bench.bring(party);
      await bench.bring(newer(party, { ...party.fields, email: 'changed.mail@example.com' }));
      await expectShown(bench, party, 'changed.mail@example.com');
    },
  },
  {
    name: 'a newer state changes the same record also after a lost disk',
    needs: [],
    run: async (bench) => {
      const party = new Family().record('party');
      await bench.bring(party);
      bench.loseMemory();
      await bench.bring(newer(party, { ...party.fields, email: 'changed.mail@example.com' }));
      await bench.expectOnce(party);
      await expectShown(bench, party, 'changed.mail@example.com');
    },
  },
  {
    name: 'a person who turns out to be an organization stays one record',
    needs: [],
    run: async (bench) => {
      for (const isMemoryLost of [false, true]) {
        const party = new Family().record('party');
        await bench.bring(party);
        if (isMemoryLost) bench.loseMemory();
        await bench.bring(newer(party, { ...party.fields, type: 'organization', companyName: 'Quillfeather Ltd' }));
        await bench.expectOnce(party);
      }
    },
  },
  {
    name: 'an older state never overwrites a newer one',
    needs: [],
    run: async (bench) => {
      const party = new Family().record('party');
      await bench.bring(newer(party, { ...party.fields, email: 'newest.mail@example.com' }, 9_000));
      const results = await bench.deliver(newer(party, { ...party.fields, email: 'older.mail@example.com' }));
      expectThat(results.get(party.key)?.outcome === 'skipped', 'The older state was sent.');
      await expectShown(bench, party, 'newest.mail@example.com');
    },
  },
  {
    name: 'a record that a user deleted comes back once, when there is news of it',
    needs: [],
    run: async (bench) => {
      const records = new Family().upTo('policy');
      await bench.bring(...records);
      for (const record of records) {
        await bench.target.deleteRecord(record.key);
        await bench.bring(...records.map((other) => (other === record ? newer(record, changed(record)) : other)));
        await bench.expectOnce(record);
      }
    },
  },
  {
    name: 'a parent that a user deleted is brought back for its child',
    needs: [],
    run: async (bench) => {
      const [party, policy] = new Family().upTo('policy');
      expectThat(party !== undefined && policy !== undefined, 'The sample of a policy has a policyholder.');
      await bench.bring(party, policy);
      await bench.target.deleteRecord(party.key);
      await bench.bring(party, newer(policy, changed(policy)));
      const [held] = await bench.expectOnce(policy);
      expectThat(held?.tiedTo.includes(party.key) === true, 'The policy is not tied to its policyholder again.');
    },
  },
  {
    name: 'a parent that a user deleted is brought back although nothing is remembered',
    needs: [],
    run: async (bench) => {
      const records = new Family().upTo('policy');
      await bench.bring(...records);
      await bench.target.deleteRecord(records[0]?.key ?? '');
      bench.loseMemory();
      // In the same millisecond it would be the same try again, which a target may answer from memory.
      await bench.clock.advance(1);
      await bench.bring(...records);
      await bench.expectOnce(...records);
    },
  },
];

function changed({ fields, kind }: SampleRecord) {
  return kind === 'party' ? { ...fields, phone: '+14155550199' } : { ...fields, lastChange: 'Something else' };
}

async function expectShown(bench: Bench, record: SampleRecord, text: string): Promise<void> {
  const [held] = await bench.expectOnce(record);
  expectThat(JSON.stringify(held?.fields).includes(text), `The target does not show ${text}.`);
}
