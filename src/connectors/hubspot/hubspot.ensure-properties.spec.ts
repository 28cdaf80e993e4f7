import { answered, fakeTarget } from '../../../test/support/fake-target.js';
import { ensureProperties } from './hubspot.ensure-properties.js';
import { KEY } from './hubspot.properties.js';

it('learns no more names than HubSpot can have, and none longer than its own', async () => {
  const names = [KEY, 'x'.repeat(256), ...Array.from({ length: 6_000 }, (_, index) => `own_${index}`)];
  const { target } = fakeTarget({
    answers: [answered(200, { results: names.map((name) => ({ name, hasUniqueValue: name === KEY })) })],
  });
  const known = await ensureProperties(target, 'contacts', {});
  const learnt = known.ok ? known.value.names : new Set<string>();
  expect([learnt.size, learnt.has('own_0'), learnt.has('x'.repeat(256))]).toEqual([5_000, true, false]);
});
