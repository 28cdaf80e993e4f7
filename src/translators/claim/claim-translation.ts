import type { SubClaim } from '../../core/entities.js';
import type { SnapshotMember } from '../../core/snapshot.js';
import type { CanonicalRecord } from '../../records/canonical-record.js';
import { isNegative, negate } from '../../records/money.js';
import { POLICY_NEEDS } from '../policy/policy-translation.js';
import { ended, voidRecord } from '../record.js';
import { tell } from '../translation.js';
import type { Translation, TranslationInput } from '../translator.js';
import { amount, calledBy, onDay } from '../wording.js';
import { claimItemRecord, claimRecord, coverageOf, reserveOf } from './claim-record.js';

export const CLAIM_NEEDS = [...POLICY_NEEDS, 'claim'] as const satisfies readonly SnapshotMember[];
export const PAYABLE_NEEDS = [...CLAIM_NEEDS, 'payable'] as const satisfies readonly SnapshotMember[];

/** The items of a claim end with it. */
function itemsOf(input: TranslationInput, endState?: 'discarded'): readonly CanonicalRecord[] {
  const items = (input.snapshot.claim?.subClaims ?? []).map((subClaim) => claimItemRecord(input, subClaim));
  return endState === undefined ? items : items.map((item) => ended(input, item));
}

/** @param endState only for a discard */
export function claimTranslation(input: TranslationInput, verb: string, endState?: 'discarded'): Translation {
  const { claim } = input.snapshot;
  if (claim !== undefined) {
    return tell(input, {
      line: `Claim ${calledBy(claim)} ${verb}${onDay(input, ', loss on', claim.incidentMs)}`,
      about: claimRecord(input, claim, endState),
      more: itemsOf(input, endState),
    });
  }
  const { claimLocator } = input.event.locators;
  if (claimLocator === undefined) return tell(input, { line: `Claim ${verb}` });
  const gone = endState && voidRecord(input, 'claim', claimLocator, { status: endState });
  return tell(input, { line: `Claim ${calledBy({ locator: claimLocator })} ${verb}`, gone });
}

function subClaimOf({ snapshot, event }: TranslationInput): SubClaim | undefined {
  const locator = event.locators.subClaimLocator ?? snapshot.payable?.subClaimLocator;
  return snapshot.claim?.subClaims.find((candidate) => candidate.locator === locator);
}

/**
 * The claim with all its items; the line is about one of them, for example
 * `Claim …cefb69, vehicle 100004220 / collision: opened`.
 */
export function subClaimTranslation(
  input: TranslationInput,
  news: (subClaim: SubClaim | undefined) => string,
): Translation {
  const { claim } = input.snapshot;
  const subClaim = subClaimOf(input);
  const coverage = subClaim && coverageOf(input, subClaim);
  const subject = [claim && `Claim ${calledBy(claim)}`, coverage].filter(Boolean).join(', ') || 'Claim item';
  const about = subClaim && claimItemRecord(input, subClaim);
  const claimLevel = claim === undefined ? [] : [claimRecord(input, claim), ...itemsOf(input)];
  return tell(input, { line: `${subject}: ${news(subClaim)}`, about: about ?? claimLevel[0], more: claimLevel });
}

/** ` to 3450.00 USD`, what is set aside for one subclaim. */
export function reserveWords(input: TranslationInput, words: string, subClaim: SubClaim | undefined): string {
  return amount(words, subClaim && reserveOf([subClaim]), input.snapshot.policy?.currency);
}

/** ` of 1450.00 USD`: to people a payable is a positive amount, whatever sign Core gives a cost. */
export function payableWords({ snapshot }: TranslationInput): string {
  const { payable, policy } = snapshot;
  if (payable?.amount === undefined) return '';
  const value = isNegative(payable.amount) ? negate(payable.amount) : payable.amount;
  return amount(' of', value, payable.currency ?? policy?.currency);
}
