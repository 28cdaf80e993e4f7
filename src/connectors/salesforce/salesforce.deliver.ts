import type { Delivery, DeliveryResult, Target } from '../connector.js';
import { type BatchAnswer, inBatches } from '../kit/in-batches.js';
import { stopAfter } from '../kit/rest-of-connection.js';
import type { PlannedRow } from './mapping/planned-row.js';
import { MOST_ROWS, upsertRows } from './salesforce.api.js';
import { type Attempt, firstAttempt, nextAttempt, recordOf, resultOf, withLeftOut } from './salesforce.attempt.js';
import { failureOf } from './salesforce.classify.js';
import { rowsOf } from './salesforce.mapping.js';
import type { ObjectName } from './salesforce.objects.js';
import { type Org, orgs } from './salesforce.org.js';
import { readRows } from './salesforce.rows.js';
import { tieActivities } from './salesforce.ties.js';

/** A record, and the rows that stand for it in the order in which they must be written. */
interface Job {
  readonly delivery: Delivery;
  readonly rows: readonly PlannedRow[];
}

/** Upserts records, all rows of one object in as few calls as possible. */
export async function deliverToSalesforce(
  deliveries: readonly Delivery[],
  target: Target,
): Promise<readonly DeliveryResult[]> {
  const org = await orgs.get(target);
  if (!org.ok) return deliveries.map(() => org.failure);
  const results = new Map<Delivery, DeliveryResult>();
  const tied = await tieActivities(deliveries, org.value, target);
  const jobs = deliveries.flatMap((delivery): Job[] => {
    const tie = tied.get(delivery);
    if (tie !== undefined && !tie.ok) {
      results.set(delivery, tie.failure);
      return [];
    }
    const rows = rowsOf(delivery, org.value);
    return [{ delivery, rows: tie?.value === undefined ? rows : rows.map((row) => withWhatId(row, tie.value)) }];
  });
  await writeStep(0, jobs, org.value, target, results);
  return deliveries.map((delivery) => results.get(delivery) ?? { outcome: 'skipped', code: 'kind_unsupported' });
}

function withWhatId(row: PlannedRow, whatId: string | undefined): PlannedRow {
  return whatId === undefined ? row : { ...row, values: { ...row.values, WhatId: whatId } };
}

/** Writes the rows with this number of all records, object by object; then the rows that come after them. */
async function writeStep(
  step: number,
  jobs: readonly Job[],
  org: Org,
  target: Target,
  results: Map<Delivery, DeliveryResult>,
): Promise<void> {
  const byObject = Map.groupBy(
    jobs.filter(({ rows }) => rows[step] !== undefined),
    ({ rows }) => rows[step]?.object,
  );
  for (const [object, group] of byObject) {
    if (object === undefined) continue;
    const stop = stopAfter(results.values());
    const rows = group.flatMap(({ delivery, rows: all }) =>
      all.slice(step, step + 1).map((row) => ({ delivery, row })),
    );
    const answers = stop === undefined ? await writeRows(object, rows, org, target) : rows.map(() => stop);
    group.forEach(({ delivery }, index) => {
      results.set(delivery, joined(results.get(delivery), answers[index] ?? NO_ANSWER));
    });
  }
  const next = jobs.filter(({ delivery, rows }) => {
    return rows.length > step + 1 && results.get(delivery)?.outcome === 'delivered';
  });
  if (next.length > 0) await writeStep(step + 1, next, org, target, results);
}

/** A record is delivered when all of its rows are; its id is that of the first. */
function joined(before: DeliveryResult | undefined, result: DeliveryResult): DeliveryResult {
  if (before?.outcome !== 'delivered' || result.outcome !== 'delivered') return result;
  const refusedFields = [...(before.refusedFields ?? []), ...(result.refusedFields ?? [])];
  return { ...before, ...(refusedFields.length > 0 && { refusedFields }) };
}

type Row = Pick<Job, 'delivery'> & { readonly row: PlannedRow };

/** One result per row, same order. What single rows are refused for is left out, and all of those are sent again together. */
async function writeRows(
  object: ObjectName,
  rows: readonly Row[],
  org: Org,
  target: Target,
): Promise<readonly DeliveryResult[]> {
  const described = org.objects.get(object);
  if (described === undefined) return rows.map(() => OBJECT_HIDDEN);
  const results = new Map<Delivery, DeliveryResult>();
  let open: readonly Attempt[] = rows.map(({ delivery, row }) => firstAttempt(delivery, row, described));
  while (open.length > 0) {
    const answers = await inBatches(open, MOST_ROWS, (batch) => send(object, batch, target));
    open = open.flatMap((attempt, index) => {
      const result = answers[index] ?? NO_ANSWER;
      results.set(attempt.delivery, withLeftOut(attempt, result));
      return nextAttempt(attempt, result) ?? [];
    });
  }
  return rows.map(({ delivery }) => results.get(delivery) ?? NO_ANSWER);
}

const NO_ANSWER: DeliveryResult = { outcome: 'retry', code: 'no_answer' };

const OBJECT_HIDDEN: DeliveryResult = {
  outcome: 'rejected',
  code: 'object_not_visible',
  advice:
    'The integration user does not see the object in Salesforce: deploy the package in salesforce/ and assign the permission set "Socotra Sync".',
};

async function send(object: ObjectName, batch: readonly Attempt[], target: Target): Promise<BatchAnswer> {
  const sent = await upsertRows(target, object, batch.map(recordOf));
  const failure = sent.ok ? failureOf(sent.value, target.now()) : sent.failure;
  if (failure !== undefined) return failure;
  const rows = sent.ok && sent.value.kind === 'answer' ? readRows(sent.value.body) : [];
  return batch.map((attempt, index) => resultOf(attempt, rows[index]));
}
