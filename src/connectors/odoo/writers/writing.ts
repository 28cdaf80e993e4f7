import type { CanonicalRecord } from '../../../records/canonical-record.js';
import type { RecordKind } from '../../../records/record-kinds.js';
import type { Delivery, DeliveryResult, Failure, RefusedField, Target } from '../../connector.js';
import type { OdooAccount } from '../odoo.account.js';
import type { Odoo } from '../odoo.api.js';

/** What a writer works with. */
export interface Writing {
  readonly odoo: Odoo;
  readonly account: OdooAccount;
  readonly target: Target;
}

export type DeliveryOf<K extends RecordKind> = Delivery & { readonly record: Extract<CanonicalRecord, { kind: K }> };

/** Writes records of one kind. @returns one result per delivery, same order */
export type Writer<K extends RecordKind> = (
  deliveries: readonly DeliveryOf<K>[],
  writing: Writing,
) => Promise<readonly DeliveryResult[]>;

/** Database ids that an earlier delivery left; the records may have been deleted since. */
export function knownIds(deliveries: readonly Delivery[]): readonly number[] {
  return deliveries.map(({ targetId }) => Number(targetId)).filter((id) => Number.isInteger(id) && id > 0);
}

/** The result for all, when what they need first could not be had. */
export function allFailed(deliveries: readonly Delivery[], failure: Failure): readonly DeliveryResult[] {
  return deliveries.map(() => failure);
}

/** The result, with one more field that Odoo does not show as the record says. */
export function withRefused(result: DeliveryResult, field: RefusedField): DeliveryResult {
  if (result.outcome !== 'delivered') return result;
  return { ...result, refusedFields: [...(result.refusedFields ?? []), field] };
}

/**
 * Whether an amount is in another currency than the books: opportunities and orders are in that of the books alone, which
 * would show dollars as euros.
 */
export function isForeign(
  amount: string | null | undefined,
  currency: string | undefined,
  { currency: books }: OdooAccount,
): boolean {
  return typeof amount === 'string' && currency !== undefined && books !== undefined && currency !== books;
}
