import { fileURLToPath } from 'node:url';

const LOWEST_NODE_MAJOR = 24;

/** The one line of a boot that cannot succeed; it names what to change. */
function refuseBoot(message: string): void {
  const line = { time: new Date().toISOString(), level: 'error', event: 'app.boot_refused', message };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  process.exitCode = 1;
}

/** The program is imported only now: an older Node fails while reading it, before it could say why. */
async function main(): Promise<void> {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) < LOWEST_NODE_MAJOR) {
    refuseBoot(`Node ${node} is too old: use Node ${LOWEST_NODE_MAJOR} or newer ("npm start" brings its own).`);
    return;
  }
  // Compiled once and kept beside the program; the image brings it along. An older Node does not know this either.
  const { enableCompileCache } = await import('node:module');
  enableCompileCache(fileURLToPath(new URL('compile-cache', import.meta.url)));
  const { boot, describeRefusal } = await import('./boot.js');
  try {
    await boot();
  } catch (error) {
    const refusal = describeRefusal(error);
    if (refusal === undefined) throw error;
    refuseBoot(refusal);
    process.exit();
  }
}

await main();
