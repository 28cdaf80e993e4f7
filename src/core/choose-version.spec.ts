import { chooseVersion } from './choose-version.js';

interface Version {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly issuedMs?: number;
  readonly replacedMs?: number;
}

const version = (name: string, startMs: number, endMs: number, issuedMs?: number, replacedMs?: number): Version => ({
  name,
  startMs,
  endMs,
  ...(issuedMs !== undefined && { issuedMs }),
  ...(replacedMs !== undefined && { replacedMs }),
});

const WHOLE_REPLACED = version('whole', 0, 100, 1, 5);
const FIRST = version('first', 0, 50, 5);
const SECOND = version('second', 50, 100, 5);
const UNISSUED_RENEWAL = version('renewal', 100, 200);

describe('the version that holds', () => {
  it.each([
    ['in the first segment', [WHOLE_REPLACED, FIRST, SECOND], 49, 'first'],
    ['from the first instant of the second', [WHOLE_REPLACED, FIRST, SECOND], 50, 'second'],
    ['from its first instant, whatever comes later', [FIRST, SECOND, version('third', 100, 150, 5)], 50, 'second'],
    ['whatever the order', [SECOND, FIRST], 10, 'first'],
    ['of several, the one that begins last', [version('long', 0, 100, 1), version('late', 20, 60, 1)], 30, 'late'],
    ['not an unissued one beside issued ones', [FIRST, SECOND, UNISSUED_RENEWAL], 150, 'second'],
    ['an unissued one where none is issued', [version('quote', 0, 100)], 50, 'quote'],
    ['before the beginning, the earliest', [SECOND, FIRST], -1, 'first'],
    [
      'in a gap, which begins where a version ends, the next',
      [version('before', 0, 10, 1), version('after', 20, 30, 1), version('later', 30, 40, 1)],
      10,
      'after',
    ],
    ['after the end, the last', [FIRST, SECOND], 100, 'second'],
    ['nothing when all are replaced', [WHOLE_REPLACED], 10, undefined],
    ['nothing of nothing', [], 10, undefined],
  ])('%s', (_, versions, asOfMs, expected) => {
    expect(chooseVersion(versions, asOfMs)?.name).toBe(expected);
  });
});
