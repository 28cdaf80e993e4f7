import { readFileSync } from 'node:fs';
import { readManifest } from '../../sandbox/marketplace/manifest.ts';
import { CONNECTORS } from '../connectors/connectors.js';
import { MANIFEST_EVENT_NAMES } from '../events/socotra-events.js';
import { buildManifest } from './manifest.js';

const ROOT = new URL('../../', import.meta.url);
const FILE = readFileSync(new URL('socotra-app.json', ROOT), 'utf8');
const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };

const manifest = buildManifest(version);
const { fields } = manifest.app;

it('the file is what the code says; `npm run manifest` writes it', () => {
  expect(JSON.parse(FILE)).toEqual(manifest);
});

it('the platform takes it', () => {
  expect(readManifest(FILE)).toMatchObject({ ok: true });
});

describe('only attributes that the platform knows', () => {
  it.each<[string, readonly object[], readonly string[]]>([
    ['the manifest', [manifest], ['name', 'version', 'targetPlatform', 'performancePlan', 'app', 'socotra']],
    ['app', [manifest.app], ['fields']],
    ['app.fields', fields, ['name', 'title', 'type', 'hint', 'required', 'sensitive', 'values']],
    ['app.fields.values', fields.flatMap(({ values = [] }) => values), ['text', 'value']],
    ['socotra', [manifest.socotra], ['fields', 'webhooks', 'lifecycle', 'autofill', 'externalRaters']],
    ['socotra.fields', manifest.socotra.fields, ['name', 'title', 'required', 'hint', 'type']],
    ['socotra.webhooks', manifest.socotra.webhooks, ['path', 'events']],
  ])('%s', (_where, objects, known) => {
    const unknown = objects.flatMap((object) => Object.keys(object)).filter((name) => !known.includes(name));
    expect(unknown).toEqual([]);
  });

  it('and values that it knows', () => {
    expect(manifest.name).toMatch(/^[a-z0-9-]+\/[a-z0-9-]+$/);
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(fields.filter(({ type }) => !['Text', 'Password', 'Select'].includes(type))).toEqual([]);
    expect(fields.filter(({ type, values = [] }) => (type === 'Select') !== values.length > 0)).toEqual([]);
    expect(manifest.socotra.lifecycle).toEqual(['start', 'stop']);
  });
});

describe('the form', () => {
  it.each([
    ['target', 'Select'],
    ['profile', 'Select'],
    ['api-url', 'Text'],
    ['account', 'Text'],
    ['auth', 'Select'],
    ['api-token', 'Password'],
    ['username', 'Text'],
    ['client-id', 'Text'],
    ['client-secret', 'Password'],
    ['token-url', 'Text'],
    ['oauth-scope', 'Text'],
    ['oauth-audience', 'Text'],
    ['batch-size', 'Text'],
    ['signing-secret', 'Password'],
    ['posting', 'Select'],
    ['environment', 'Select'],
    ['start-check', 'Select'],
    ['backfill', 'Select'],
    ['console-token', 'Password'],
    ...Array.from({ length: 10 }, (_, index) => [`custom-${index + 1}-field`, 'Text']),
  ])('has %s as %s, once and with a title', (name, type) => {
    expect(fields.filter((field) => field.name === name)).toEqual([
      expect.objectContaining({ type, title: expect.stringMatching(/\S/) }),
    ]);
  });

  it('has nothing else', () => {
    expect(fields).toHaveLength(29);
    expect(new Set(fields.map(({ title }) => title)).size).toBe(29);
  });

  it.each([
    ['profile', ['crm', 'erp', 'all']],
    ['auth', ['bearer', 'header', 'basic', 'oauth2-client-credentials', 'none']],
    ['environment', ['production', 'sandbox']],
    ['start-check', ['strict', 'lenient']],
    ['backfill', ['none', '1d', '7d', '30d']],
    ['target', CONNECTORS.map(({ id }) => id)],
  ])('offers for %s: %j', (name, values) => {
    expect(fields.find((field) => field.name === name)?.values?.map(({ value }) => value)).toEqual(values);
  });

  it('requires the target only: what a target needs is said by Start', () => {
    expect(fields.filter(({ required }) => required).map(({ name }) => name)).toEqual(['target']);
  });

  it.each(CONNECTORS)('holds every field that $id declares, secrets masked', (connector) => {
    for (const { name, secret = false } of connector.fields) {
      const field = fields.find((candidate) => candidate.name === name);
      expect([name, field?.type === 'Password']).toEqual([name, secret]);
    }
  });
});

describe('the events', () => {
  it('are the 75 that Core knows, each once, behind one path outside /_app/', () => {
    const [webhook, ...others] = manifest.socotra.webhooks;
    expect(others).toEqual([]);
    expect(webhook?.path).toBe('/webhook-notify');
    expect(webhook?.events).toHaveLength(75);
    expect([...(webhook?.events ?? [])].sort()).toEqual([...MANIFEST_EVENT_NAMES].sort());
  });
});

it('the values a customer may map are these 21, none required', () => {
  const party = ['first-name', 'last-name', 'company-name', 'email', 'phone', 'street', 'city', 'region'];
  const names = [
    ...[...party, 'postal-code', 'country', 'birth-date'].map((name) => `party-${name}`),
    ...Array.from({ length: 10 }, (_, index) => `custom-${index + 1}`),
  ];
  expect(manifest.socotra.fields.map(({ name }) => name)).toEqual(names);
  expect(manifest.socotra.fields.filter((field) => 'required' in field)).toEqual([]);
});
