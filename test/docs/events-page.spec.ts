import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { EVENT_NAMES, type EventName } from '../../src/events/socotra-events.js';
import type { Translation } from '../../src/translators/translator.js';
import { eventsPage } from './events-page.js';

const PAGE = new URL('../../docs/events.md', import.meta.url);
/** `UPDATE_GOLDEN=1` writes the page anew, as it does with the golden files that its examples come from. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';

/** Safe cast: the golden files are written by `translators.spec.ts` from translations, and compared with them there. */
function golden(name: EventName): Translation {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as Translation;
}

describe('docs/events.md', () => {
  it('is what the event table and the golden files say', async () => {
    const config = await resolveConfig(PAGE);
    const page = await format(eventsPage(golden), { ...config, parser: 'markdown' });
    if (IS_UPDATE) writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it('has one row per event', () => {
    const rows = eventsPage(golden)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.map((row) => row.split('`')[1]).toSorted()).toEqual(EVENT_NAMES.toSorted());
  });
});
