import { readOptions } from './options.ts';

describe('the command line of the demo', () => {
  it.each([
    [[], { once: false, target: 'rest', port: 0 }],
    [['--once'], { once: true, target: 'rest', port: 0 }],
    [['--target', 'rest', '--port', '8080'], { once: false, target: 'rest', port: 8080 }],
  ])('%p', (args, options) => {
    expect(readOptions(args)).toEqual({ ok: true, options });
  });

  it.each([
    [['--target', 'hubspot'], 'target "hubspot"'],
    [['--fast'], '"--fast" is not known'],
    [['--port', 'x'], '--port must be'],
    [['--port', '70000'], '--port must be'],
    [['extra'], '"extra" is not known'],
  ])('%p is a misuse', (args, words) => {
    const reading = readOptions(args);
    expect(reading.ok ? '' : reading.problem).toContain(words);
    expect(reading.ok ? '' : reading.problem).toContain('Usage:');
  });
});
