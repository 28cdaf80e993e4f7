import type { CrmStore } from '../targets/rest-crm/crm-store.ts';
import { standInRecordOf } from '../targets/rest-crm/rest-stand-in.ts';
import { type ExpectedRecords, readExpectedRecords, verifyRecords } from './verify-records.ts';

/** What the CRM behind the generic REST target must hold after the story. */
export function readExpectedCrm(): ExpectedRecords {
  return readExpectedRecords('expected-crm');
}

/** As of any target; and no record may be marked as ended, nor stand twice under different keys. */
export function verifyCrm(expected: ExpectedRecords, store: CrmStore): readonly string[] {
  const ended = store.records
    .filter(({ key, op }) => op !== 'upsert' && expected.records[key] !== undefined)
    .map(({ kind, key, op }) => `Wrong: the ${kind} ${key} is marked "${op}".`);
  const doubled = store.twins().map((key) => `Doubled: ${key} stands twice.`);
  return [...verifyRecords(expected, store.records.map(standInRecordOf)), ...ended, ...doubled];
}
