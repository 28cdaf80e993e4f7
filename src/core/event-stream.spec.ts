import type { CoreAnswer } from './core-client.js';
import { readEventPage } from './event-stream.js';

/** A Core that gives these answers, one after the other, and keeps what it was asked. */
function coreWith(...answers: readonly CoreAnswer<unknown>[]) {
  const asked: string[] = [];
  const get = (path: string): Promise<CoreAnswer<unknown>> => {
    asked.push(path);
    return Promise.resolve(answers[asked.length - 1] ?? { kind: 'retry', code: 'not_expected' });
  };
  return { asked, get };
}

const FROM = { kind: 'from', startMs: 7 } as const;
const found = (value: unknown): CoreAnswer<unknown> => ({ kind: 'found', value });
const PAGE = found({ events: [{ id: 'a' }], pagingToken: 't' });
const READ = { kind: 'found', value: { events: [{ id: 'a' }], pagingToken: 't' } };

it('begins at an instant, and goes on with the token alone', async () => {
  const core = coreWith(PAGE, PAGE);
  await readEventPage(core, FROM);
  await readEventPage(core, { kind: 'token', pagingToken: 'a&b' });
  expect(core.asked).toEqual([
    '/eventstream/attributedEvents?startTimestamp=7&pageSize=100',
    '/eventstream/attributedEvents?pagingToken=a%26b',
  ]);
});

it.each(['forbidden', 'not_found'] as const)(
  'where the attributed events are %s, the others are read',
  async (kind) => {
    const core = coreWith({ kind }, PAGE);
    expect(await readEventPage(core, FROM)).toEqual(READ);
    expect(core.asked[1]).toBe('/eventstream/events?startTimestamp=7&pageSize=100');
  },
);

it.each<CoreAnswer<unknown>>([
  { kind: 'unauthorized' },
  { kind: 'retry', code: 'core_status_500' },
  { kind: 'unavailable', code: 'core_timeout' },
])('%j stays what it is', async (answer) => {
  const core = coreWith(answer, PAGE);
  expect(await readEventPage(core, FROM)).toEqual(answer);
});

it.each([
  [{ events: [] }, {}],
  [{ events: [], pagingToken: '' }, {}],
  [{ events: [], pagingToken: 5 }, {}],
  [{ events: [], pagingToken: 't' }, { pagingToken: 't' }],
])('%j goes on with %j', async (json, next) => {
  expect(await readEventPage(coreWith(found(json)), FROM)).toEqual({
    kind: 'found',
    value: { events: [], ...next },
  });
});

it.each([[null], ['events'], [{}], [{ events: {} }]])('%j is no page', async (json) => {
  expect(await readEventPage(coreWith(found(json)), FROM)).toMatchObject({ kind: 'malformed' });
});
