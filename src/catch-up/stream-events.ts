import { readEnvelopeJson } from '../intake/envelope.js';
import { judge, toNewEvent } from '../intake/intake.js';
import type { NewEvent } from '../queue/queue.js';
import type { TenantState } from '../state/tenant-state.js';

/** One page of the event stream, judged as if each of its events had rung. */
export interface JudgedPage {
  readonly events: readonly NewEvent[];
  /** What is not kept, and why: an unknown name, outside the profile, or no envelope that can be read. */
  readonly ignored: readonly { readonly eventId?: string; readonly code: string }[];
}

export function judgePage(entries: readonly unknown[], state: TenantState, receivedAtMs: number): JudgedPage {
  const events: NewEvent[] = [];
  const ignored: { eventId?: string; code: string }[] = [];
  for (const entry of entries) {
    const reading = readEnvelopeJson(entry);
    if (!reading.ok) {
      const id = typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined;
      ignored.push({ ...(typeof id === 'string' && { eventId: id }), code: 'invalid_envelope' });
      continue;
    }
    const intake = judge(reading.envelope, state.settings);
    if (intake.kind === 'keep') events.push(toNewEvent(state.tenant, intake.event, receivedAtMs));
    else ignored.push({ eventId: reading.envelope.id, code: intake.code });
  }
  return { events, ignored };
}
