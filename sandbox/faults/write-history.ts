import type { StandInRecord } from '../targets/target-stand-in.ts';

/** A value of a field as JSON; `undefined` while the record has none. */
type FieldValue = string | undefined;

/** The values that each field has had in the target, one after the other, by `<key> <field>`. */
export type FieldHistory = ReadonlyMap<string, readonly FieldValue[]>;

/** What the target's records were, after every request it answered. */
export class WriteHistory {
  readonly #byKey = new Map<string, Map<string, FieldValue[]>>();
  readonly #doubled = new Set<string>();

  /** Looks at what the target holds now. */
  note(records: readonly StandInRecord[]): void {
    const seen = new Set<string>();
    for (const { key, fields } of records) {
      if (seen.has(key)) this.#doubled.add(key);
      seen.add(key);
      const known = this.#byKey.get(key) ?? new Map<string, FieldValue[]>();
      this.#byKey.set(key, known);
      for (const field of new Set([...known.keys(), ...Object.keys(fields)])) {
        const held = fields[field];
        noteValue(known, field, held === undefined ? undefined : JSON.stringify(held));
      }
    }
  }

  get values(): FieldHistory {
    const all = [...this.#byKey].flatMap(([key, fields]) =>
      [...fields].map(([field, values]) => [`${key} ${field}`, values] as const),
    );
    return new Map(all);
  }

  /** Keys that stood twice in the target at any time. */
  get doubled(): readonly string[] {
    return [...this.#doubled];
  }
}

function noteValue(fields: Map<string, FieldValue[]>, field: string, value: FieldValue): void {
  const values = fields.get(field);
  if (values === undefined) fields.set(field, [value]);
  else if (values.at(-1) !== value) values.push(value);
}

/**
 * Fields that went back to an older value after a newer one had been there, as `<key> <field>`. What is newer is said by a
 * history in which nothing went wrong; a value that never occurs there is passed over (a roll-up of two reads between
 * which Core has moved), and the next write has to put it right.
 */
export function wentBack(happened: FieldHistory, undisturbed: FieldHistory): readonly string[] {
  return [...happened].filter(([name, values]) => goesBack(values, undisturbed.get(name) ?? [])).map(([name]) => name);
}

function goesBack(values: readonly FieldValue[], order: readonly FieldValue[]): boolean {
  let place = 0;
  return values.some((value) => {
    if (!order.includes(value)) return false;
    const later = order.indexOf(value, place);
    if (later !== -1) place = later;
    return later === -1;
  });
}
