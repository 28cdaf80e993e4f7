import { getHeapStatistics } from 'node:v8';

/** All answers that are being received at the same time, together: each alone may be large, and slow. */
const MOST_RECEIVED_BYTES = 20_971_520;
/** Of each answer so much has room in any case, or a few large and slow ones would keep every other from coming in. */
const FREE_BYTES = 16_384;
/** Parsed, a smaller one takes less than three megabytes, whatever it holds. */
const SMALL_BYTES = 65_536;
/** The rest is the young generation's in the image's heap: what is parsed has to fit in beside it. */
const MOST_OF_HEAP = 0.7;
/** What V8 lays out for a member or an entry while it parses: so much in answers made for it, a quarter of it in Core's. */
const BYTES_PER_VALUE = 128;
/** Each member and each entry follows one of these. */
const [COMMA, BRACKET, BRACE] = Buffer.from(',[{');

/** What V8 holds, garbage included, and what it may hold, in bytes. */
export interface HeapUse {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

function heapUse(): HeapUse {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
  return { usedBytes, limitBytes };
}

/**
 * The memory that answers may take, while they come in and when they are parsed. Others decide what an answer holds,
 * and V8 ends the process, and the work for all tenants with it, when its heap is full: four megabytes of `{},` become
 * ninety.
 */
export class AnswerRoom {
  private receivedBytes = 0;

  constructor(private readonly heap: () => HeapUse = heapUse) {}

  /**
   * @param heldBytes of the same answer, before
   * @returns whether so much more of it may be received; then {@link giveBack} follows
   */
  take(heldBytes: number, bytes: number): boolean {
    const shared = sharedPart(heldBytes + bytes) - sharedPart(heldBytes);
    if (shared > 0 && this.receivedBytes + shared > MOST_RECEIVED_BYTES) return false;
    this.receivedBytes += shared;
    return true;
  }

  /** @param heldBytes all that was taken for one answer */
  giveBack(heldBytes: number): void {
    this.receivedBytes -= sharedPart(heldBytes);
  }

  /** Whether the text, and what it becomes if it is JSON, find room in the heap now. */
  hasRoomToParse(text: Buffer): boolean {
    if (text.length < SMALL_BYTES) return true;
    const { usedBytes, limitBytes } = this.heap();
    return usedBytes + text.length + mostValuesIn(text) * BYTES_PER_VALUE < limitBytes * MOST_OF_HEAP;
  }
}

function sharedPart(bytes: number): number {
  return Math.max(0, bytes - FREE_BYTES);
}

/** By index: an iterator would take many times as long. */
function mostValuesIn(json: Buffer): number {
  let values = 0;
  for (let place = 0; place < json.length; place++) {
    const byte = json[place];
    if (byte === COMMA || byte === BRACKET || byte === BRACE) values++;
  }
  return values;
}
