import { AnswerRoom } from './answer-room.js';

const MEGABYTE = 1_048_576;
/** Of each answer, in any case. */
const FREE_BYTES = 16_384;
/** As in the image: 80 MB at most, 56 of them for what stays, and what a tenth of the tenants that fit in hold. */
const HEAP = { usedBytes: 20 * MEGABYTE, limitBytes: 80 * MEGABYTE };

const of = (part: string, bytes: number) => Buffer.from(part.repeat(Math.ceil(bytes / part.length)).slice(0, bytes));

describe('what is being received', () => {
  /** Five answers of 4 MB, in two parts each. */
  function filled(): AnswerRoom {
    const room = new AnswerRoom();
    for (let answer = 0; answer < 5; answer++) {
      expect(room.take(0, MEGABYTE)).toBe(true);
      expect(room.take(MEGABYTE, 3 * MEGABYTE + FREE_BYTES)).toBe(true);
    }
    return room;
  }

  it('is bounded for all together, and has room again when some is given back', () => {
    const room = filled();
    expect(room.take(0, FREE_BYTES + 1)).toBe(false);
    room.giveBack(4 * MEGABYTE + FREE_BYTES);
    expect(room.take(0, 4 * MEGABYTE + FREE_BYTES)).toBe(true);
    expect(room.take(0, FREE_BYTES + 1)).toBe(false);
  });

  it('has room for small answers, however many large ones there are', () => {
    const room = filled();
    for (let answer = 0; answer < 10; answer++) {
      expect(room.take(0, 1_000)).toBe(true);
      expect(room.take(1_000, FREE_BYTES - 1_000)).toBe(true);
      expect(room.take(FREE_BYTES, 1)).toBe(false);
      room.giveBack(FREE_BYTES);
    }
    room.giveBack(4 * MEGABYTE + FREE_BYTES);
    expect(room.take(0, 4 * MEGABYTE + FREE_BYTES)).toBe(true);
    expect(room.take(FREE_BYTES, 1)).toBe(false);
  });
});

describe('what is to be parsed', () => {
  const isTaken = (text: Buffer, heap = HEAP) => new AnswerRoom(() => heap).hasRoomToParse(text);

  it.each([
    ['a policy with a long history', of('{"locator":"100004200","createdTimestamp":"1700000000000"},', 4 * MEGABYTE)],
    ['one long text', of('x', 4 * MEGABYTE)],
    ['a small answer, whatever it holds', of('{},', 65_535)],
  ])('%s is taken', (_what, text) => {
    expect(isTaken(text)).toBe(true);
  });

  it.each([
    ['empty objects', of('{},', MEGABYTE)],
    ['lists in lists', of('[', MEGABYTE)],
    ['short entries', of('1,', MEGABYTE)],
  ])('%s would take more than there is', (_what, text) => {
    expect(isTaken(text)).toBe(false);
  });

  it('depends on what is free now', () => {
    const text = of('{},', 65_536);
    expect(isTaken(text)).toBe(true);
    expect(isTaken(text, { ...HEAP, usedBytes: 55 * MEGABYTE })).toBe(false);
  });

  it('leaves out what the image has for the young generation', () => {
    const text = of('x', MEGABYTE);
    expect(isTaken(text, { ...HEAP, usedBytes: 54 * MEGABYTE })).toBe(true);
    expect(isTaken(text, { ...HEAP, usedBytes: 56 * MEGABYTE })).toBe(false);
  });

  it('looks at the real heap', () => {
    expect(new AnswerRoom().hasRoomToParse(of('x', MEGABYTE))).toBe(true);
  });
});
