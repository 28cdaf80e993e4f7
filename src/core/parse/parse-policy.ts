import type {
  Exposure,
  Fee,
  Modification,
  Peril,
  PerilCharacteristics,
  Policy,
  PolicyCharacteristics,
  Quote,
  Versioned,
} from '../entities.js';
import { type Fields, isJsonObject } from './fields.js';
import { readFieldContainers } from './field-values.js';
import { readInvoice } from './parse-invoice.js';
import { compact, parseObject, type Parsed } from './parsed.js';

/** Policies and exposures date their versions by `startTimestamp`, perils by `coverageStartTimestamp`. */
function readVersion(fields: Fields, start: string, end: string): Versioned {
  return compact({
    locator: fields.locator(),
    startMs: fields.requiredTimestamp(start),
    endMs: fields.requiredTimestamp(end),
    issuedMs: fields.timestamp('issuedTimestamp'),
    replacedMs: fields.timestamp('replacedTimestamp'),
    ...readFieldContainers(fields),
  });
}

function readPolicyCharacteristics(fields: Fields): PolicyCharacteristics {
  return compact({
    ...readVersion(fields, 'startTimestamp', 'endTimestamp'),
    grossPremium: fields.money('grossPremium'),
    grossTaxes: fields.money('grossTaxes'),
  });
}

function readPerilCharacteristics(fields: Fields): PerilCharacteristics {
  return compact({
    ...readVersion(fields, 'coverageStartTimestamp', 'coverageEndTimestamp'),
    premium: fields.money('premium'),
  });
}

function readPeril(fields: Fields): Peril {
  return compact({
    locator: fields.locator(),
    name: fields.requiredText('name'),
    displayId: fields.text('displayId'),
    characteristics: fields.list('characteristics', readPerilCharacteristics),
  });
}

function readExposure(fields: Fields): Exposure {
  return compact({
    locator: fields.locator(),
    name: fields.requiredText('name'),
    displayId: fields.text('displayId'),
    characteristics: fields.list('characteristics', (item) => readVersion(item, 'startTimestamp', 'endTimestamp')),
    perils: fields.list('perils', readPeril),
  });
}

function readModification(fields: Fields): Modification {
  return compact({
    locator: fields.locator(),
    name: fields.requiredText('name'),
    number: fields.wholeNumber('number'),
    displayId: fields.text('displayId'),
    effectiveMs: fields.timestamp('effectiveTimestamp'),
    issuedMs: fields.timestamp('issuedTimestamp'),
    createdMs: fields.timestamp('createdTimestamp'),
    premiumChange: fields.money('premiumChange'),
    currency: fields.currency('premiumChangeCurrency'),
    endorsementLocator: fields.text('endorsementLocator'),
    renewalLocator: fields.text('renewalLocator'),
    cancellationName: fields.text('cancellationName'),
  });
}

function readFee(fields: Fields): Fee {
  return compact({
    locator: fields.text('locator'),
    name: fields.text('name'),
    amount: fields.requiredMoney('amount'),
    startMs: fields.timestamp('startTimestamp'),
    endMs: fields.timestamp('endTimestamp'),
    reversed: fields.flag('reversed') ?? false,
  });
}

/** Every policy and every quote has them; without, the answer is something else, for example another product's. */
function readCharacteristics(fields: Fields): readonly PolicyCharacteristics[] {
  const json = fields.raw('characteristics');
  if (json === undefined) fields.note('characteristics', 'is missing');
  const versions = fields.list('characteristics', readPolicyCharacteristics);
  if (!isJsonObject(json)) return versions;
  // The single version of a quote is the quote's, whatever its dates say.
  return versions.map((version) => compact({ ...version, replacedMs: undefined }));
}

function readPolicy(fields: Fields): Policy {
  const cancellation = fields.object('cancellation');
  const locator = fields.locator();
  return compact({
    locator,
    displayId: fields.text('displayId') ?? locator,
    policyholderLocator: fields.text('policyholderLocator'),
    productName: fields.text('productName'),
    currency: fields.currency('currency'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    issuedMs: fields.timestamp('issuedTimestamp'),
    originalContractStartMs: fields.timestamp('originalContractStartTimestamp'),
    originalContractEndMs: fields.timestamp('originalContractEndTimestamp'),
    effectiveContractEndMs: fields.timestamp('effectiveContractEndTimestamp'),
    paymentScheduleName: fields.text('paymentScheduleName'),
    cancellation:
      cancellation &&
      compact({
        effectiveMs: cancellation.timestamp('effectiveTimestamp'),
        modificationLocator: cancellation.text('modificationLocator'),
      }),
    characteristics: readCharacteristics(fields),
    exposures: fields.list('exposures', readExposure),
    modifications: fields.recordList('modifications', readModification),
    invoices: fields.recordList('invoices', readInvoice),
    fees: fields.list('fees', readFee),
    grossFees: fields.money('grossFees'),
  });
}

function readQuote(fields: Fields): Quote {
  const locator = fields.locator();
  return compact({
    locator,
    name: fields.text('name') ?? locator,
    policyLocator: fields.text('policyLocator'),
    policyholderLocator: fields.text('policyholderLocator'),
    productName: fields.text('productName'),
    state: fields.requiredText('state'),
    selected: fields.flag('selected'),
    createdMs: fields.timestamp('createdTimestamp'),
    updatedMs: fields.timestamp('updatedTimestamp'),
    contractStartMs: fields.timestamp('contractStartTimestamp'),
    contractEndMs: fields.timestamp('contractEndTimestamp'),
    currency: fields.currency('currency'),
    characteristics: readCharacteristics(fields),
    exposures: fields.list('exposures', readExposure),
  });
}

/** `GET /policy/{locator}`. */
export function parsePolicy(json: unknown): Parsed<Policy> {
  return parseObject(json, 'policy', readPolicy);
}

/** `GET /quotes/{locator}`. */
export function parseQuote(json: unknown): Parsed<Quote> {
  return parseObject(json, 'quote', readQuote);
}
