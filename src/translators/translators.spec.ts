import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { storyReads } from '../../test/support/story-core.js';
import { readSnapshot } from '../core/read-snapshot.js';
import type { Snapshot } from '../core/snapshot.js';
import { EVENT_NAMES, type EventName, isEventName, type SocotraEvent } from '../events/socotra-events.js';
import { RECORD_KINDS } from '../records/record-kinds.js';
import { readEnvelope } from '../webhooks/webhook-envelope.js';
import type { Translation, TranslationInput, Translator } from './translator.js';
import { TRANSLATORS } from './translators.js';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);
const GOLDEN = new URL('../../test/golden/', import.meta.url);
/** `UPDATE_GOLDEN=1` writes the files anew; each is then to be read by a human against the story of the fixtures. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';
/** The engine lets a record rest this long before it reads it. */
const SETTLE_MS = 5_000;

function eventOf(path: string): SocotraEvent {
  const reading = readEnvelope(readFileSync(new URL(path, FIXTURES), 'utf8'));
  if (!reading.ok || !isEventName(reading.envelope.type)) throw new Error(`${path} is no event of ours`);
  return { ...reading.envelope, type: reading.envelope.type };
}

async function snapshotFor(event: SocotraEvent, translator: Translator): Promise<Snapshot> {
  const reads = storyReads(event.type, event.occurredAtMs);
  const result = await readSnapshot(reads, event.locators, translator.needs, event.occurredAtMs + SETTLE_MS);
  if (result.kind !== 'snapshot') throw new Error(`${event.type}: the story gives no snapshot, ${result.kind}`);
  return result.snapshot;
}

function inputOf(event: SocotraEvent, snapshot: Snapshot): TranslationInput {
  return { event, snapshot, mapped: {}, environment: 'production', timeZone: 'America/Los_Angeles' };
}

async function translate(path: string): Promise<Translation> {
  const event = eventOf(path);
  const translator: Translator = TRANSLATORS[event.type];
  return translator.translate(inputOf(event, await snapshotFor(event, translator)));
}

/** As JSON and back, so that it is compared as it is stored: without members that are undefined. */
function stored(translation: Translation): string {
  return `${JSON.stringify(translation, null, 2)}\n`;
}

describe('the event table', () => {
  it('has an event of the story for every row', () => {
    const names = readdirSync(new URL('events/', FIXTURES)).map((file) => file.replace(/\.json$/, ''));
    expect(names.toSorted()).toEqual(EVENT_NAMES.toSorted());
  });

  it.each(EVENT_NAMES)('%s gives the records of its golden file', async (name) => {
    const golden = new URL(`${name}.json`, GOLDEN);
    const translated = stored(await translate(`events/${name}.json`));
    if (IS_UPDATE) writeFileSync(golden, translated);
    expect(JSON.parse(translated)).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it.each(EVENT_NAMES)('%s holds its records parents first, each once, with sound keys and relations', async (name) => {
    const translation = await translate(`events/${name}.json`);
    if (translation.outcome === 'skip') return;
    const { records, about } = translation;
    const keys = records.map((record) => record.key);
    const orders = records.map((record) => RECORD_KINDS[record.kind].order);
    expect(orders).toEqual(orders.toSorted((a, b) => a - b));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain(about);
    for (const record of records) {
      expect(record.key).toMatch(/^p-[a-z]{3}-[A-Za-z0-9_-]{1,58}$/);
      for (const relation of record.relations) expect(keys).toContain(relation.key);
    }
  });

  it('skips nothing of the story but logins', async () => {
    const skipped: EventName[] = [];
    for (const name of EVENT_NAMES) {
      if ((await translate(`events/${name}.json`)).outcome === 'skip') skipped.push(name);
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
    expect(await translate(path)).toEqual({ outcome: 'skip', reason });
  });

  it('gives a resend under a new event id the same line', async () => {
    const translator: Translator = TRANSLATORS['policy.issue'];
    const event = eventOf('events/policy.issue.json');
    const snapshot = await snapshotFor(event, translator);
    expect(translator.translate(inputOf({ ...event, id: 'resent' }, snapshot))).toEqual(
      translator.translate(inputOf(event, snapshot)),
    );
  });
});
