import type { StreamPosition } from '../core/event-stream.js';
import { RereadPositions } from './reread-positions.js';

const page = (number: number): StreamPosition => ({ kind: 'token', pagingToken: `page-${number}` });
const START: StreamPosition = { kind: 'from', startMs: 5 };

describe('RereadPositions', () => {
  it('is where was read up to when nothing waits', () => {
    const positions = new RereadPositions();
    expect(positions.moveOn('t', page(1), undefined)).toEqual(page(1));
    expect(positions.moveOn('t', page(2), undefined)).toEqual(page(2));
  });

  it('passes no event that waits, and goes on as soon as none does', () => {
    const positions = new RereadPositions();
    positions.moveOn('t', page(1), undefined);
    expect(positions.moveOn('t', page(2), { first: 7, last: 7 })).toEqual(page(1));
    expect(positions.moveOn('t', page(3), { first: 7, last: 9 })).toEqual(page(1));
    expect(positions.moveOn('t', page(4), undefined)).toEqual(page(4));
  });

  it('goes on as the older events end, although some always wait', () => {
    const positions = new RereadPositions();
    positions.moveOn('t', page(1), undefined);
    positions.moveOn('t', page(2), { first: 5, last: 8 });
    expect(positions.moveOn('t', page(3), { first: 8, last: 12 })).toEqual(page(1));
    expect(positions.moveOn('t', page(4), { first: 9, last: 20 })).toEqual(page(2));
    expect(positions.moveOn('t', page(5), { first: 20, last: 30 })).toEqual(page(2));
    expect(positions.moveOn('t', page(6), { first: 21, last: 30 })).toEqual(page(4));
  });

  it('is where reading began while what waits since then has not ended', () => {
    const positions = new RereadPositions();
    positions.begin('t', START);
    positions.begin('t', page(1));
    expect(positions.moveOn('t', page(2), { first: 1, last: 3 })).toEqual(START);
  });

  it('is not known after a restart until what waited then has ended', () => {
    const positions = new RereadPositions();
    positions.begin('t', page(1));
    expect(positions.moveOn('t', page(2), { first: 1, last: 3 })).toBeUndefined();
    expect(positions.moveOn('t', page(3), { first: 3, last: 4 })).toBeUndefined();
    expect(positions.moveOn('t', page(4), { first: 4, last: 4 })).toEqual(page(2));
  });

  it('knows one for each tenant', () => {
    const positions = new RereadPositions();
    expect(positions.moveOn('a', page(1), { first: 1, last: 1 })).toBeUndefined();
    expect(positions.moveOn('b', page(2), undefined)).toEqual(page(2));
  });

  it('does not remember tenants without end', () => {
    const positions = new RereadPositions();
    positions.moveOn('t', page(1), undefined);
    for (let tenant = 0; tenant < 20_000; tenant++) positions.moveOn(`t${tenant}`, page(1), undefined);
    expect(positions.moveOn('t', page(2), { first: 1, last: 1 })).toBeUndefined();
  });
});
