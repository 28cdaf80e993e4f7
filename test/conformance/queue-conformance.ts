import { claims } from './queue/claims.js';
import { moves } from './queue/moves.js';
import { QueueBench, type QueueUnderTest } from './queue/queue-bench.js';
import { records } from './queue/records.js';
import { rests } from './queue/rests.js';
import { retention } from './queue/retention.js';
import { retries } from './queue/retries.js';
import { storedEvents } from './queue/stored-events.js';
import { time } from './queue/time.js';

/** Every promise of the port, held against one adapter. */
export function describeQueueConformance(name: string, underTest: QueueUnderTest): void {
  describe(`queue conformance: ${name}`, () => {
    const bench = new QueueBench(underTest);
    beforeEach(() => bench.open());
    afterEach(() => bench.end());

    storedEvents(bench);
    claims(bench);
    retries(bench);
    records(bench);
    time(bench);
    moves(bench);
    rests(bench);
    retention(bench);
  });
}
