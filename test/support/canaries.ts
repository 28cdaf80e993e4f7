/** What a canary looks like: as what it stands for, so that no rule for names, addresses or dates keeps it out. */
export type CanaryForm = 'word' | 'name' | 'code' | 'email' | 'phone' | 'date';

const DAY_MS = 86_400_000;

/** Marked values, each of them once in the world: whatever carries one out of the app has betrayed somebody. */
export class Canaries {
  /** Value to what it is. */
  readonly #values = new Map<string, string>();
  /** Those that somebody else has made, and that carry no mark. */
  readonly #foreign = new Set<string>();
  readonly #reached = new Set<string>();

  /** A new one. @param what it stands for, as a leak would be reported */
  mint(what: string, form: CanaryForm = 'word'): string {
    const number = this.#values.size + 1;
    const mark = `cnry${number}x${(number * 7_919).toString(36)}q`;
    const value = {
      word: mark,
      name: `Zoë ${mark} Müller`,
      // Vendors' codes have no digits as a rule.
      code: `CNRY_${number.toString().replaceAll(/\d/g, (digit) => 'KLMNOPQRST'[Number(digit)] ?? '')}Z`,
      email: `${mark}@people.test`,
      phone: `+1-999-${String(5_000_000 + number * 13)}`,
      // Nobody else's dates in these tests are that old.
      date: new Date(Date.UTC(1_901, 0, 1) + number * DAY_MS).toISOString().slice(0, 10),
    }[form];
    this.#values.set(value, what);
    return value;
  }

  /** A value that somebody else has made, a stand-in's password, say, watched like one of ours. */
  adopt(what: string, value: string): string {
    this.#values.set(value, what);
    this.#foreign.add(value);
    return value;
  }

  /** Notes which canaries have gone into the app with this text: it was answered, sent or served. */
  reach(text: string): void {
    for (const value of this.#values.keys()) {
      if (!this.#reached.has(value) && text.includes(plainOf(value))) this.#reached.add(value);
    }
  }

  get count(): number {
    return this.#values.size;
  }

  /** What stands for those that were never let in: they prove nothing. */
  get unseen(): readonly string[] {
    return [...this.#values].filter(([value]) => !this.#reached.has(value)).map(([, what]) => what);
  }

  /** What stands for those that are in this text, in any spelling. @param but these may be there */
  leaksIn(text: string, but: readonly string[] = []): readonly string[] {
    const folded = text.toLowerCase();
    const marks = new Set(folded.match(MARK));
    const isEncoded = ENCODED_MARKS.some((part) => folded.includes(part));
    return [...this.#values]
      .filter(([value]) => !but.includes(value))
      .filter(
        ([value]) =>
          isIn(folded, marks, value) || ((isEncoded || this.#foreign.has(value)) && isEncodedIn(folded, value)),
      )
      .map(([, what]) => what);
  }
}

/** As it is. The marks are found all at once: to look for each of thousands takes long. */
function isIn(folded: string, marks: ReadonlySet<string>, value: string): boolean {
  const plain = plainOf(value).toLowerCase();
  return MARKED.test(plain) ? marks.has(plain) : folded.includes(plain);
}

/** Written in another way, by which nobody means to hide it. */
function isEncodedIn(folded: string, value: string): boolean {
  const bytes = Buffer.from(value);
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  const spellings = [base64, bytes.toString('base64url'), bytes.toString('hex'), encodeURIComponent(value)];
  return spellings.some((spelling) => folded.includes(spelling.toLowerCase()));
}

function plainOf(value: string): string {
  return MARKED.exec(value)?.[0] ?? value;
}

/** What a marked value is known by, whatever stands around it. */
const MARKED = /cnry\d+x[a-z0-9]+q/i;
const MARK = new RegExp(MARKED, 'gi');

/** What is in every encoded text that has a mark in it: in hexadecimal, and at each place that base64 can put it. */
const ENCODED_MARKS = [
  Buffer.from('cnry').toString('hex'),
  ...['cnry', '\0cnry', '\0\0cnry'].map((text, shift) =>
    Buffer.from(text)
      .toString('base64')
      .slice(shift === 0 ? 0 : shift + 1, 5 + shift),
  ),
].map((part) => part.replace(/=+$/, '').toLowerCase());
