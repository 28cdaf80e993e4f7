import { fakeQueue } from '../../test/support/fake-queue.ts';
import type { CoreAnswer } from '../core/core-client.js';
import { type CursorPlaces, findCursor, keepStart, mirrorCursor, saveCursor } from './cursor.js';

const NOTHING: CoreAnswer<unknown> = { kind: 'not_found' };
const AWAY: CoreAnswer<unknown> = { kind: 'unavailable', code: 'core_unavailable' };
const MIRRORED: CoreAnswer<unknown> = { kind: 'found', value: { value: '{"pagingToken":"mirrored"}' } };

function scene(mirror: CoreAnswer<unknown>) {
  let cursor: string | undefined;
  let asked = 0;
  const queue = fakeQueue({
    cursor: () => Promise.resolve(cursor),
    saveCursor: async (_tenant, saved) => void (cursor = saved),
  });
  const client: CursorPlaces['client'] = {
    get: () => {
      asked++;
      return Promise.resolve(mirror);
    },
    put: () => Promise.reject(new Error('nobody writes the mirror here')),
  };
  return { places: { queue, client, tenant: 't', connection: 'c' }, asked: () => asked };
}

const from = (startMs: number) => ({ kind: 'found', position: { kind: 'from', startMs } });
const token = (pagingToken: string) => ({ kind: 'found', position: { kind: 'token', pagingToken } });

describe('a tenant that was never read', () => {
  it.each<[string, CoreAnswer<unknown>, object]>([
    ['begins anew', NOTHING, { kind: 'first_time' }],
    ['goes on where an earlier disk was', MIRRORED, token('mirrored')],
    [
      'begins anew where the account may not read that: it never wrote any',
      { kind: 'forbidden' },
      { kind: 'first_time' },
    ],
    ['waits until that is known', AWAY, { kind: 'unavailable', code: 'core_unavailable' }],
  ])('%s', async (_what, mirror, expected) => {
    expect(await findCursor(scene(mirror).places)).toEqual(expected);
  });

  it.each<[string, CoreAnswer<unknown>, object]>([
    ['at its Start, however late it is read', NOTHING, from(5)],
    ['where an earlier disk was, which is before its Start', MIRRORED, token('mirrored')],
    [
      'not yet while Core is away, and its Start is not forgotten',
      AWAY,
      { kind: 'unavailable', code: 'core_unavailable' },
    ],
  ])('once started, begins %s', async (_what, mirror, expected) => {
    const { places } = scene(mirror);
    await keepStart(places, 5);
    expect(await findCursor(places)).toEqual(expected);
    await keepStart(places, 9);
    expect(await findCursor({ ...places, client: scene(NOTHING).places.client })).toEqual(from(5));
  });
});

it('a tenant that was read goes on there, whatever Start it has, and nobody is asked', async () => {
  const { places, asked } = scene(MIRRORED);
  await keepStart(places, 5);
  await saveCursor(places, { kind: 'token', pagingToken: 'own' });
  await keepStart(places, 9);
  expect(await findCursor(places)).toEqual(token('own'));
  await saveCursor(places, { kind: 'from', startMs: 7 });
  expect(await findCursor(places)).toEqual(from(7));
  expect(asked()).toBe(0);
});

it('two apps on one tenant have a mirror each', async () => {
  const mirrors = new Map<string, string>();
  const client: CursorPlaces['client'] = {
    get: (path) => {
      const value = mirrors.get(path.slice(path.lastIndexOf('/') + 1));
      return Promise.resolve(value === undefined ? NOTHING : { kind: 'found', value: { value } });
    },
    put: (_path, { auxData: [entry] }: { auxData: [{ key: string; value: string }] }) => {
      mirrors.set(entry.key, entry.value);
      return Promise.resolve({ kind: 'found', value: undefined });
    },
  };
  const { places } = scene(NOTHING);
  const [sandbox, production] = ['sandbox', 'production'].map((connection) => ({ ...places, client, connection }));
  if (!sandbox || !production) throw new Error('there are two');
  await mirrorCursor(sandbox, { kind: 'token', pagingToken: 'far' });
  expect(await findCursor(production)).toEqual({ kind: 'first_time' });
  expect(await findCursor(sandbox)).toEqual(token('far'));
});
