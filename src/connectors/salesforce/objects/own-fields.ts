/** The key by which every record is found again: external id and unique on every object. */
export const KEY_FIELD = 'Socotra_Key__c';

/** Our fields that stand on several objects. */
export const KEYS = {
  Socotra_Key__c: { label: 'Socotra Key', type: 'text', length: 80, isKey: true },
  Socotra_Locator__c: { label: 'Socotra Locator', type: 'text', length: 80 },
} as const;
export const status = { label: 'Socotra Status', type: 'text', length: 60 } as const;
export const product = { label: 'Socotra Product', type: 'text', length: 100 } as const;
export const currency = { label: 'Socotra Currency', type: 'text', length: 3 } as const;
