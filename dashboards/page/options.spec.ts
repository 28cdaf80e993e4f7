import { type OptionsReading, readOptions } from './options.ts';

it.each<[readonly string[], OptionsReading['kind'], object]>([
  [['app.log'], 'options', { options: { log: 'app.log', page: 'dashboard.html' } }],
  [['-', '--out', 'x.html'], 'options', { options: { log: '-', page: 'x.html' } }],
  [['--help'], 'help', {}],
  [[], 'misused', { problem: expect.stringContaining('Which log?') }],
  [['a', 'b'], 'misused', { problem: expect.stringContaining('One log') }],
  [['a', '--port', '1'], 'misused', { problem: expect.stringContaining('--port') }],
  [['a', '--out'], 'misused', { problem: expect.stringContaining('--out') }],
])('%j', (args, kind, expected) => {
  expect(readOptions(args)).toMatchObject({ kind, ...expected });
});
