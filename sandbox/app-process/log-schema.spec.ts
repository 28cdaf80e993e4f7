import { problemOfLine } from './log-schema.ts';

const line = { time: '2026-11-22T07:00:00.000Z', level: 'info', event: 'app.started', port: 1, version: '1.0.0' };

it.each<[string, unknown, string | undefined]>([
  ['as it should be', line, undefined],
  ['no object', 'text', 'must be object'],
  ['another line', { ...line, event: 'app.other' }, 'app.other'],
  ['another level', { ...line, level: 'error' }, '/level'],
  ['a field that is missing', { ...line, port: undefined }, "'port'"],
  ['a field of another line', { ...line, tenant: 'abc' }, 'tenant'],
  ['a text for a number', { ...line, port: '1' }, '/port must be number'],
  ['another form of time', { ...line, time: '2026-11-22' }, '/time'],
])('a line is held to it: %s', (_what, given, problem) => {
  const found = problemOfLine(JSON.parse(JSON.stringify(given)));
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(problem);
});
