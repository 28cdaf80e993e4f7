import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewEvent } from '../queue/queue.js';
import { SqliteQueue } from '../queue/sqlite/sqlite-queue.js';
import { runOps } from './run-ops.js';

const PAYLOAD = '{"locators":{"policyLocator":"1"},"secret":"hunter2"}';

describe('a command', () => {
  let folder: string;
  let queue: SqliteQueue;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ops-'));
    queue = SqliteQueue.open(folder, { settleMs: 0, settleMaxMs: 0 });
  });
  afterEach(async () => {
    await queue.close();
    rmSync(folder, { recursive: true });
  });

  /** @param columns of the terminal; without them the output is no terminal */
  async function run(line: string, columns?: number, stop?: Promise<void>) {
    const written = { out: '', err: '' };
    const outputTo = (name: 'out' | 'err') => ({
      write: (text: string) => (written[name] += text),
      ...(columns !== undefined && { isTTY: true, columns }),
    });
    const code = await runOps(line.split(' '), {
      environment: { DATA_DIR: folder, NO_COLOR: '1' },
      out: outputTo('out'),
      err: outputTo('err'),
      onStop: (end) => void stop?.then(end),
    });
    return { code, ...written };
  }

  async function dead(id: string, parts: Partial<NewEvent> = {}, code = 'status_422'): Promise<void> {
    const times = { occurredAtMs: 1, receivedAtMs: 1 };
    await queue.append({
      tenant: 't1',
      id,
      type: 'policy.issue',
      root: `policy:${id}`,
      payload: PAYLOAD,
      ...times,
      ...parts,
    });
    const { claims } = await queue.claim({ tenants: ['t1', 't2'], limit: 9, nowMs: 10, leaseMs: 10 });
    for (const claim of claims) {
      const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'dead' as const, code }));
      await queue.settle(claim, { nowMs: 10, ended, retried: [], records: [], places: [] });
    }
  }

  it.each<[string, number, string, string]>([
    ['--help', 0, 'Usage: npm run ops', ''],
    ['status', 0, 'No tenant has sent anything yet.', ''],
    ['dead-letters', 0, 'There are no such dead letters.', ''],
    ['dead-letters --state skipped', 0, 'There are no such skipped events.', ''],
    ['where 100004200', 3, 'Nothing here is known of 100004200', ''],
    ['replay --all --yes', 3, 'No event is meant by this.', ''],
    ['replay e9', 3, 'Not found: e9.', ''],
    ['replay #9', 3, 'Not found: #9.', ''],
    ['where #9', 3, 'Nothing here is known of #9:', ''],
    ['pause t9', 3, 'holds nothing of a tenant t9', ''],
    ['stat', 2, '', 'There is no command "stat"'],
    ['stat --json', 2, '{"error":{"code":"misused","message":', ''],
    ['where x --json', 3, '{"roots":[],"records":[]}', ''],
  ])('"%s" ends with %d', async (line, code, out, err) => {
    const told = await run(line);
    expect(told.code).toBe(code);
    expect(told.out).toContain(out);
    expect(told.err).toContain(err);
    expect([told.out === '', told.err === '']).toEqual([out === '', err === '']);
  });

  it('shows no payload, and of what is no id of Core’s nothing but the number', async () => {
    await dead('alice@example.com');
    await dead('\u001b[2Je', { root: 'event:\u001b[2J' });
    for (const line of ['dead-letters', 'where #1', 'where #2', 'where alice@example.com', 'replay #1 #2', 'status']) {
      for (const told of [await run(line), await run(line, 100), await run(`${line} --json`)]) {
        expect(told.code).toBe(0);
        expect(told.out).not.toMatch(/hunter2|alice@|locators/);
        expect(told.out.includes('\u001b')).toBe(false);
      }
    }
    expect((await run('dead-letters')).out).toMatch(/#1 .* unprintable/);
    expect((await run('replay #1 --yes')).out).toContain('1 replayed.');
    expect((await queue.backlog()).waitingEvents).toBe(1);
  });

  it('says of what is to be tried again nothing of why it was given up before', async () => {
    await dead('e1', {}, 'core_forbids_invoice');
    await run('replay e1 --yes');
    const { out } = await run('where e1');
    expect(out).toContain('waiting');
    expect(out).not.toContain('core_');
  });

  it('says of what was due long ago neither that it has happened nor that only its turn can be awaited', async () => {
    const parts = { tenant: 't1', type: 'policy.issue', occurredAtMs: 1, receivedAtMs: 1, payload: PAYLOAD };
    await queue.append({ ...parts, id: 'e1', root: 'policy:1' });
    const { claims } = await queue.claim({ tenants: ['t1'], limit: 1, nowMs: 10, leaseMs: 10 });
    for (const claim of claims) {
      const ended = claim.events.map(({ sequence }) => ({ sequence, end: 'delivered' as const }));
      await queue.settle(claim, { nowMs: 10, ended, retried: [], records: [], places: [], wake: { atMs: 20 } });
    }
    expect((await run('where policy:1')).out).toContain('Looked at again as soon as it is its turn, because time');
    await queue.append({ ...parts, id: 'e2', root: 'policy:2' });
    expect((await run('where policy:2')).out).toContain('its target or Core wants rest or does not answer');
  });

  it.each([40, 60, 80, 120])('fits a terminal of %d columns', async (columns) => {
    await dead('5cef871b-2adf-5cd5-8603-a74d63fc5992', {}, 'core_forbids_invoice');
    await queue.append({
      tenant: 't2',
      id: '6cef871b-2adf-5cd5-8603-a74d63fc5992',
      type: 'policy.gracePeriod.satisfied',
      root: 'policy:5cef871b-2adf-5cd5-8603-a74d63fc5993',
      occurredAtMs: 1,
      receivedAtMs: 1,
      payload: PAYLOAD,
    });
    await run('pause t1');
    for (const line of ['status', 'dead-letters', 'where #1', 'where #2', 'replay --all', 'where nowhere']) {
      const lines = (await run(line, columns)).out.split('\n');
      expect(lines.filter((text) => text.length > columns)).toEqual([]);
    }
  });

  it('shows how far it is, keeps the pace, and ends when it is told to', async () => {
    for (let index = 0; index < 6; index++) await dead(`e${index}`);
    const startedMs = performance.now();
    const told = await run('replay --all --yes --rate 2', 80, new Promise((resolve) => setTimeout(resolve, 1_500)));
    expect(performance.now() - startedMs).toBeGreaterThan(1_900);
    expect(told.err).toContain('2 of 6 replayed');
    expect(told.out).toContain('4 replayed. 2 stay as they are.');
    expect(await queue.backlog()).toMatchObject({ waitingEvents: 4, deadLetters: 2 });
  });
});
