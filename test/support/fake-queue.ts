import type { Queue } from '../../src/queue/queue.js';

function unexpected(): Promise<never> {
  return Promise.reject(new Error('Nobody expected this call of the queue.'));
}

/** A queue of which a test defines what it uses; everything else fails when called. */
export function fakeQueue(parts: Partial<Queue> = {}): Queue {
  return {
    append: unexpected,
    claim: unexpected,
    settle: unexpected,
    announce: unexpected,
    release: unexpected,
    move: unexpected,
    makeDue: unexpected,
    overdue: unexpected,
    backlog: unexpected,
    waitingSpan: unexpected,
    nextDueAtMs: unexpected,
    changeRest: unexpected,
    restOf: unexpected,
    operatorPauses: unexpected,
    isHeld: () => true,
    runAlone: (_names, task) => task(),
    endWaits: () => undefined,
    replicas: () => 1,
    onWork: () => () => undefined,
    recordMarks: unexpected,
    rootOf: unexpected,
    cursor: unexpected,
    saveCursor: unexpected,
    sweep: unexpected,
    check: unexpected,
    close: () => Promise.resolve(),
    ...parts,
  };
}
