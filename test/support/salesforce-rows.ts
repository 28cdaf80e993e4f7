import type { ObjectName } from '../../src/connectors/salesforce/salesforce.objects.js';
import { rowsOf } from '../../src/connectors/salesforce/salesforce.mapping.js';
import type { Org } from '../../src/connectors/salesforce/salesforce.org.js';
import type { CanonicalRecord } from '../../src/records/canonical-record.js';
import type { RecordKind } from '../../src/records/record-kinds.js';
import { deliveryOf, FULL_RECORDS } from './deliveries.js';
import { shownRow } from './salesforce-org.js';

/** What the full records look like in Salesforce, whatever the org. */

export const PARTY = { name: 'policyholder', kind: 'party', key: 'p-pty-77', required: true } as const;
export const POLICY = { name: 'policy', kind: 'policy', key: 'p-pol-1', required: true } as const;
export const CLAIM = { name: 'claim', kind: 'claim', key: 'p-clm-1', required: true } as const;

export const AT = '2024-05-21T15:30:00.450Z';
export const locator = { Socotra_Locator__c: '100004200' };
export const own = { loyaltyNumber: 'L-1', nickname: null };

export const address = (prefix: string) => ({
  [`${prefix}Street`]: '1 Main St',
  [`${prefix}City`]: 'Pasadena',
  [`${prefix}State`]: 'CA',
  [`${prefix}PostalCode`]: '91101',
  [`${prefix}Country`]: 'US',
});

/** The full record of a kind with these relations. */
export function related(kind: RecordKind, ...relations: CanonicalRecord['relations']): CanonicalRecord {
  return { ...FULL_RECORDS[kind], relations };
}

/** Object and fields of each row that stands for the record. */
export function rows(record: CanonicalRecord, org: Org): readonly Row[] {
  return rowsOf(deliveryOf(record), org).map((row) => [row.object, shownRow(row)]);
}

export type Row = readonly [ObjectName, Readonly<Record<string, unknown>>];
