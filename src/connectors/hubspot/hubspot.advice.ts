import type { Failure } from '../connector.js';

/** What the administrator can do about a refusal, by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  email_taken:
    'Another contact of HubSpot has this e-mail address: merge the two there, or correct the address in Socotra.',
  forbidden: 'HubSpot forbids this: check the rights of the token.',
  invalid_email: 'HubSpot does not take the e-mail address: correct it in Socotra.',
  invalid_option: 'HubSpot does not know this choice: add it to the property there.',
  missing_conditional_required_property:
    'A rule in HubSpot requires another property: give it a default there, or map a field of Socotra to it.',
  missing_required_property:
    'A rule in HubSpot requires another property: give it a default there, or map a field of Socotra to it.',
  property_doesnt_exist:
    'The property does not exist in HubSpot: create it there, or start the app again if it is one of its own.',
  read_only_value: 'HubSpot fills this property itself: map the field to another one.',
  unique_value_taken:
    'Another record of HubSpot has this value, and the property allows it only once: look for it there.',
};
const USUAL_ADVICE = 'HubSpot refused the record: look at its validation rules for this object.';

/** A refusal for good. @param scopes those that the token lacks */
export function rejection(
  code: string,
  { field, scopes = [] }: { readonly field?: string; readonly scopes?: readonly string[] } = {},
): Extract<Failure, { outcome: 'rejected' }> {
  const known = Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined;
  const advice = code === 'missing_scopes' ? scopeAdvice(scopes) : (known ?? USUAL_ADVICE);
  return { outcome: 'rejected', code, ...(field !== undefined && { field }), advice };
}

function scopeAdvice(scopes: readonly string[]): string {
  const names = scopes.length === 0 ? 'the scopes of this object' : scopes.join(', ');
  return `The token lacks a scope: give the service key or private app ${names} in HubSpot, and start the app again.`;
}
