import { readFileSync } from 'node:fs';
import { readManifest } from './manifest.ts';

const GOOD = {
  name: 'acme/app',
  version: '1.0.0',
  app: { fields: [{ name: 'target', title: 'Target', type: 'Select', values: [{ text: 'REST', value: 'rest' }] }] },
  socotra: {
    fields: [{ name: 'first', title: 'First name' }],
    webhooks: [{ path: '/webhook-notify', events: ['policy.issue'] }],
    lifecycle: ['start', 'stop'],
  },
};

describe('the manifest as the platform reads it', () => {
  it('accepts a good one', () => {
    const reading = readManifest(JSON.stringify(GOOD));
    expect(reading).toMatchObject({ ok: true, manifest: { name: 'acme/app', lifecycle: ['start', 'stop'] } });
  });

  it.each(['../../socotra-app.json', '../test-support/fake-app.manifest.json'])('accepts %s', (file) => {
    expect(readManifest(readFileSync(new URL(file, import.meta.url), 'utf8'))).toMatchObject({ ok: true });
  });

  it.each([
    ['[]', 'not a JSON object'],
    [JSON.stringify({ ...GOOD, name: 'app' }), 'organisation/app-name'],
    [JSON.stringify({ ...GOOD, version: '1.0' }), 'Major.Minor.Patch'],
    [withFields([{ name: 'a', title: 'A', type: 'text' }]), 'Text, Password or Select'],
    [withFields([{ name: 'a', title: 'A', type: 'Select' }]), 'needs values'],
    [withFields([{ name: 'a', title: '', type: 'Text' }]), 'a name and a title'],
    [withFields([{ name: 'first', title: 'A', type: 'Text' }]), 'declared twice'],
    [withSocotra({ webhooks: [] }), 'never be called'],
    [withSocotra({ webhooks: [{ path: '/_app/notify', events: ['policy.issue'] }] }), 'outside /_app/'],
    [withSocotra({ lifecycle: ['begin'] }), 'no lifecycle call'],
  ])('refuses %s', (text, words) => {
    const reading = readManifest(text);
    expect(reading.ok ? [] : reading.problems).toEqual([expect.stringContaining(words)]);
  });
});

function withFields(fields: readonly object[]): string {
  return JSON.stringify({ ...GOOD, app: { fields } });
}

function withSocotra(parts: object): string {
  return JSON.stringify({ ...GOOD, socotra: { ...GOOD.socotra, ...parts } });
}
