import { defineTranslator } from '../translator.js';
import { ENDORSEMENT_NEEDS, issuedEndorsement } from './endorsement-translation.js';

/** The change is part of the policy from its effective date; its premium is billed. */
export const endorsementIssue = defineTranslator('endorsement.issue', {
  needs: ENDORSEMENT_NEEDS,
  translate: issuedEndorsement,
});
