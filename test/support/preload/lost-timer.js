/*
 * Loaded into the built app before it starts: after SIGUSR2 the worker's timer is lost, as by a bug of ours, and an hour
 * goes by. Whatever else the process does goes on.
 */
const { setTimeout: realSetTimeout } = globalThis;
const realNow = performance.now.bind(performance);
let isLost = false;

globalThis.setTimeout = (callback, ...rest) =>
  isLost && String(callback).includes('takeDueRoots')
    ? realSetTimeout(() => undefined, 0)
    : realSetTimeout(callback, ...rest);
performance.now = () => realNow() + (isLost ? 3_600_000 : 0);
process.on('SIGUSR2', () => (isLost = true));
