import { storyEvent, storyInput } from '../../test/support/story-translation.js';
import { EVENT_NAMES, type EventName } from '../events/socotra-events.js';
import { TRANSLATORS } from './translators.js';
import type { Translation, Translator } from './translator.js';

/** What comes of the event, in a snapshot that shows all modifications of the policy or none. */
async function translatedWith(name: EventName, modifications: 'all' | 'none'): Promise<Translation> {
  const translator: Translator = TRANSLATORS[name];
  const input = await storyInput(storyEvent(name));
  const { policy } = input.snapshot;
  if (modifications === 'all' || policy === undefined) return translator.translate(input);
  return translator.translate({ ...input, snapshot: { ...input.snapshot, policy: { ...policy, modifications: [] } } });
}

async function awaiting(modifications: 'all' | 'none'): Promise<readonly EventName[]> {
  const names: EventName[] = [];
  for (const name of EVENT_NAMES) {
    const translation = await translatedWith(name, modifications);
    if (translation.outcome === 'records' && translation.awaits === 'modification') names.push(name);
  }
  return names;
}

describe('an event that says that the policy was modified', () => {
  it('awaits the modification until the snapshot shows it', async () => {
    expect(await awaiting('none')).toEqual([
      'policy.endorse',
      'policy.renew',
      'policy.cancel',
      'policy.lapse',
      'endorsement.issue',
      'renewal.issue',
      'cancellation.issue',
      'reinstatement.issue',
    ]);
  });

  it('awaits nothing that is there', async () => {
    expect(await awaiting('all')).toEqual([]);
  });

  it('is told all the same, as far as is known', async () => {
    const translation = await translatedWith('reinstatement.issue', 'none');
    const records = translation.outcome === 'records' ? translation.records : [];
    const line = records.find(({ kind }) => kind === 'activity');
    expect(line?.fields).toMatchObject({ subject: 'Reinstatement 100004330 issued, effective 25 Oct 2024' });
  });
});
