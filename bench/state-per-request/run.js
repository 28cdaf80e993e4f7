import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';

/**
 * What each way to give a provider its request costs: CPU microseconds of the server per request, as a difference to a
 * plain singleton in the same run. Variants alternate; medians over the rounds, with their spread.
 *
 *   node bench/state-per-request/run.js [rounds] [requests per round]
 */
const VARIANTS = ['singleton', 'storage', 'durable', 'request'];
const rounds = Number(process.argv[2] ?? 7);
const requests = Number(process.argv[3] ?? 3_000);
const SERVER = fileURLToPath(new URL('./server.js', import.meta.url));
const PARALLEL = 8;

async function start(variant) {
  const child = fork(SERVER, [variant]);
  const [{ url }] = await once(child, 'message');
  return { variant, child, url, costs: [] };
}

async function cpuOf(child) {
  child.send('cpu');
  const [{ user, system }] = await once(child, 'message');
  return user + system;
}

async function load(url, agent, count) {
  let left = count;
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      while (left-- > 0) {
        const { body } = await request(`${url}/answer`, {
          dispatcher: agent,
          headers: { 'x-smp-key': `key-${left % 50}` },
        });
        await body.dump();
      }
    }),
  );
}

const servers = await Promise.all(VARIANTS.map(start));
const agent = new Agent({ connections: PARALLEL });
for (const { url } of servers) await load(url, agent, requests);
for (let round = 0; round < rounds; round++) {
  for (const server of servers) {
    const before = await cpuOf(server.child);
    await load(server.url, agent, requests);
    server.costs.push(((await cpuOf(server.child)) - before) / requests);
  }
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const base = median(servers[0].costs);
process.stdout.write('variant     CPU-us/request  (min-max)        against singleton\n');
for (const { variant, costs } of servers) {
  const low = sorted(costs)[0];
  const high = sorted(costs).at(-1);
  const spread = `${low.toFixed(0)}-${high.toFixed(0)}`;
  process.stdout.write(
    `${variant.padEnd(12)}${median(costs).toFixed(0).padStart(8)}        ${spread.padEnd(16)} ${(median(costs) - base).toFixed(0).padStart(6)} (${(median(costs) / base).toFixed(2)}x)\n`,
  );
}
for (const { child } of servers) child.kill();
await agent.close();
