import { readFileSync } from 'node:fs';
import { CASES } from '../../../sandbox/conformance/cases.ts';
import { movableClock } from '../../../sandbox/conformance/clock.ts';
import { runCase } from '../../../sandbox/conformance/run-case.ts';
import { engineWith } from '../engine.js';
import { cardfileConnector } from './cardfile.connector.js';
import { startCardfile } from './cardfile.ts';

/** A connector as somebody new would write it after `docs/connectors/authors.md`: small, and right in every case. */

const ENGINE = engineWith([cardfileConnector]);
const MOST_LINES = 150;

it(`is no longer than ${MOST_LINES} lines`, () => {
  const text = readFileSync(new URL('cardfile.connector.ts', import.meta.url), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(MOST_LINES);
});

it.each(CASES)('$name', async (testCase) => {
  const clock = movableClock();
  const target = await startCardfile({ now: clock.now });
  try {
    await runCase(testCase, { engine: ENGINE, connectorId: 'cardfile', target, clock });
  } finally {
    await target.close();
    clock.restore();
  }
});
