import { cutTo, wordsOf } from '../../record-text.js';

/** What is written of a record. */
export interface Written {
  /** HubSpot's properties; all values travel as text, and an empty text clears. */
  readonly properties: Readonly<Record<string, string>>;
  /** What a new record cannot do without, used only where HubSpot asks for it. */
  readonly fallbacks: Readonly<Record<string, string>>;
}

/** A value of a record: absent is left alone, null clears. */
export type Value = string | null | undefined;

/** HubSpot cuts nothing: a longer text is refused. */
export const LONGEST_TEXT = 65_536;

export function propertiesOf(values: Readonly<Record<string, Value>>): Readonly<Record<string, string>> {
  const given = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, cutTo(value ?? '', LONGEST_TEXT)]],
  );
  // Safe: of every pair that is left the value is text.
  return Object.fromEntries(given) as Readonly<Record<string, string>>;
}

export function flag(value: boolean | undefined): Value {
  return value === undefined ? undefined : String(value);
}

/** The state of a record as people read it; a void one ended before it counted. */
export function statusInWords(op: 'upsert' | 'void', state: string | undefined): Value {
  return op === 'void' ? 'Discarded' : state && wordsOf(state);
}

/** `Policy 100004200`; a record that does not say its number goes by its locator only where it is new. */
export function titled(title: string, number: string | undefined): Value {
  return number === undefined ? undefined : `${title} ${number}`;
}

/** A calendar day for a property that holds an instant: noon, so that it is the same day in nearly every time zone. */
export function noonOf(day: Value): Value {
  return day ? `${day}T12:00:00.000Z` : day;
}
