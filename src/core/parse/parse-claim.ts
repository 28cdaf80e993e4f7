import type { Claim, Payable, SubClaim } from '../entities.js';
import type { Fields } from './fields.js';
import { readFieldContainers, readFieldValues } from './field-values.js';
import { compact, parseList, parseObject, type Parsed } from './parsed.js';

function readSubClaim(fields: Fields): SubClaim {
  return compact({
    locator: fields.locator(),
    exposureLocator: fields.text('exposureLocator'),
    perilLocator: fields.text('perilLocator'),
    status: fields.text('currentStatus'),
    lossReserve: fields.money('lossReserve'),
    expenseReserve: fields.money('expenseReserve'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    fieldValues: readFieldValues(fields, 'fieldValues'),
  });
}

function readClaim(fields: Fields): Claim {
  return compact({
    locator: fields.locator(),
    displayId: fields.text('displayId'),
    policyLocator: fields.text('policyLocator'),
    productName: fields.text('productName'),
    status: fields.requiredText('currentStatus'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    incidentMs: fields.timestamp('incidentTimestamp'),
    notificationMs: fields.timestamp('notificationTimestamp'),
    ...readFieldContainers(fields),
    subClaims: fields.recordList('subClaims', readSubClaim),
  });
}

function readPayable(fields: Fields): Payable {
  return compact({
    locator: fields.locator(),
    subClaimLocator: fields.text('subClaimLocator'),
    amount: fields.money('amount'),
    currency: fields.currency('amountCurrency'),
    createdMs: fields.timestamp('createdTimestamp'),
  });
}

/** `GET /claim/{locator}`. */
export function parseClaim(json: unknown): Parsed<Claim> {
  return parseObject(json, 'claim', readClaim);
}

/** `GET /policy/{locator}/claims`. */
export function parseClaims(json: unknown): Parsed<readonly Claim[]> {
  return parseList(json, 'claim', readClaim);
}

/** `GET /claims/payables/{locator}`; its response is hardly documented, so all but the locator is optional. */
export function parsePayable(json: unknown): Parsed<Payable> {
  return parseObject(json, 'payable', readPayable);
}
