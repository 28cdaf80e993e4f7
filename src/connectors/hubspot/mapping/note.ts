import type { RecordOf } from '../../../records/canonical-record.js';
import { cutTo } from '../../record-text.js';
import { LONGEST_TEXT, propertiesOf, type Written } from './values.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * A line of the timeline.
 *
 * @param eventMs milliseconds since the epoch, the time of a line that does not say its own
 * @param isMarked whether the body names the key, so that the note is found again where no property can hold it
 */
export function noteOf({ fields, key }: RecordOf<'activity'>, eventMs: number, isMarked: boolean): Written {
  const { subject, occurredAt } = fields;
  const marker = isMarked ? `<p>Socotra ${key}</p>` : '';
  // Escaped, a sign becomes six at most.
  const text = subject && cutTo(subject, LONGEST_TEXT / 8).replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
  return {
    properties: propertiesOf({
      hs_timestamp: occurredAt ?? new Date(eventMs).toISOString(),
      hs_note_body: text === undefined ? undefined : `<p>${text}</p>${marker}`,
    }),
    fallbacks: { hs_note_body: `<p>Socotra</p>${marker}` },
  };
}

/** Whether the body of a note carries this key; one key may begin like another. */
export function isMarkedWith(body: string, key: string): boolean {
  return body.split(/[^A-Za-z0-9_-]+/).includes(key);
}
