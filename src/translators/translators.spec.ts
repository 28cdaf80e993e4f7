import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { eventIn, storyEvent, translated } from '../../test/support/story-translation.js';
import { EVENT_NAMES, type EventName, MANIFEST_EVENT_NAMES } from '../events/socotra-events.js';
import { RECORD_KINDS } from '../records/record-kinds.js';
import type { Translation } from './translator.js';
import { TRANSLATORS } from './translators.js';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);
const GOLDEN = new URL('../../test/golden/', import.meta.url);
/** `UPDATE_GOLDEN=1` writes the files anew; each is then to be read by a human against the story of the fixtures. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';
/** As JSON and back, so that it is compared as it is stored: without members that are undefined. */
function stored(translation: Translation): string {
  return `${JSON.stringify(translation, null, 2)}\n`;
}

describe('the event table', () => {
  it('has an event of the story for every row that the manifest names', () => {
    const names = readdirSync(new URL('events/', FIXTURES)).map((file) => file.replace(/\.json$/, ''));
    expect(names.toSorted()).toEqual(MANIFEST_EVENT_NAMES.toSorted());
  });

  it('has two rows more, for names that only a newer Core sends', () => {
    const newer = EVENT_NAMES.filter((name) => !MANIFEST_EVENT_NAMES.includes(name));
    expect([MANIFEST_EVENT_NAMES.length, newer]).toEqual([75, ['cancellation.effective', 'invoice.writtenOff']]);
  });

  it.each(EVENT_NAMES)('%s gives the records of its golden file', async (name) => {
    const golden = new URL(`${name}.json`, GOLDEN);
    const translation = stored(await translated(storyEvent(name)));
    if (IS_UPDATE) writeFileSync(golden, translation);
    expect(JSON.parse(translation)).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it.each(EVENT_NAMES)('%s holds its records parents first, each once, with sound keys and relations', async (name) => {
    const translation = await translated(storyEvent(name));
    if (translation.outcome === 'skip') return;
    const { records, about } = translation;
    const keys = records.map((record) => record.key);
    const orders = records.map((record) => RECORD_KINDS[record.kind].order);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(about);
    for (const record of records) {
      expect(record.key).toMatch(/^p-[a-z]{3}-[A-Za-z0-9_-]{1,58}$/);
      for (const { key, kind } of record.relations) {
        expect(keys).toContain(key);
        // A target may tie a child only to what it holds already.
        expect(RECORD_KINDS[kind].order).toBeLessThan(RECORD_KINDS[record.kind].order);
      }
    }
  });

  it('skips nothing of the story but logins', async () => {
    const skipped: EventName[] = [];
    for (const name of EVENT_NAMES) {
      if ((await translated(storyEvent(name))).outcome === 'skip') skipped.push(name);
    }
    expect(skipped).toEqual(['login.success', 'login.failure']);
  });

  it('knows by itself which events may speak of what is already gone', () => {
    const names = EVENT_NAMES.filter((name) => TRANSLATORS[name].mayBeGone);
    expect(names.toSorted()).toEqual(
      [
        'policy.discard',
        'policy.quote.discard',
        'policy.reinstatement.close',
        'endorsement.invalidate',
        'endorsement.discard',
        'renewal.invalidate',
        'renewal.discard',
        'cancellation.rescind',
        'reinstatement.invalidate',
        'reinstatement.deadlineReached',
        'invoice.invalidate',
        'claim.discard',
        'premiumReport.replace',
        'premiumReport.reverse',
        'premiumReport.discard',
      ].toSorted(),
    );
  });

  it.each([
    ['variants/empty-data.claim.create.json', 'no_locator'],
    ['variants/sparse-data.invoice.issue.json', 'no_locator'],
    ['variants/forged-unknown-locator.policy.issue.json', 'not_found_in_core'],
    ['events/login.failure.json', 'login_not_synced'],
  ])('%s is skipped: %s', async (path, reason) => {
    expect(await translated(eventIn(path))).toEqual({ outcome: 'skip', reason });
  });

  it('gives a resend under a new event id the same line', async () => {
    const event = storyEvent('policy.issue');
    expect(await translated({ ...event, id: 'resent' })).toEqual(await translated(event));
  });
});
