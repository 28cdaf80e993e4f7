import { fixture } from '../../test/support/fixtures.js';
import { MANIFEST_EVENT_NAMES } from '../events/socotra-events.js';
import { type Envelope, readEnvelope } from './envelope.js';

const GOOD = { id: 'e1', type: 'policy.issue', timestamp: '1716305400450', data: { policyLocator: '100004200' } };

function problemsOf(body: string): Readonly<Record<string, string>> {
  const reading = readEnvelope(body);
  return reading.ok ? {} : Object.fromEntries(reading.problems.map(({ field, problem }) => [field, problem]));
}

function envelopeOf(body: unknown): Envelope {
  const reading = readEnvelope(JSON.stringify(body));
  if (reading.ok) return reading.envelope;
  throw new Error(JSON.stringify(reading.problems));
}

/** The fixture's members that an envelope keeps; a fixture is a JSON object. */
function fixtureEvent(path: string) {
  return fixture(path) as { id: string; type: string; timestamp: string | number; data: Record<string, string> };
}

describe('an envelope that Core may send', () => {
  it.each(MANIFEST_EVENT_NAMES.map((name) => `events/${name}.json`))('%s is read with every locator', (path) => {
    const { id, type, timestamp, data } = fixtureEvent(path);
    const locators = Object.fromEntries(Object.entries(data).filter(([name]) => name.endsWith('Locator')));
    expect(envelopeOf(fixture(path))).toMatchObject({ id, type, occurredAtMs: Number(timestamp) });
    expect(envelopeOf(fixture(path)).locators).toEqual(locators);
  });

  it.each<[string, Partial<Envelope>]>([
    ['no-username.policy.issue', { locators: { policyLocator: '100004200' } }],
    ['timestamp-as-number.policy.issue', { occurredAtMs: 1_716_305_400_450 }],
    ['unknown-event', { type: 'somethingNew.happened' }],
    ['forged-unknown-locator.policy.issue', { locators: { policyLocator: '100099999' } }],
    ['sparse-data.invoice.issue', { locators: { invoiceLocator: '5cef871b-2adf-5cd5-8603-a74d63fc5992' } }],
    ['duplicate-delivery.policy.issue', { id: '645e1c3d-d8b7-5b92-94ba-35c68cb69e1a' }],
    ['empty-data.claim.create', { locators: {} }],
    ['newer-core-event.cancellation.effective', { type: 'cancellation.effective' }],
    ['newer-core-event.invoice.writtenOff', { type: 'invoice.writtenOff' }],
  ])('the variant %s', (name, expected) => {
    expect(envelopeOf(fixture(`variants/${name}.json`))).toMatchObject(expected);
  });

  it('leaves out what is personal or unknown', () => {
    const body = { ...GOOD, username: 'alice.lee', extra: { a: 1 }, transactionId: 't1' };
    expect(envelopeOf({ ...body, data: { ...GOOD.data, username: 'alice.lee', note: 'x' } })).toEqual({
      id: 'e1',
      type: 'policy.issue',
      occurredAtMs: 1_716_305_400_450,
      transactionId: 't1',
      locators: { policyLocator: '100004200' },
    });
  });

  it.each<[string, object, Partial<Envelope>]>([
    ['the reminder by its name', { data: { reminderName: 'sixty-days' } }, { reminderName: 'sixty-days' }],
    ['the longest reminder', { data: { reminderName: 'x'.repeat(64) } }, { reminderName: 'x'.repeat(64) }],
    [
      'a locator that is null',
      { data: { policyLocator: '1', quoteLocator: null } },
      { locators: { policyLocator: '1' } },
    ],
    ...[17, { a: 1 }, ['1'], true].map((value): [string, object, Partial<Envelope>] => [
      `beside its text a locator that is ${JSON.stringify(value)}`,
      { data: { policyLocator: '1', newLocator: value } },
      { locators: { policyLocator: '1' } },
    ]),
    ['a transaction that is null', { transactionId: null }, { id: 'e1' }],
    [
      'the longest locator',
      { data: { policyLocator: 'x'.repeat(64) } },
      { locators: { policyLocator: 'x'.repeat(64) } },
    ],
    ['the longest id', { id: 'x'.repeat(128) }, { id: 'x'.repeat(128) }],
    ['the epoch', { timestamp: 0 }, { occurredAtMs: 0 }],
    ['15 digits', { timestamp: '123456789012345' }, { occurredAtMs: 123_456_789_012_345 }],
  ])('%s', (_what, parts, expected) => {
    expect(envelopeOf({ ...GOOD, ...parts })).toMatchObject(expected);
  });

  it.each(['x'.repeat(65), 'call +1 999 to confirm your account', 'https://evil.test', 'a\nb', '', 'Zoë'])(
    'the reminder %j is no name, so it is left out and the event kept',
    (reminderName) => {
      expect(envelopeOf({ ...GOOD, data: { ...GOOD.data, reminderName } })).toEqual(envelopeOf(GOOD));
    },
  );

  it.each(['transactionId', 'reminderName'])('has no %s when none was sent', (member) => {
    expect(envelopeOf({ ...GOOD, transactionId: null })).not.toHaveProperty(member);
    expect(envelopeOf({ ...GOOD, data: { reminderName: 7 } })).not.toHaveProperty(member);
  });
});

/** So many locators, each of another name. */
const locators = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${'abcdefghijklmnop'[index]}Locator`, '1']));

describe('a body that is refused', () => {
  const wrong = (parts: object) => JSON.stringify({ ...GOOD, ...parts });
  const withData = (text: string) => `{"id":"e1","type":"policy.issue","timestamp":"1","data":${text}}`;
  const manyLists = '['.repeat(10_000) + ']'.repeat(10_000);

  it.each<[string, string, readonly string[]]>([
    ['nothing', '', ['body']],
    ['no JSON', 'policy.issue', ['body']],
    ['half of it', JSON.stringify(GOOD).slice(0, -5), ['body']],
    ['null', 'null', ['body']],
    ['a list', `[${JSON.stringify(GOOD)}]`, ['body']],
    ['a number', '17', ['body']],
    ['a text', '"policy.issue"', ['body']],
    ['__proto__', withData('{"__proto__":{"policyLocator":"1"}}'), ['body']],
    ['__proto__ at the top', '{"__proto__":{"id":"e1"},"type":"a","timestamp":"1","data":{}}', ['body']],
    ['__proto__ in disguise', withData('{"\\u005f\\u005fproto__":{"a":1}}'), ['body']],
    ['__proto__ deep within', withData('{"a":[{"b":{"__proto__":{}}}]}'), ['body']],
    ['constructor.prototype', withData('{"constructor":{"prototype":{"a":1}}}'), ['body']],
    ['constructor.prototype in disguise', withData('{"c\\u006fnstructor":{"prototype":{}}}'), ['body']],
    ['an empty object', '{}', ['id', 'type', 'timestamp', 'data']],
    ['an id that is a number', wrong({ id: 5 }), ['id']],
    ['an id that is empty', wrong({ id: '' }), ['id']],
    ['an id that is too long', wrong({ id: 'x'.repeat(129) }), ['id']],
    ['an id that is a list', wrong({ id: ['e1'] }), ['id']],
    ['a type that is missing', wrong({ type: undefined }), ['type']],
    ['a type that is an object', wrong({ type: {} }), ['type']],
    ['a type that is too long', wrong({ type: 'x'.repeat(129) }), ['type']],
    ['a time in words', wrong({ timestamp: '2024-05-21T15:30:00Z' }), ['timestamp']],
    ['a time before the epoch', wrong({ timestamp: -1 }), ['timestamp']],
    ['a time with a fraction', wrong({ timestamp: 1.5 }), ['timestamp']],
    ['a time of 16 digits', wrong({ timestamp: '1716305400450000' }), ['timestamp']],
    ['a time as a number of 16 digits', wrong({ timestamp: 1_716_305_400_450_000 }), ['timestamp']],
    ['a time that is enormous', wrong({ timestamp: 1e300 }), ['timestamp']],
    ['a time that is empty', wrong({ timestamp: '' }), ['timestamp']],
    ['a time that is true', wrong({ timestamp: true }), ['timestamp']],
    ['a time that is a list', wrong({ timestamp: ['1'] }), ['timestamp']],
    ['data that is missing', wrong({ data: undefined }), ['data']],
    ['data that is null', wrong({ data: null }), ['data']],
    ['data that is a list', wrong({ data: ['1'] }), ['data']],
    ['data that is a text', wrong({ data: '{}' }), ['data']],
    ['a transaction that is a number', wrong({ transactionId: 5 }), ['transactionId']],
    ['a locator that climbs', wrong({ data: { policyLocator: '../admin' } }), ['data.policyLocator']],
    ['a locator with a query', wrong({ data: { policyLocator: '1?x=y' } }), ['data.policyLocator']],
    ['a locator with a line break', wrong({ data: { policyLocator: '1\n' } }), ['data.policyLocator']],
    ['a locator that is encoded', wrong({ data: { policyLocator: '%2e%2e' } }), ['data.policyLocator']],
    ['a locator that is empty', wrong({ data: { policyLocator: '' } }), ['data.policyLocator']],
    ['a locator that is too long', wrong({ data: { policyLocator: 'x'.repeat(65) } }), ['data.policyLocator']],
    ['two wrong locators', wrong({ data: { aLocator: '/', bLocator: '?' } }), ['data.aLocator', 'data.bLocator']],
    ['a bomb of lists', manyLists, ['body']],
    ['a bomb where a text belongs', `{"id":${manyLists},"type":"a","timestamp":"1","data":{}}`, ['body']],
    ['a bomb where data belongs', withData(manyLists), ['body']],
    ['a bomb where nobody looks', withData(`{"x":${manyLists}}`), ['body']],
    ['a bomb of objects', withData('{"x":'.repeat(5_000) + '1' + '}'.repeat(5_000)), ['body']],
    ['17 levels', withData('['.repeat(16) + ']'.repeat(16)), ['body']],
    ['13 locators', withData(JSON.stringify(locators(13))), ['data']],
  ])('%s', (_what, body, fields) => {
    expect(Object.keys(problemsOf(body))).toEqual(fields);
  });

  it('is told what is allowed, in words', () => {
    expect(problemsOf(wrong({ id: 5, type: '', transactionId: 5, timestamp: 'now', data: { aLocator: '/' } }))).toEqual(
      {
        id: 'id must be a text of 1 to 128 characters',
        type: 'type must be a text of 1 to 128 characters',
        transactionId: 'transactionId must be a text of 128 characters at most',
        timestamp: 'timestamp must be milliseconds since the epoch, as digits or a number',
      },
    );
    expect(problemsOf(wrong({ data: { policyLocator: '/' } }))).toEqual({
      'data.policyLocator': 'must be 1 to 64 letters, digits or hyphens',
    });
  });
});

it('what is nested as deep as allowed, and as many locators as allowed, are taken', () => {
  const x = JSON.parse('['.repeat(14) + ']'.repeat(14)) as unknown;
  expect(envelopeOf({ ...GOOD, data: { x, ...locators(12) } })).toMatchObject({ locators: locators(12) });
});

it.each([`${'a'.repeat(33)}Locator`, 'a.bLocator', 'policy_Locator', '1Locator', 'Locator'])(
  'what is called %s is no locator of Core',
  (name) => {
    expect(envelopeOf({ ...GOOD, data: { [name]: '/' } })).toMatchObject({ locators: {} });
  },
);

it('no body reaches a prototype', () => {
  readEnvelope('{"id":"e","type":"t","timestamp":"1","data":{"__proto__":{"poisoned":true}}}');
  readEnvelope('{"id":"e","type":"t","timestamp":"1","data":{"constructor":{"prototype":{"poisoned":true}}}}');
  expect({}).not.toHaveProperty('poisoned');
});
