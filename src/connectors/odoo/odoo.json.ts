import { listOf, textOf } from '../kit/json.js';

/** What Odoo answers is read tolerantly: whatever is not as documented reads as absent. */

/** The whole numbers of an array. */
export function idsIn(value: unknown): readonly number[] {
  return listOf(value).filter((id): id is number => Number.isInteger(id));
}

/** A many2one reads as `[id, "label"]`, an empty one as `false`. */
export function many2one(value: unknown): { readonly id: number; readonly label: string } | undefined {
  const [id, label] = listOf(value);
  return typeof id === 'number' ? { id, label: textOf(label) } : undefined;
}
