import { checkOdooSettings, loginOf, originOf, postingOf } from './odoo.settings.js';

const GOOD = {
  'api-url': 'https://example.odoo.com',
  'api-token': 'abc123',
  account: 'example-prod',
  username: 'a@b.c',
};

it.each<[string, Record<string, string>, readonly RegExp[]]>([
  ['everything', {}, []],
  ['a page instead of the root', { 'api-url': 'https://example.odoo.com/odoo/contacts' }, []],
  ['no address', { 'api-url': 'example.odoo.com' }, [/^"Address" must be a full https address/]],
  ['credentials in the address', { 'api-url': 'https://me:secret@example.odoo.com' }, [/^"Address"/]],
  ['a key with a line break', { 'api-token': 'abc\n123' }, [/^"Token" contains characters/]],
  ['a key with a space', { 'api-token': 'abc 123' }, [/^"Token" contains characters/]],
  ['a database with a slash', { account: 'a/b' }, [/^"Account at the target" must be the name of a database/]],
  ['line ends around what was pasted', { 'api-token': 'abc123\n', account: ' example-prod ' }, []],
  ['an own field of its own', { 'custom-1-field': 'party.x_id' }, []],
  [
    'the external id as own field',
    { 'custom-10-field': 'party.id' },
    [/^"Target field of own field 10" names a field/],
  ],
  ['several', { 'api-url': 'x', account: '' }, [/^"Address"/, /^"Account/]],
])('with %s', (_what, parts, problems) => {
  const found = checkOdooSettings({ ...GOOD, ...parts });
  expect(found).toEqual(problems.map((problem) => expect.stringMatching(problem) as string));
  expect(found.join()).not.toMatch(/secret|abc/);
});

it.each([
  ['https://example.odoo.com', 'https://example.odoo.com'],
  ['https://example.odoo.com/odoo/contacts?x=1', 'https://example.odoo.com'],
  ['http://127.0.0.1:8069/', 'http://127.0.0.1:8069'],
])('%s leads to %s', (url, origin) => {
  expect(originOf({ 'api-url': url })).toBe(origin);
});

it.each([
  [{}, 'draft'],
  [{ posting: 'post' }, 'post'],
  [{ posting: 'other' }, 'draft'],
])('%j means %s', (settings, posting) => {
  expect(postingOf(settings)).toBe(posting);
});

it('spaces and line ends around what was pasted are no part of it', () => {
  expect(loginOf({ 'api-token': ' abc\n', account: 'db ', username: '\tme' })).toEqual({
    key: 'abc',
    account: 'db',
    username: 'me',
  });
  expect(loginOf({})).toEqual({});
});
