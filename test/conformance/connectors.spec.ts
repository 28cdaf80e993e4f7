import { CASES } from '../../sandbox/conformance/cases.ts';
import { movableClock } from '../../sandbox/conformance/clock.ts';
import { appliesTo, runCase } from '../../sandbox/conformance/run-case.ts';
import { KINDS } from '../../sandbox/conformance/samples.ts';
import { STAND_INS } from '../../sandbox/conformance/stand-ins.ts';
import { CONNECTORS } from '../../src/connectors/connectors.js';
import { RECORD_KIND_NAMES } from '../../src/records/record-kinds.js';
import { engineWith } from './engine.js';

/** Every connector against the stand-in of its target: emulated, where no other test says that a real server was used. */

const ENGINE = engineWith(CONNECTORS);

it('every connector has a stand-in', () => {
  const tested = new Set(STAND_INS.map(({ connectorId }) => connectorId));
  expect(CONNECTORS.map(({ id }) => id).filter((id) => !tested.has(id))).toEqual([]);
});

it('the samples are sent in the order of the app', () => {
  expect(KINDS).toEqual(RECORD_KIND_NAMES);
});

it('no case has an exemption that names nothing', () => {
  const names = new Set(CASES.map(({ name }) => name));
  const unknown = STAND_INS.flatMap(({ exempt = {} }) => Object.keys(exempt).filter((name) => !names.has(name)));
  expect(unknown).toEqual([]);
});

describe.each(STAND_INS)('$name', ({ connectorId, start, exempt = {} }) => {
  for (const { name } of CASES.filter((one) => exempt[one.name] !== undefined)) {
    it.skip(`${name} [${exempt[name]}]`, () => undefined);
  }

  it.each(CASES.filter(({ name }) => exempt[name] === undefined))('$name', async (testCase) => {
    const clock = movableClock();
    const target = await start({ now: clock.now });
    try {
      if (!appliesTo(testCase, target)) throw new Error(`The stand-in lacks one of: ${testCase.needs.join(', ')}.`);
      await runCase(testCase, { engine: ENGINE, connectorId, target, clock });
    } finally {
      await target.close();
      clock.restore();
    }
  });
});
