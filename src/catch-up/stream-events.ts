import { readEnvelopeJson } from '../intake/envelope.js';
import { judge, toNewEvent } from '../intake/intake.js';
import type { NewEvent } from '../queue/queue.js';
import type { TenantState } from '../state/tenant-state.js';

/**
 * The events of one page that are worth keeping, judged as if each had rung. An entry that is no envelope is not an
 * event: Core's stream is trusted to be complete, not to be free of things to come.
 */
export function toNewEvents(entries: readonly unknown[], state: TenantState, receivedAtMs: number): NewEvent[] {
  return entries.flatMap((entry) => {
    const reading = readEnvelopeJson(entry);
    if (!reading.ok) return [];
    const intake = judge(reading.envelope, state.settings);
    return intake.kind === 'keep' ? [toNewEvent(state.tenant, intake.event, receivedAtMs)] : [];
  });
}
