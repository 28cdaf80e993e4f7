import type { Bench } from '../bench.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { expectThat } from '../expect-that.ts';
import { Family, type SampleRecord } from '../samples.ts';

/** A target that names no time is left alone for this long. */
const UNNAMED_REST_MS = 10_000;
const NAMED_REST_S = 40;
/** Clocks of a machine are read one after the other. */
const TOLERANCE_MS = 1_500;
/** One refused request, the question for a new token, its refusal, and what finds out which account it is. */
const MOST_REFUSED_REQUESTS = 4;

/** What concerns the connection as a whole: limits and credentials. */
export const CONNECTION_CASES: readonly ConformanceCase[] = [
  {
    name: 'a throttled connection rests as long as the target said',
    needs: ['throttle'],
    run: (bench) => expectRest(bench, NAMED_REST_S),
  },
  {
    name: 'a throttled connection rests also when the target did not say how long',
    needs: ['throttle'],
    run: (bench) => expectRest(bench, undefined),
  },
  {
    name: 'an expired token is renewed once where it can be, and pauses the tenant where not',
    needs: ['expireTokens', 'restoreCredentials'],
    run: async (bench) => {
      const records = new Family().upTo('policy');
      await bench.bring(new Family().record('party'));
      const before = bench.requestCount;
      bench.fault('expireTokens')();
      const results = await bench.deliver(...records);
      const refused = bench.requests.slice(before).filter(({ status }) => status === 401);
      if (bench.isRenewable) {
        for (const { key } of records) {
          const isDelivered = results.get(key)?.outcome === 'delivered';
          expectThat(isDelivered, `Not renewed: ${JSON.stringify(results.get(key))}.`);
        }
        expectThat(refused.length === 1, `${refused.length} requests were made with the old token.`);
        return;
      }
      await expectPause(bench, records, before);
    },
  },
  {
    name: 'revoked credentials pause the tenant, and nothing further is sent',
    needs: ['revokeCredentials', 'restoreCredentials'],
    run: async (bench) => {
      const records = new Family().upTo('policy');
      await bench.bring(new Family().record('party'));
      const before = bench.requestCount;
      bench.fault('revokeCredentials')();
      await expectPause(bench, records, before);
    },
  },
  {
    name: 'Start says in words that the credentials are wrong',
    needs: ['revokeCredentials'],
    run: async (bench) => {
      bench.fault('revokeCredentials')();
      const said = await bench.another().start();
      expectThat(!said.ok && said.cause === 'settings', `Start said: ${JSON.stringify(said)}.`);
      expectThat(/^[A-Z].{20,}\.$/s.test(said.message), `No sentence for the customer: ${said.message}`);
    },
  },
  {
    name: 'Start finds nothing to do the second time, and makes no record',
    needs: [],
    run: async (bench) => {
      const first = await bench.start();
      const second = await bench.another().start();
      expectThat(second.ok, `The second Start said: ${JSON.stringify(second)}.`);
      expectThat(JSON.stringify(first) === JSON.stringify(second), 'The second Start warned of something else.');
      const { records } = new Family();
      const keys = new Set(records.map(({ key }) => key));
      const held = (await bench.target.records()).filter(({ key }) => keys.has(key));
      expectThat(held.length === 0, 'Start made records.');
      await bench.bring(...records);
      await bench.expectOnce(...records);
    },
  },
  {
    name: 'secrets and contents are repeated nowhere, whatever the target says',
    needs: ['answerWith', 'revokeCredentials', 'restoreCredentials'],
    run: async (bench) => {
      const quoted = `${Object.values(bench.target.settings).join(' ')} Quillfeather`;
      const error = { message: quoted, error: quoted, code: quoted, errorCode: quoted, name: quoted, fields: [quoted] };
      const bodies = [error, [error], { errors: [error], results: [error] }, { error: { data: error, ...error } }];
      for (const status of [200, 400, 403, 404, 409, 422, 500]) {
        for (const body of bodies) {
          bench.fault('answerWith')({ status, body: JSON.stringify(body) });
          await bench.deliver(new Family().record('party'));
          await bench.clock.advance(600_000);
        }
      }
      bench.fault('revokeCredentials')();
      await bench.deliver(new Family().record('party'));
      await bench.start();
      bench.expectDiscretion();
    },
  },
];

async function expectRest(bench: Bench, seconds: number | undefined): Promise<void> {
  const records = new Family().upTo('policy');
  const other = new Family().record('party');
  bench.fault('throttle')(seconds);
  const results = await bench.deliver(...records);
  const waits: number[] = [];
  for (const { key, kind } of records) {
    const result = results.get(key);
    expectThat(result?.outcome === 'throttled', `The ${kind}: ${JSON.stringify(result)}.`);
    waits.push(result.retryAfterMs ?? UNNAMED_REST_MS);
  }
  const restMs = Math.max(...waits);
  const leastMs = (seconds === undefined ? 0 : seconds * 1_000) - TOLERANCE_MS;
  expectThat(restMs > leastMs, `The target asked for ${seconds} s, the connection rests ${restMs} ms.`);
  const before = bench.requestCount;
  await expectHeld(bench, other, before);
  await bench.clock.advance(restMs - 2 * TOLERANCE_MS);
  await expectHeld(bench, other, before);
  await bench.clock.advance(2 * TOLERANCE_MS);
  await bench.bring(...records, other);
  await bench.expectOnce(...records, other);
}

async function expectHeld(bench: Bench, record: SampleRecord, requestsBefore: number): Promise<void> {
  const result = (await bench.deliver(record)).get(record.key);
  expectThat(result?.outcome === 'throttled', `During the rest: ${JSON.stringify(result)}.`);
  expectThat(bench.requestCount === requestsBefore, 'A request was made before its time.');
}

async function expectPause(bench: Bench, records: readonly SampleRecord[], requestsBefore: number): Promise<void> {
  const results = await bench.deliver(...records);
  for (const { key } of records) {
    expectThat(results.get(key)?.outcome === 'auth', `Not paused: ${JSON.stringify(results.get(key))}.`);
  }
  const made = bench.requestCount - requestsBefore;
  expectThat(made <= 2 * MOST_REFUSED_REQUESTS, `${made} requests were made with credentials that were refused.`);
  bench.fault('restoreCredentials')();
  await bench.bring(...records);
  await bench.expectOnce(...records);
}
