import type { Asked } from '../../connector.js';
import type { Odoo } from '../odoo.api.js';

/** The first bank journal that the user may see; undefined: there is none. */
export async function findBankJournal(odoo: Odoo): Promise<Asked<number | undefined>> {
  const domain = [
    ['type', '=', 'bank'],
    ['active', '=', true],
  ];
  const found = await odoo.searchRead('account.journal', domain, ['id']);
  if (!found.ok) return found;
  const ids = found.value.map((journal) => journal['id']).filter((id) => typeof id === 'number');
  return { ok: true, value: ids.length === 0 ? undefined : Math.min(...ids) };
}
