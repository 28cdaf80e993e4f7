import type { IsoInstant, LocalDate } from '../../records/canonical-record.js';
import { localDate } from '../../records/local-date.js';
import type { Delivery } from '../connector.js';

/**
 * The day of an instant to the tenant, for targets that hold a day there: what was paid on the evening of the 31st in New
 * York is booked in that month, although it is the 1st in Greenwich. `undefined` and `null` stay what they are.
 */
export function dayOf<T extends undefined | null>(
  instant: IsoInstant | T,
  { timeZone }: Pick<Delivery, 'timeZone'>,
): LocalDate | T {
  return typeof instant === 'string' ? localDate(Date.parse(instant), timeZone) : instant;
}
