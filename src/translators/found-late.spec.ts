import { storyEvent, storyInput } from '../../test/support/story-translation.js';
import type { Snapshot } from '../core/snapshot.js';
import type { EventName } from '../events/socotra-events.js';
import { RENEW } from './policy/policy-status.js';
import { TRANSLATORS } from './translators.js';
import type { Translator } from './translator.js';

const YEAR_MS = 365 * 86_400_000;

/** The sentence of an event of the story, with what Core shows when it is found late. */
async function sentenceOf(name: EventName, change: (snapshot: Snapshot) => Partial<Snapshot>): Promise<unknown> {
  const translator: Translator = TRANSLATORS[name];
  const input = await storyInput(storyEvent(name));
  const translation = translator.translate({ ...input, snapshot: { ...input.snapshot, ...change(input.snapshot) } });
  const records = translation.outcome === 'records' ? translation.records : [];
  return records.flatMap(({ kind, fields }) => (kind === 'activity' ? [fields.subject] : [])).at(0);
}

/** The policy, renewed for a year from the end that it had. */
function renewed({ policy }: Snapshot): Partial<Snapshot> {
  const endMs = policy?.effectiveContractEndMs ?? 0;
  const renewal = { locator: 'r', name: RENEW, effectiveMs: endMs, issuedMs: endMs };
  return policy === undefined
    ? {}
    : {
        policy: {
          ...policy,
          effectiveContractEndMs: endMs + YEAR_MS,
          modifications: [...policy.modifications, renewal],
        },
      };
}

/** For events that are found after an outage, fetched at the first start or replayed: Core has gone on since. */
describe('a sentence tells what the event told, although Core has gone on', () => {
  it.each(['policy.end', 'policy.end.reminder'] as const)(
    '%s: of the term that ended, not of the next',
    async (name) => {
      const inTime = await sentenceOf(name, () => ({}));
      expect(inTime).toMatch(/ on \d+ \w+ \d{4}/);
      expect(await sentenceOf(name, renewed)).toBe(inTime);
    },
  );

  it('policy.end: names no day that is not known any more', async () => {
    const later = ({ policy }: Snapshot) => ({
      ...(policy && { policy: { ...policy, effectiveContractEndMs: Date.parse('2040-01-01'), modifications: [] } }),
    });
    expect(await sentenceOf('policy.end', later)).toMatch(/reached its end$/);
  });

  it('subClaim.updateReserve: names no amount that may be of a later change', async () => {
    const movedTo = (ms: number) => (snapshot: Snapshot) => ({
      ...(snapshot.claim && {
        claim: { ...snapshot.claim, subClaims: snapshot.claim.subClaims.map((one) => ({ ...one, updatedMs: ms })) },
      }),
    });
    const { occurredAtMs } = storyEvent('subClaim.updateReserve');
    expect(await sentenceOf('subClaim.updateReserve', movedTo(occurredAtMs + 60_000))).toMatch(
      /reserve set to 3450\.00 USD$/,
    );
    expect(await sentenceOf('subClaim.updateReserve', movedTo(occurredAtMs + 3_600_000))).toMatch(/: reserve changed$/);
  });
});
