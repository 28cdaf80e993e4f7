/** What is remembered of all accounts together, as estimated by {@link sizeOf}; a sixth of the heap in the plan. */
const MOST_BYTES = 8_388_608;
/** One account that takes more is not remembered: it would drive out those of many others. */
const MOST_BYTES_OF_ONE = 2_097_152;
/** A member of an object, a Map, a Set or a list, as V8 lays it out on average. */
const BYTES_PER_MEMBER = 40;
const BYTES_PER_TEXT = 24;
/** Beside the thing itself: the promise of it, and where it is found. */
const BYTES_PER_THING = 500;

/**
 * How much is remembered of accounts. Others decide how much there is to learn of one (an org may name thousands of
 * fields, with names as long as its server likes), so what counts is not the number of accounts but what they take. What
 * was not used for longest is forgotten first, and learnt again when it is needed.
 */
export class LearntThings {
  /** In the order of their last use. */
  private readonly kept = new Map<object, { readonly bytes: number; readonly forget: () => void }>();
  private bytes = 0;

  constructor(
    private readonly mostBytes = MOST_BYTES,
    private readonly mostBytesOfOne = MOST_BYTES_OF_ONE,
  ) {}

  /** @param forget called when there is no room for it: at once, or later for others */
  keep(name: object, thing: unknown, forget: () => void): void {
    this.drop(name);
    const bytes = sizeOf(thing, this.mostBytesOfOne);
    if (bytes > this.mostBytesOfOne) return forget();
    this.kept.set(name, { bytes, forget });
    this.bytes += bytes;
    for (const [oldest, { forget: forgetOldest }] of this.kept) {
      if (this.bytes <= this.mostBytes) break;
      this.drop(oldest);
      forgetOldest();
    }
  }

  used(name: object): void {
    const known = this.kept.get(name);
    if (known === undefined) return;
    this.kept.delete(name);
    this.kept.set(name, known);
  }

  drop(name: object): void {
    this.bytes -= this.kept.get(name)?.bytes ?? 0;
    this.kept.delete(name);
  }
}

/** About how many bytes a thing takes; what it holds more than once counts once. Counts no further than beyond `most`. */
export function sizeOf(thing: unknown, most = Infinity): number {
  const seen = new Set<object>();
  const open: object[] = [];
  let bytes = BYTES_PER_THING;
  const count = (member: unknown): void => {
    bytes += BYTES_PER_MEMBER;
    if (typeof member === 'string') bytes += BYTES_PER_TEXT + member.length;
    if (typeof member !== 'object' || member === null || seen.has(member)) return;
    seen.add(member);
    open.push(member);
  };
  count(thing);
  for (let next = open.pop(); next !== undefined && bytes <= most; next = open.pop()) {
    const members = next instanceof Map || next instanceof Set ? next : new Map(Object.entries(next));
    members.forEach((value: unknown, name: unknown) => {
      count(name);
      if (value !== name) count(value);
    });
  }
  return bytes;
}
