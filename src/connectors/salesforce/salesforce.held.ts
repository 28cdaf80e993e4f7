import type { Asked, Delivery, HeldRecord, Target } from '../connector.js';
import { rowsByKey } from './salesforce.api.js';
import { type Attempt, firstAttempt } from './salesforce.attempt.js';
import type { JsonObject } from '../kit/json.js';
import { jsonText, type Value } from './salesforce.json.js';
import { rowsOf } from './salesforce.mapping.js';
import type { ObjectName } from './salesforce.objects.js';
import { orgs } from './salesforce.org.js';

type Held = Asked<readonly HeldRecord[]>;

/** What Salesforce holds of these records, object by object; one record may be several rows. */
export async function heldBySalesforce(deliveries: readonly Delivery[], target: Target): Promise<readonly Held[]> {
  const org = await orgs.get(target);
  if (!org.ok) return deliveries.map(() => org);
  const attempts = deliveries.flatMap((delivery) =>
    rowsOf(delivery, org.value).flatMap((row) => {
      const described = org.value.objects.get(row.object);
      return described === undefined ? [] : [firstAttempt(delivery, row, described)];
    }),
  );
  const results = new Map<Delivery, Held>(deliveries.map((delivery) => [delivery, { ok: true, value: [] }]));
  for (const [object, ofObject] of Map.groupBy(attempts, ({ row }) => row.object)) {
    const held = await heldRows(object, ofObject, target);
    for (const attempt of ofObject) {
      const before = results.get(attempt.delivery);
      const one: Held = held.ok ? { ok: true, value: [recordOf(attempt, held.value.get(attempt.row.key))] } : held;
      const joined = before?.ok && one.ok ? { ok: true as const, value: [...before.value, ...one.value] } : one;
      results.set(attempt.delivery, joined);
    }
  }
  return deliveries.map((delivery) => results.get(delivery) ?? { ok: true, value: [] });
}

function heldRows(object: ObjectName, attempts: readonly Attempt[], target: Target) {
  const fields = new Set(attempts.flatMap((attempt) => Object.keys(wantedBy(attempt))));
  return rowsByKey(
    target,
    object,
    attempts.map(({ row }) => row.key),
    [...fields],
  );
}

/** What is sent of the row: what the user may not write stays out. */
function wantedBy({ row, leftOut }: Attempt): HeldRecord['wanted'] {
  const sent = Object.entries(row.values).filter(([name]) => !leftOut.has(name));
  return Object.fromEntries(sent.map(([name, value]) => [name, inText(value)]));
}

function recordOf(attempt: Attempt, row: JsonObject | undefined): HeldRecord {
  const wanted = wantedBy(attempt);
  const held = row && Object.fromEntries(Object.keys(wanted).map((name) => [name, heldText(row[name])]));
  return { place: attempt.row.object, wanted, ...(held && { held }) };
}

function inText(value: Value): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : jsonText(value);
}

function heldText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
