const LOWEST_NODE_MAJOR = 24;

/** The program is imported only now: an older Node fails while reading it, before it could say why. */
async function main(): Promise<void> {
  const { node } = process.versions;
  if (Number(node.split('.')[0]) < LOWEST_NODE_MAJOR) {
    process.stderr.write(
      `Node ${node} is too old: use Node ${LOWEST_NODE_MAJOR} or newer ("npm run ops" brings its own).\n`,
    );
    process.exitCode = 1;
    return;
  }
  // "ops … | head" has read enough: no reason to complain.
  process.stdout.on('error', () => process.exit());
  const { runOps } = await import('./ops/run-ops.js');
  process.exitCode = await runOps(process.argv.slice(2), {
    environment: process.env,
    out: process.stdout,
    err: process.stderr,
    onStop: (stop) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
    },
  });
}

await main();
