import { CASES } from '../../../sandbox/conformance/cases.ts';
import { movableClock } from '../../../sandbox/conformance/clock.ts';
import type { ConformanceCase } from '../../../sandbox/conformance/conformance-case.ts';
import { appliesTo, runCase } from '../../../sandbox/conformance/run-case.ts';
import { Family } from '../../../sandbox/conformance/samples.ts';
import { engineWith } from '../engine.js';
import { pinboardConnector } from './pinboard.connector.js';
import { startPinboard } from './pinboard.ts';

/** The whole suite over a connector for an invented target, and what only this target can do. */

const ENGINE = engineWith([pinboardConnector]);

/** What the suite cannot ask, because it does not know Pinboard's words. */
const OWN_CASES: readonly ConformanceCase[] = [
  {
    name: 'a column that we did not send is not repeated',
    needs: ['answerWith'],
    run: async (bench) => {
      const party = new Family().record('party');
      const body = JSON.stringify({ ok: false, reason: 'column', column: 'Quillfeather' });
      bench.fault('answerWith')({ status: 200, body });
      expect((await bench.deliver(party)).get(party.key)).toMatchObject({ outcome: 'rejected', code: 'column' });
    },
  },
  {
    name: 'a token that is refused although it is new pauses the tenant',
    needs: ['answerWith'],
    run: async (bench) => {
      const party = new Family().record('party');
      bench.fault('answerWith')({ status: 401, body: '{"ok":false,"reason":"bad_token"}' }, 2);
      expect((await bench.deliver(party)).get(party.key)).toMatchObject({ outcome: 'auth' });
    },
  },
];

it.each([...CASES, ...OWN_CASES])('$name', async (testCase) => {
  const clock = movableClock();
  const target = await startPinboard({ now: clock.now });
  try {
    if (!appliesTo(testCase, target)) throw new Error(`The stand-in lacks one of: ${testCase.needs.join(', ')}.`);
    await runCase(testCase, { engine: ENGINE, connectorId: pinboardConnector.id, target, clock });
  } finally {
    await target.close();
    clock.restore();
  }
});
