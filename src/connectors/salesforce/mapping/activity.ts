import type { RecordOf } from '../../../records/canonical-record.js';
import { dayOf } from '../../kit/day-of.js';
import type { Org } from '../salesforce.org.js';
import { type PlannedRow, rowOf } from './planned-row.js';

/**
 * A line of the timeline is a completed task. What it is about is added by whoever knows the Salesforce id: a task may
 * hang on many kinds of record, and such a relation cannot be set by key.
 */
export function activityRow(record: RecordOf<'activity'>, org: Org, timeZone: string): PlannedRow {
  const { subject, occurredAt, type } = record.fields;
  const values = {
    Subject: subject,
    // The subject has 255 characters; here the sentence is whole.
    Description: subject,
    Status: org.statuses.tasks.closed,
    ActivityDate: dayOf(occurredAt, { timeZone }),
    Socotra_Event__c: type,
    Socotra_Occurred_At__c: occurredAt,
  };
  return rowOf('Task', record, org, values);
}
