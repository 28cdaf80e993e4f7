import { draftedLine } from '../quote/offer-lines.js';
import { defineTranslator } from '../translator.js';
import { POLICY_NEEDS, policyTranslation } from './policy-translation.js';

/** A policy begins its life as a quote; told as one line with the `policy.quote.create` of its first quote. */
export const policyCreate = defineTranslator('policy.create', {
  needs: POLICY_NEEDS,
  translate: (input) => policyTranslation(input, (policy) => draftedLine(input, policy)),
});
