import type { DeliveryResult } from '../../connector.js';
import { claimFacts, claimRow, taskTitle } from '../mapping/claim.js';
import { withFacts } from '../mapping/facts.js';
import { upsertRows } from '../odoo.load.js';
import { ensureClaimsProject } from '../odoo.schema.js';
import { readTexts } from './texts.js';
import { allFailed, type Writer } from './writing.js';

const MODEL = 'project.task';
const TEXTS = { model: MODEL, field: 'description', titleField: 'name' };
const ESSENTIAL: ReadonlySet<string> = new Set(['id', 'name', 'project_id']);

export const writeClaims: Writer<'claim'> = async (deliveries, { odoo }) => {
  const texts = await readTexts(odoo, TEXTS, deliveries, ({ record }) => taskTitle(record));
  if (!texts.ok) return allFailed(deliveries, texts.failure);
  const entries = deliveries.map((delivery) => {
    const html = texts.value.get(delivery.record.key) ?? '';
    return {
      delivery,
      row: claimRow(delivery.record, delivery, withFacts(html, claimFacts(delivery.record, delivery))),
    };
  });
  const results = await upsertRows({ odoo, model: MODEL, essential: ESSENTIAL }, entries);
  // The project of the claims may be what is missing.
  if (results.some(({ outcome }) => outcome === 'dependency')) await ensureClaimsProject(odoo);
  return results.map((result, index): DeliveryResult => {
    const { op, fields } = deliveries[index]?.record ?? {};
    // One that ended and that somebody deleted in Odoo is not made again to be shown as ended.
    const isEmptyVoid = op === 'void' && fields?.number === undefined;
    return isEmptyVoid && result.outcome === 'rejected' ? { outcome: 'skipped', code: 'nothing_to_void' } : result;
  });
};
