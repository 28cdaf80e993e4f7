import { type Options, readOptions } from './options.js';

const NOW_MS = Date.parse('2026-11-22T07:00:00Z');

const read = (line: string) => readOptions(line === '' ? [] : line.split(' '), NOW_MS);

function optionsOf(line: string): Options {
  const reading = read(line);
  if (reading.kind !== 'options') throw new Error(JSON.stringify(reading));
  return reading.options;
}

describe('the command line', () => {
  it.each(['', '--help', '-h', 'help', 'status --help', 'replay -h'])('shows the help for "%s"', (line) => {
    expect(read(line)).toEqual({ kind: 'help' });
  });

  it.each<[string, object]>([
    ['status', { command: 'status', json: false, limit: 20, rate: 50, yes: false, filter: { states: ['dead'] } }],
    ['status --json', { json: true }],
    ['where 100004200 --limit 5', { command: 'where', names: ['100004200'], limit: 5 }],
    [
      'dead-letters --tenant t --type a.b --reason c',
      { filter: { states: ['dead'], tenant: 't', type: 'a.b', code: 'c' } },
    ],
    ['dead-letters --state skipped --root policy:1', { filter: { states: ['skipped'], root: 'policy:1' } }],
    ['dead-letters --since 2h --until 30min', { filter: { sinceMs: NOW_MS - 7_200_000, untilMs: NOW_MS - 1_800_000 } }],
    ['dead-letters --since 7d --until 5s', { filter: { sinceMs: NOW_MS - 604_800_000, untilMs: NOW_MS - 5_000 } }],
    ['dead-letters --since 2026-11-22', { filter: { sinceMs: Date.parse('2026-11-22T00:00:00Z') } }],
    ['dead-letters --since 2026-11-22T07:00:00+01:00', { filter: { sinceMs: NOW_MS - 3_600_000 } }],
    ['replay e1 #17 --yes --rate 5', { names: ['e1', '#17'], yes: true, rate: 5 }],
    ['replay --all', { yes: false, filter: { states: ['dead'] } }],
    ['purge --reason status_400', { command: 'purge', filter: { states: ['dead'], code: 'status_400' } }],
    ['pause t1', { command: 'pause', names: ['t1'] }],
  ])('reads "%s"', (line, expected) => {
    expect(optionsOf(line)).toMatchObject(expected);
  });

  it.each<[string, string]>([
    ['--json', 'Name a command.'],
    ['stat', 'There is no command "stat"; there is: status, where'],
    ['toString', 'There is no command'],
    ['status --tenant t', 'status has no --tenant.'],
    ['where x --yes', 'where has no --yes.'],
    ['status --colour', '--colour is not known.'],
    ['where', 'where needs a locator'],
    ['where a b', 'does not know what to do with "b"'],
    ['status now', 'does not know what to do with "now"'],
    ['pause', 'pause needs a tenant'],
    ['resume', 'resume needs a tenant'],
    ['dead-letters --since yesterday', '--since must be a time like'],
    ['dead-letters --until 2026-13-45', '--until must be a time like'],
    ['dead-letters --since 2026-11-22T07:00:00', '--since must be a time like'],
    ['dead-letters --state waiting', '--state must be one of dead, skipped, delivered.'],
    ['dead-letters --tenant', '--tenant needs a value.'],
    ['dead-letters --tenant=', '--tenant needs a value.'],
    ['purge --tenant --yes', '--tenant needs a value.'],
    ['replay --all --yes=no', '--yes takes no value.'],
    ['replay', 'Say which: event ids, a filter'],
    ['replay --state skipped', 'Say which'],
    ['purge --yes', 'Say which'],
    ['purge --all --tenant t', '--all stands alone'],
    ['replay --all --rate 0', '--rate must be a whole number from 1 to 1000.'],
    ['replay --all --rate 1001', '--rate must be'],
    ['where x --limit 1.5', '--limit must be a whole number'],
  ])('refuses "%s" in a sentence', (line, words) => {
    const reading = read(line);
    expect(reading).toMatchObject({ kind: 'misused' });
    expect(reading.kind === 'misused' && reading.problem).toContain(words);
  });
});
