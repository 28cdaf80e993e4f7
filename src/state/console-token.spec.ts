import { consoleTokenIn, consoleTokenProblems } from './console-token.js';
import { readTenantSettings } from './tenant-settings.js';
import { parseTenantState } from './tenant-state.js';

const LONG = 'a'.repeat(20);

it.each<[string | undefined, string | undefined, boolean]>([
  [undefined, undefined, false],
  ['', undefined, false],
  ['   ', undefined, false],
  [LONG, LONG, false],
  [` ${LONG}\n`, LONG, false],
  ['a'.repeat(19), undefined, true],
  ['a'.repeat(128), 'a'.repeat(128), false],
  ['a'.repeat(129), undefined, true],
  [`${LONG} ${LONG}`, undefined, true],
  [`${LONG}ü`, undefined, true],
])('%j: token %j, a problem: %s', (given, token, isProblem) => {
  const settings = { ...(given !== undefined && { 'console-token': given }) };
  expect(consoleTokenIn(settings)).toBe(token);
  expect(consoleTokenProblems(settings)).toHaveLength(isProblem ? 1 : 0);
});

it('is refused at Start in words, without being repeated', () => {
  const reading = readTenantSettings({
    target: 'rest',
    'api-url': 'https://crm.test',
    'api-token': 't',
    'console-token': 'too-short-1',
  });
  expect(reading).toMatchObject({
    ok: false,
    problems: [expect.stringMatching(/^"Token of the console" must have 20 to 128/)],
  });
  expect(JSON.stringify(reading)).not.toContain('too-short-1');
});

it('opens the console also where the other settings cannot be used, and reaches no connector', () => {
  const settings = { target: 'rest', 'console-token': LONG };
  expect(parseTenantState({ settings }, 'key')).toMatchObject({ consoleToken: LONG, settings: { ok: false } });
  const usable = readTenantSettings({ ...settings, 'api-url': 'https://crm.test', 'api-token': 't' });
  expect(usable.ok && Object.keys(usable.settings.values)).toEqual(['api-url', 'api-token']);
});
