import type { PremiumReport } from '../entities.js';
import type { Fields } from './fields.js';
import { compact, parseObject, type Parsed } from './parsed.js';

function readPremiumReport(fields: Fields): PremiumReport {
  return compact({
    locator: fields.locator(),
    displayId: fields.text('displayId'),
    policyLocator: fields.text('policyLocator'),
    state: fields.requiredText('state'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    startMs: fields.timestamp('startTimestamp'),
    endMs: fields.timestamp('endTimestamp'),
    invoiceDueMs: fields.timestamp('invoiceDueTimestamp'),
    issuedMs: fields.timestamp('issuedTimestamp'),
    grossPremium: fields.money('grossPremium'),
    grossTaxes: fields.money('grossTaxes'),
    grossFees: fields.money('grossFees'),
    grossCommissions: fields.money('grossCommissions'),
  });
}

/** `GET /premiumReports/{locator}`. */
export function parsePremiumReport(json: unknown): Parsed<PremiumReport> {
  return parseObject(json, 'premium report', readPremiumReport);
}
