import { CASES } from '../../sandbox/conformance/cases.ts';
import { movableClock } from '../../sandbox/conformance/clock.ts';
import { runCase } from '../../sandbox/conformance/run-case.ts';
import { startHubspot } from '../../sandbox/targets/hubspot/hubspot.ts';
import type { Connector, Delivery, DeliveryResult, Look, Target } from '../../src/connectors/connector.js';
import { hubspotConnector } from '../../src/connectors/hubspot/hubspot.connector.js';
import { engineWith } from './engine.js';

/** The suite itself: each of its cases finds a connector that is wrong in just this. */

let doubles = 0;

/** A connector that treats each delivery otherwise than it should. */
function sending(change: (delivery: Delivery, target: Target) => Delivery): Partial<Connector> {
  return {
    deliver: (deliveries, target) =>
      hubspotConnector.deliver(
        deliveries.map((delivery) => change(delivery, target)),
        target,
      ),
  };
}

function answering(change: (result: DeliveryResult, target: Target) => DeliveryResult): Partial<Connector> {
  return {
    deliver: async (deliveries, target) =>
      (await hubspotConnector.deliver(deliveries, target)).map((result) => change(result, target)),
  };
}

/** Forgets that the target has the record unless it was told the target's id. */
const keyedOnlyById = sending((delivery) => {
  if (delivery.targetId !== undefined) return delivery;
  doubles += 1;
  const { record } = delivery;
  return record.kind === 'party' ? delivery : { ...delivery, record: { ...record, key: `${record.key}~${doubles}` } };
});
/** Safe: only members are left out or cleared, and every field of a record may be missing. */
const withFields = (delivery: Delivery, change: (fields: object) => object): Delivery => ({
  ...delivery,
  record: { ...delivery.record, fields: change(delivery.record.fields) } as Delivery['record'],
});
const withoutNulls = sending((delivery) =>
  withFields(delivery, (fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))),
);
const nullsForMissing = sending((delivery) =>
  withFields(delivery, (fields) => ({ email: null, phone: null, ...fields })),
);
const withoutRelations = sending((delivery) => ({ ...delivery, record: { ...delivery.record, relations: [] } }));
const asUsual = sending((delivery) => ({ ...delivery, record: { ...delivery.record, op: 'upsert' } }));
const optimist = answering((result) =>
  result.outcome === 'retry' ? { outcome: 'delivered', change: 'updated' } : result,
);
const quitter = answering((result) =>
  result.outcome === 'retry' || result.outcome === 'unreachable'
    ? { outcome: 'rejected', code: 'gave_up', advice: 'Something went wrong here.' }
    : result,
);
const stubborn = answering((result) => (result.outcome === 'rejected' ? { outcome: 'retry', code: 'again' } : result));
const silentOnFields = answering((result) =>
  result.outcome === 'delivered' ? { outcome: 'delivered', change: result.change } : result,
);
const talkative = answering((result, { settings }) =>
  result.outcome === 'delivered' ? { ...result, targetId: `id ${settings['api-token'] ?? ''}` } : result,
);
const speechless = answering((result) => (result.outcome === 'rejected' ? { ...result, advice: 'no' } : result));
const cryptic = answering((result) =>
  result.outcome === 'retry' ? { ...result, code: 'Sorry, we are closed' } : result,
);
const independent = answering((result) =>
  result.outcome === 'dependency' ? { outcome: 'delivered', change: 'updated' } : result,
);
const impatient: Partial<Connector> = { classify: () => undefined };
const hasty: Partial<Connector> = {
  classify: (response, nowMs) => {
    const failure = hubspotConnector.classify(response, nowMs);
    return failure?.outcome === 'throttled' ? { ...failure, retryAfterMs: 1 } : failure;
  },
};
const deafAtStart: Partial<Connector> = {
  verify: () => Promise.resolve({ ok: true }),
  ensureSchema: () => Promise.resolve({ ok: true }),
};
const onward: Partial<Connector> = {
  deliver: async (deliveries, target) => {
    const results: DeliveryResult[] = [];
    for (const delivery of deliveries) results.push(...(await hubspotConnector.deliver([delivery], target)));
    for (let tries = 0; tries < 12; tries++) await hubspotConnector.deliver(deliveries, target);
    return results;
  },
};
const wordy: Partial<Connector> = {
  verify: async (target) => {
    const said = await hubspotConnector.verify(target);
    return said.ok ? said : { ...said, message: `${said.message} ${target.settings['api-token'] ?? ''}.` };
  },
};

/** HubSpot's own look, as a connector that is wrong might have it. */
function looking(change: (look: Look) => Partial<Look>): Partial<Connector> {
  const { look } = hubspotConnector;
  if (look === undefined) throw new Error('HubSpot can be asked.');
  return { look: { ...look, ...change(look) } };
}
const clumsy = looking(({ held }) => ({
  isRead: () => true,
  held: async (deliveries, target) => {
    await hubspotConnector.deliver(deliveries, target);
    return held(deliveries, target);
  },
}));
const blind = looking(() => ({
  held: (deliveries) => Promise.resolve(deliveries.map(() => ({ ok: true, value: [] }))),
}));
const complacent = looking(({ held }) => ({
  held: async (deliveries, target) =>
    (await held(deliveries, target)).map((one) =>
      one.ok ? { ...one, value: one.value.map((record) => ({ ...record, held: record.wanted })) } : one,
    ),
}));
const forgetful = looking(({ held }) => ({
  held: async (deliveries, target) =>
    (await held(deliveries, target)).map((one) =>
      one.ok ? { ...one, value: one.value.map((record) => ({ ...record, held: {} })) } : one,
    ),
}));

it.each<[string, Partial<Connector>, string]>([
  ['writes while it looks', clumsy, 'a look before the first delivery shows that nothing is there, and writes nothing'],
  [
    'sees what is not there',
    complacent,
    'a look before the first delivery shows that nothing is there, and writes nothing',
  ],
  ['sees nothing', blind, 'a look after a delivery shows no difference, also with an empty memory, and writes nothing'],
  [
    'reads no fields',
    forgetful,
    'a look after a delivery shows no difference, also with an empty memory, and writes nothing',
  ],
  [
    'sees no difference',
    complacent,
    'a look at a newer state shows the field that would change, and does not change it',
  ],
  ['ties nothing to its parents', withoutRelations, 'every kind arrives once, tied to its parents'],
  ['knows records by their id alone', keyedOnlyById, 'a lost disk doubles nothing'],
  ['knows records by their id alone', keyedOnlyById, '8 racing writers make one record of each kind and one line'],
  [
    'knows records by their id alone',
    keyedOnlyById,
    'a write whose answer was lost is repeated with an empty memory, and stands once',
  ],
  [
    'knows records by their id alone',
    keyedOnlyById,
    'whichever answer of a delivery gets lost, it is repeated with what it knew, and everything stands once',
  ],
  ['sends no nulls', withoutNulls, 'null clears a field'],
  ['clears what is missing', nullsForMissing, 'a field that is missing is left alone'],
  ['takes what has ended for alive', asUsual, 'a record that ended before it counted is shown as ended, not deleted'],
  ['believes in success', optimist, 'an answer with a good status that cannot be read is no success'],
  ['believes in success', optimist, 'an answer that nobody knows is tried again, and said'],
  ['gives up at once', quitter, 'a failing server is asked again'],
  ['gives up at once', quitter, 'records in use by somebody else are tried again'],
  ['gives up at once', quitter, 'the answer of a broken server is tried again'],
  [
    'never gives up',
    stubborn,
    'a record that is invalid for good is rejected in words, and costs nobody else of its call',
  ],
  ['never gives up', stubborn, 'a kind that the account may not write is rejected, and the others are written'],
  [
    'says nothing of what it left out',
    silentOnFields,
    'a refused field is left out and named, and the rest is written',
  ],
  [
    'says nothing of what it left out',
    silentOnFields,
    "a field of the tenant's own that the target does not have costs no record",
  ],
  ['repeats secrets', talkative, 'a newer state changes the same record'],
  ['repeats secrets at Start', wordy, 'Start says in words that the credentials are wrong'],
  ['repeats secrets at Start', wordy, 'secrets and contents are repeated nowhere, whatever the target says'],
  ['gives no advice', speechless, 'children wait for a parent that was rejected'],
  ['has codes that are none', cryptic, 'a failing server is asked again'],
  ['needs no parents', independent, 'a parent that a user deleted is brought back for its child'],
  ['notices no throttling', impatient, 'a throttled connection rests as long as the target said'],
  ['is in a hurry', hasty, 'a throttled connection rests also when the target did not say how long'],
  ['goes on although it is refused', onward, 'revoked credentials pause the tenant, and nothing further is sent'],
  [
    'goes on although it is refused',
    onward,
    'an expired token is renewed once where it can be, and pauses the tenant where not',
  ],
  ['does not look at Start', deafAtStart, 'Start says in words that the credentials are wrong'],
])('a connector that %s is found out', async (_what, change, caseName) => {
  const testCase = CASES.find(({ name }) => name === caseName);
  if (testCase === undefined) throw new Error(`There is no case "${caseName}".`);
  const clock = movableClock();
  const target = await startHubspot({ now: clock.now, customObjects: false, noteKeys: true });
  const engine = engineWith([{ ...hubspotConnector, ...change }]);
  try {
    await expect(runCase(testCase, { engine, connectorId: 'hubspot', target, clock })).rejects.toThrow(/\.$|: /s);
  } finally {
    await target.close();
    clock.restore();
  }
});
