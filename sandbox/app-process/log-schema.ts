import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMA = new URL('../../docs/log-lines.schema.json', import.meta.url);

const validate = new Ajv2020({ strict: true, discriminator: true, formats: { 'date-time': true } }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')) as object,
);

/** What is wrong with a line of the app's log by its published schema, in a few words; undefined: nothing. */
export function problemOfLine(line: unknown): string | undefined {
  if (validate(line)) return undefined;
  const [error] = validate.errors ?? [];
  return `${error?.instancePath ?? ''} ${error?.message ?? ''} ${JSON.stringify(error?.params)} ${JSON.stringify(line)}`;
}
