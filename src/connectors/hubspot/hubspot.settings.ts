import { addressProblem, isHeaderValue, isUsableUrl } from '../kit/setting-checks.js';
import { reservedFieldProblems } from '../own-field-targets.js';

/** The app's own properties, and where its deals and tickets stand. */
const RESERVED = /^(socotra_.*|pipeline|dealstage|hs_pipeline|hs_pipeline_stage)$/i;

/** Sentences for the customer. No value is repeated: it may be a secret. */
export function checkHubspotSettings(settings: Readonly<Record<string, string>>): readonly string[] {
  const { 'api-token': token, 'api-url': url } = settings;
  const problems: string[] = [];
  if (token !== undefined && !isHeaderValue(token.trim())) {
    problems.push('"Token" contains characters that no header can carry: copy it again.');
  }
  if (url !== undefined && !isUsableUrl(url)) {
    problems.push(addressProblem('Address', ', or left empty'));
  }
  return [...problems, ...reservedFieldProblems(settings, (field) => RESERVED.test(field))];
}
