import type { Cancellation, Endorsement, Reinstatement, Renewal } from '../entities.js';
import type { Fields } from './fields.js';
import { compact, parseObject, type Parsed } from './parsed.js';

/**
 * The documentation of endorsements and cancellations in reach ends before `state`, so their answers may lack it;
 * then an issue time still tells the one state that matters.
 */
function stateOf(fields: Fields): string {
  return fields.text('state') ?? (fields.raw('issuedTimestamp') === undefined ? 'unknown' : 'issued');
}

function readTimes(fields: Fields) {
  return {
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    issuedMs: fields.timestamp('issuedTimestamp'),
  };
}

function readEndorsement(fields: Fields): Endorsement {
  return compact({
    locator: fields.locator(),
    policyLocator: fields.text('policyLocator'),
    policyholderLocator: fields.text('policyholderLocator'),
    name: fields.text('endorsementName') ?? fields.text('name'),
    state: stateOf(fields),
    ...readTimes(fields),
    startMs: fields.timestamp('startTimestamp'),
    newPolicyEndMs: fields.timestamp('newPolicyEndTimestamp'),
  });
}

function readRenewal(fields: Fields): Renewal {
  return compact({
    locator: fields.locator(),
    policyLocator: fields.text('policyLocator'),
    policyholderLocator: fields.text('policyholderLocator'),
    state: fields.requiredText('state'),
    ...readTimes(fields),
    renewalStartMs: fields.timestamp('renewalStartTimestamp'),
    renewalEndMs: fields.timestamp('renewalEndTimestamp'),
  });
}

function readCancellation(fields: Fields): Cancellation {
  return compact({
    locator: fields.locator(),
    policyLocator: fields.text('policyLocator'),
    name: fields.text('name'),
    state: stateOf(fields),
    ...readTimes(fields),
    effectiveMs: fields.timestamp('effectiveTimestamp'),
    comments: fields.words('cancellationComments'),
  });
}

function readReinstatement(fields: Fields): Reinstatement {
  return compact({
    locator: fields.locator(),
    cancellationLocator: fields.text('cancellationLocator'),
    state: fields.requiredText('state'),
    ...readTimes(fields),
    effectiveMs: fields.timestamp('effectiveTimestamp'),
    deadlineMs: fields.timestamp('reinstatementDeadlineTimestamp'),
    paymentAmount: fields.money('reinstatementPaymentAmount'),
    invoiceLocator: fields.text('invoiceLocator'),
  });
}

/** `GET /endorsements/{locator}`. */
export function parseEndorsement(json: unknown): Parsed<Endorsement> {
  return parseObject(json, 'endorsement', readEndorsement);
}

/** `GET /renewals/{locator}`. */
export function parseRenewal(json: unknown): Parsed<Renewal> {
  return parseObject(json, 'renewal', readRenewal);
}

/** `GET /cancellations/{locator}`. */
export function parseCancellation(json: unknown): Parsed<Cancellation> {
  return parseObject(json, 'cancellation', readCancellation);
}

/** `GET /reinstatements/{locator}`. */
export function parseReinstatement(json: unknown): Parsed<Reinstatement> {
  return parseObject(json, 'reinstatement', readReinstatement);
}
