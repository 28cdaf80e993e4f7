import { listenOnLoopback, type LoopbackServer } from '../http/loopback-server.ts';
import { Gate, type GateState } from './gate.ts';

/** Long enough for a slow machine to answer, where an answer comes at all. */
const PATIENCE_MS = 2_500;

describe('a gate before a server', () => {
  let server: LoopbackServer;
  let gate: Gate;
  let requests = 0;

  beforeEach(async () => {
    requests = 0;
    server = await listenOnLoopback((_request, response) => {
      requests += 1;
      response.end('here');
    });
    gate = await Gate.before(server.host);
  });
  afterEach(async () => {
    await gate.close();
    await server.close();
  });

  /** The status, or how it failed. */
  const ask = () =>
    fetch(`http://${gate.host}/`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
      ({ status }) => status,
      (error: unknown) => (String(error).startsWith('TimeoutError') ? 'no answer' : 'no connection'),
    );

  it.each<[GateState, number | string, number]>([
    ['open', 200, 1],
    ['refused', 'no connection', 0],
    ['silent', 'no answer', 0],
    ['answers lost', 'no answer', 1],
    ['unwell', 503, 0],
  ])('that is %s', async (state, outcome, reached) => {
    await gate.become(state);
    expect([await ask(), requests]).toEqual([outcome, reached]);
    await gate.become('open');
    expect(await ask()).toBe(200);
  });

  it('cuts an exchange that is under way when it changes', async () => {
    await gate.become('silent');
    const asked = ask();
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS / 5));
    await gate.become('open');
    expect(await asked).toBe('no connection');
  });
});
