import { Turns } from './turns.js';

describe('Turns', () => {
  it('puts the tenant first that was served longest ago', () => {
    const turns = new Turns();
    turns.begin('a');
    turns.begin('b');
    turns.begin('a');
    expect(turns.inOrder(['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
  });

  it('counts what is in hand', () => {
    const turns = new Turns();
    turns.begin('a');
    turns.begin('a');
    turns.end('a');
    expect([turns.inHandOf('a'), turns.inHandOf('b')]).toEqual([1, 0]);
    turns.end('a');
    expect(turns.inHandOf('a')).toBe(0);
  });
});
