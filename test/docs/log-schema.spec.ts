import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { LOG_EVENTS, LOG_FIELDS } from '../../src/log/log-events.js';
import { FIELD_MEANINGS, LOG_LINES } from '../../src/log/log-lines.js';
import { logSchema } from './log-schema.js';

const SCHEMA = new URL('../../docs/log-lines.schema.json', import.meta.url);
/** As for the golden files. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';

it('docs/log-lines.schema.json is what the code says (UPDATE_GOLDEN=1 writes it)', async () => {
  const config = await resolveConfig(SCHEMA);
  const formatted = await format(JSON.stringify(logSchema()), { ...config, parser: 'json' });
  if (IS_UPDATE) writeFileSync(SCHEMA, formatted);
  expect(readFileSync(SCHEMA, 'utf8')).toBe(formatted);
});

it('knows every line that the logger can write and no other, and every field is on some line', () => {
  expect(Object.keys(LOG_LINES).toSorted()).toEqual(Object.keys(LOG_EVENTS).toSorted());
  const used = new Set<string>(Object.values(LOG_LINES).flatMap(({ always, sometimes }) => [...always, ...sometimes]));
  expect([...used].toSorted()).toEqual(Object.keys(FIELD_MEANINGS).toSorted());
  expect(Object.keys(FIELD_MEANINGS)).toEqual(expect.arrayContaining(Object.keys(LOG_FIELDS)));
});
