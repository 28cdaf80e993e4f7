import { readOptions } from './options.ts';

const USUAL = {
  stores: ['sqlite', 'postgres'],
  runs: 20,
  seed: 1,
  only: undefined,
  target: undefined,
  parallel: 2,
  json: undefined,
};

describe('the command line of the fault suite', () => {
  it.each([
    [[], {}],
    [['--store', 'sqlite', '--runs', '200'], { stores: ['sqlite'], runs: 200 }],
    [['--seed', '4711', '--runs', '1'], { seed: 4711, runs: 1 }],
    [['--only', 'lease-expiry'], { only: 'lease-expiry', stores: ['postgres'] }],
    [['--only', 'writes-fail', '--target', 'odoo'], { only: 'writes-fail', stores: ['sqlite'], target: 'odoo' }],
    [['--parallel', '4', '--json', 'results'], { parallel: 4, json: 'results' }],
  ])('%p', (args, options) => {
    expect(readOptions(args)).toEqual({ kind: 'run', options: { ...USUAL, ...options } });
  });

  it('--help', () => {
    expect(readOptions(['--help'])).toEqual({ kind: 'help' });
  });

  it('--report', () => {
    expect(readOptions(['--report'])).toEqual({ kind: 'report' });
  });

  it.each([
    [['--store', 'mysql'], '--store must be'],
    [['--runs', '0'], '--runs must be'],
    [['--runs'], '--runs must be'],
    [['--seed', '-1'], '--seed'],
    [['--seed', '1.5'], '--seed must be'],
    [['--parallel', '0'], '--parallel must be'],
    [['--json'], '--json needs'],
    [['--only', 'earthquake'], '--only must be one of kill-any-time'],
    [['--only', 'lease-expiry', '--store', 'sqlite'], 'lease-expiry cannot happen to sqlite'],
    [['--only', 'target-answers-lost', '--target', 'salesforce'], 'cannot happen to salesforce'],
    [['--target', 'netsuite'], '--target must be one of rest'],
    [['--fast'], '"--fast" is not known'],
    [['extra'], '"extra" is not known'],
  ])('%p is a misuse', (args, words) => {
    const reading = readOptions(args);
    expect(reading.kind === 'misused' ? reading.problem : '').toContain(words);
    expect(reading.kind === 'misused' ? reading.problem : '').toContain('Usage:');
  });
});
