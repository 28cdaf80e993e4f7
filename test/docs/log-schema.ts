import { LOG_EVENTS, LOG_FIELDS } from '../../src/log/log-events.js';
import { FIELD_MEANINGS, LOG_LINES, type LineField, type LogLine } from '../../src/log/log-lines.js';

const TIME = { type: 'string', format: 'date-time', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };
/** Longest text of a field; the sentence of a refused boot is ours and may be longer. */
const MAX_TEXT = 128;
const MAX_SENTENCE = 1_000;
const TYPES: Readonly<Partial<Record<string, 'string' | 'number'>>> = LOG_FIELDS;

/** The JSON Schema of one line of the log, made of the tables that the program and its documentation share. */
export function logSchema(): object {
  const lines = Object.entries(LOG_LINES);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A line of the log of Socotra Sync',
    description: 'One JSON object a line, on standard output. What each line means: docs/operations.md.',
    type: 'object',
    properties: { event: { enum: Object.keys(LOG_LINES) } },
    required: ['event'],
    discriminator: { propertyName: 'event' },
    oneOf: lines.map(([event]) => ({ $ref: `#/$defs/${event}` })),
    $defs: {
      ...Object.fromEntries(lines.map(([event, line]) => [event, lineSchema(event, line)])),
      ...Object.fromEntries(Object.entries(FIELD_MEANINGS).map(([name, words]) => [name, fieldSchema(name, words)])),
    },
  };
}

function lineSchema(event: string, { meaning, always, sometimes }: LogLine): object {
  const levels: Readonly<Partial<Record<string, string>>> = LOG_EVENTS;
  return {
    type: 'object',
    description: meaning,
    properties: {
      time: TIME,
      level: { const: levels[event] },
      event: { const: event },
      ...Object.fromEntries([...always, ...sometimes].map((name) => [name, { $ref: `#/$defs/${name}` }])),
    },
    required: ['time', 'level', 'event', ...always],
    additionalProperties: false,
  };
}

function fieldSchema(name: string, description: string): object {
  const type = TYPES[name] ?? 'string';
  if (type === 'number') return { type, description };
  return { type, description, maxLength: name === ('message' satisfies LineField) ? MAX_SENTENCE : MAX_TEXT };
}
