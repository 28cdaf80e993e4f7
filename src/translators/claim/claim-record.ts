import type { Claim, FieldValues, SubClaim } from '../../core/entities.js';
import type { DecimalString, RecordOf } from '../../records/canonical-record.js';
import { negate, sum } from '../../records/money.js';
import { canonicalRecord, dayOf, ended } from '../record.js';
import { relationTo, toParty, toPolicy } from '../relations.js';
import type { TranslationInput } from '../translator.js';

/** Claim fields are the tenant's own and cannot be mapped; these are the names of Socotra's default configuration. */
function textOf(fieldValues: FieldValues, name: string): string | undefined {
  const texts = (fieldValues[name] ?? []).filter((value) => value !== '');
  return texts.length === 0 ? undefined : texts.join('; ');
}

/** In Core a reserve is negative, a cost to the insurer; people set aside a positive amount. */
function reserve(coreReserve: DecimalString | undefined): DecimalString | undefined {
  return coreReserve === undefined ? undefined : negate(coreReserve);
}

/** Loss and expense reserve together, positive; absent where Core gives neither. */
export function reserveOf(subClaims: readonly SubClaim[]): DecimalString | undefined {
  const reserves = subClaims.flatMap((subClaim) => [subClaim.lossReserve ?? [], subClaim.expenseReserve ?? []].flat());
  return reserves.length === 0 ? undefined : reserve(sum(reserves));
}

/** `vehicle 100004220 / collision`: a subclaim ties one exposure and one peril of the policy. */
export function coverageOf({ snapshot }: TranslationInput, subClaim: SubClaim): string | undefined {
  for (const exposure of snapshot.policy?.exposures ?? []) {
    const peril = exposure.perils.find((candidate) => candidate.locator === subClaim.perilLocator);
    if (peril !== undefined) return `${[exposure.name, exposure.displayId].filter(Boolean).join(' ')} / ${peril.name}`;
  }
  return undefined;
}

/** @param endState only for a discard: Core has no such status and may keep showing the old one */
export function claimRecord(input: TranslationInput, claim: Claim, endState?: 'discarded'): RecordOf<'claim'> {
  const record = canonicalRecord(input, 'claim', {
    locator: claim.locator,
    fields: {
      number: claim.displayId ?? claim.locator,
      product: claim.productName,
      status: endState ?? claim.status,
      lossDate: dayOf(input, claim.incidentMs),
      reportedDate: dayOf(input, claim.notificationMs),
      cause: textOf(claim.fieldValues, 'incident_type'),
      description: textOf(claim.fieldValues, 'incident_summary'),
      reserve: reserveOf(claim.subClaims),
      currency: input.snapshot.policy?.currency,
    },
    relations: [...toPolicy(input, true), ...toParty(input, false)],
    changedMs: [
      claim.createdMs,
      claim.updatedMs,
      ...claim.subClaims.flatMap((subClaim) => [subClaim.createdMs, subClaim.updatedMs]),
    ],
  });
  return endState === undefined ? record : ended(input, record);
}

export function claimItemRecord(input: TranslationInput, subClaim: SubClaim): RecordOf<'claim_item'> {
  return canonicalRecord(input, 'claim_item', {
    locator: subClaim.locator,
    fields: {
      coverage: coverageOf(input, subClaim),
      status: subClaim.status,
      lossReserve: reserve(subClaim.lossReserve),
      expenseReserve: reserve(subClaim.expenseReserve),
      currency: input.snapshot.policy?.currency,
      description: textOf(subClaim.fieldValues, 'subclaim_description'),
    },
    relations: relationTo(input, 'claim', 'claim', input.snapshot.claim?.locator, true),
    changedMs: [subClaim.createdMs, subClaim.updatedMs],
  });
}
