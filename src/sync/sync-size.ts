import type { CanonicalRecord } from '../records/canonical-record.js';

/** All records of one root, and all text in them: many times what the largest policies have. */
const MOST_RECORDS = 2_000;
const MOST_CHARACTERS = 1_000_000;

/**
 * What the events of one root bring to be delivered together. Core decides how much that is, and a tenant may name any Core:
 * from four megabytes of an answer records could be made that fill the memory of the process, and of the next one.
 */
export class SyncSize {
  private readonly keys = new Set<string>();
  private characters = 0;

  /**
   * Takes the records of one event, whose others may have brought the same.
   * @returns whether they found room, find some in a later sync of their own, or never do
   */
  take(records: readonly CanonicalRecord[]): 'taken' | 'later' | 'never' {
    const fresh = records.filter(({ key }) => !this.keys.has(key));
    const characters = charactersOf(fresh);
    if (!hasRoomFor(this.keys.size + fresh.length, this.characters + characters)) {
      return hasRoomFor(records.length, charactersOf(records)) ? 'later' : 'never';
    }
    for (const { key } of fresh) this.keys.add(key);
    this.characters += characters;
    return 'taken';
  }
}

function hasRoomFor(records: number, characters: number): boolean {
  return records <= MOST_RECORDS && characters <= MOST_CHARACTERS;
}

function charactersOf(records: readonly CanonicalRecord[]): number {
  return records.reduce((sum, { fields }) => sum + charactersIn(fields), 0);
}

function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, member: unknown) => sum + charactersIn(member), 0);
}
