import { readOptions } from './options.ts';

describe('the command line of the demo', () => {
  it.each([
    [[], {}],
    [['--once'], { once: true }],
    [['--target', 'rest', '--port', '8080'], { port: 8080 }],
    [['--target', 'hubspot', '--once'], { target: 'hubspot', once: true }],
    [['--drop', '10'], { dropPercent: 10 }],
    [['--drop', '90', '--seed', '7'], { dropPercent: 90, seed: 7 }],
  ])('%p', (args, options) => {
    const usual = { once: false, target: 'rest', port: 0, dropPercent: 0, seed: undefined };
    expect(readOptions(args)).toEqual({ kind: 'demo', options: { ...usual, ...options } });
  });

  it('--help', () => {
    expect(readOptions(['--help'])).toEqual({ kind: 'help' });
  });

  it.each([
    [['--target', 'netsuite'], 'target "netsuite"'],
    [['--fast'], '"--fast" is not known'],
    [['--port', 'x'], '--port must be'],
    [['--port', '70000'], '--port must be'],
    [['--drop'], '--drop must be'],
    [['--drop', '91'], '--drop must be'],
    [['--drop', '1.5'], '--drop must be'],
    [['--drop', '10', '--seed', '-1'], '--seed'],
    [['--drop', '10', '--seed', 'x'], '--seed must be'],
    [['--seed', '7'], 'only has a meaning with --drop'],
    [['extra'], '"extra" is not known'],
  ])('%p is a misuse', (args, words) => {
    const reading = readOptions(args);
    expect(reading).toEqual({ kind: 'misused', problem: expect.stringContaining(words) as unknown });
    expect(reading).toEqual({ kind: 'misused', problem: expect.stringContaining('Usage:') as unknown });
  });
});
