import type { RecordKind } from '../../records/record-kinds.js';
import { FSC_OBJECTS } from './objects/fsc-objects.js';
import type { ObjectDefinition } from './objects/object-definition.js';
import { PLAIN_OBJECTS } from './objects/plain-objects.js';
import { SHARED_OBJECTS } from './objects/shared-objects.js';

/** Whether the account has Financial Services Cloud. */
export type Flavour = 'plain' | 'fsc';

/**
 * THE TABLE of what the connector writes: the mapping's types, the check at Start, the metadata package in `salesforce/`
 * and its permission sets all come from it, so that code and metadata cannot disagree.
 */
const OBJECTS = { ...SHARED_OBJECTS, ...PLAIN_OBJECTS, ...FSC_OBJECTS };
export type ObjectName = keyof typeof OBJECTS;

/** The fields of an object that the mapping may write, besides key and relations. */
export type FieldOf<O extends ObjectName> =
  keyof (typeof OBJECTS)[O]['standard'] | Exclude<keyof (typeof OBJECTS)[O]['own'], 'Socotra_Key__c'>;

const namesOf = <T extends object>(objects: T) => Object.keys(objects) as (keyof T & ObjectName)[];

/** The objects each flavour uses, parents before their children. */
export const OBJECTS_OF: Readonly<Record<Flavour, readonly ObjectName[]>> = {
  plain: [...namesOf(SHARED_OBJECTS), ...namesOf(PLAIN_OBJECTS)],
  fsc: [...namesOf(SHARED_OBJECTS), ...namesOf(FSC_OBJECTS)],
};

/** Only Financial Services Cloud has these: their fields are a package of their own. */
export const FSC_ONLY: ReadonlySet<string> = new Set(namesOf(FSC_OBJECTS));

/** Where a record of a kind lands: what children and the timeline are tied to. */
export const OBJECT_OF_KIND: Readonly<Record<Flavour, Readonly<Partial<Record<RecordKind, ObjectName>>>>> = {
  plain: {
    party: 'Account',
    quote: 'Opportunity',
    policy: 'Socotra_Policy__c',
    policy_change: 'Socotra_Transaction__c',
    claim: 'Case',
    claim_item: 'Socotra_Claim_Item__c',
    premium_row: 'Socotra_Transaction__c',
    activity: 'Task',
  },
  fsc: {
    party: 'Account',
    quote: 'Opportunity',
    policy: 'InsurancePolicy',
    policy_change: 'InsurancePolicyTransaction',
    claim: 'Claim',
    claim_item: 'ClaimItem',
    premium_row: 'InsurancePolicyTransaction',
    activity: 'Task',
  },
};

/** The definition with its parts as plain tables, for whoever goes through them. */
export function definitionOf(object: ObjectName): ObjectDefinition {
  return OBJECTS[object];
}
