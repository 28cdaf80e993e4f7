import { familyOf, isEventName, type SocotraEvent } from '../events/socotra-events.js';
import type { NewEvent } from '../queue/queue.js';
import { PROFILE_SCOPES } from '../state/profile-scopes.js';
import type { SettingsReading } from '../state/tenant-settings.js';
import type { Envelope } from './envelope.js';
import { rootOf } from './root-of.js';

/** Whether an event is worth keeping, whichever way it came: rung by a webhook or found in the event stream. */
export type Intake =
  | { readonly kind: 'keep'; readonly event: SocotraEvent }
  | { readonly kind: 'ignore'; readonly code: 'unknown_event' | 'outside_profile' };

/** Settings that are not usable yet may be mended: everything is kept then. */
export function judge(envelope: Envelope, settings: SettingsReading): Intake {
  const { type, ...rest } = envelope;
  if (!isEventName(type)) return { kind: 'ignore', code: 'unknown_event' };
  const isOutside = settings.ok && !PROFILE_SCOPES[settings.settings.profile].families.has(familyOf(type));
  return isOutside ? { kind: 'ignore', code: 'outside_profile' } : { kind: 'keep', event: { ...rest, type } };
}

/** The event as the queue keeps it; the sync reads the payload back as it is. */
export function toNewEvent(tenant: string, event: SocotraEvent, receivedAtMs: number): NewEvent {
  const { id, type, occurredAtMs } = event;
  return { tenant, id, type, root: rootOf(event), occurredAtMs, receivedAtMs, payload: JSON.stringify(event) };
}
