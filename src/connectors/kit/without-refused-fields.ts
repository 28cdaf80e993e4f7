import type { DeliveryResult, RefusedField } from '../connector.js';

/** A record with more refused fields than this is not worth so many calls: something else is wrong. */
const MOST_REFUSED_FIELDS = 5;

/**
 * Writes one record; each field that the target refuses is left out and the rest is written, and the result names what
 * was left out.
 *
 * @param mayLeaveOut whether the record makes sense without this field of the target
 * @param write writes the record without these fields
 */
export async function withoutRefusedFields(
  mayLeaveOut: (field: string) => boolean,
  write: (leftOut: ReadonlySet<string>) => Promise<DeliveryResult>,
): Promise<DeliveryResult> {
  const refusedFields: RefusedField[] = [];
  for (;;) {
    const leftOut = new Set(refusedFields.map(({ field }) => field));
    const result = await write(leftOut);
    if (result.outcome === 'delivered' && refusedFields.length > 0) return { ...result, refusedFields };
    if (result.outcome !== 'rejected' || result.field === undefined) return result;
    const { field, code } = result;
    if (leftOut.has(field) || !mayLeaveOut(field) || refusedFields.length === MOST_REFUSED_FIELDS) return result;
    refusedFields.push({ field, code });
  }
}
