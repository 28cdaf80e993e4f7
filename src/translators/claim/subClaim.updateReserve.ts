import { defineTranslator } from '../translator.js';
import { CLAIM_NEEDS, reserveWords, subClaimTranslation } from './claim-translation.js';

/** An item that changed so long after the event has perhaps another reserve by now than the event tells of. */
const SAME_CHANGE_MS = 600_000;

/** The amount set aside for one damage changed. */
export const subClaimUpdateReserve = defineTranslator('subClaim.updateReserve', {
  needs: CLAIM_NEEDS,
  translate: (input) =>
    subClaimTranslation(input, (subClaim) => {
      const isThisChange = (subClaim?.updatedMs ?? -Infinity) <= input.event.occurredAtMs + SAME_CHANGE_MS;
      return `reserve ${isThisChange ? `set${reserveWords(input, ' to', subClaim)}` : 'changed'}`;
    }),
});
