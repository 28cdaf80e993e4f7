import { objectsOf, textOf } from '../../http/json.ts';
import { type HubspotAccount, REQUIRED } from './hubspot-account.ts';
import { type HubspotError, invalidProperty, requiredNotSet } from './hubspot-errors.ts';

const NUMBER = /^-?\d+(\.\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const EPOCH_MS = /^-?\d{10,15}$/;
const EMAIL = /^[^\s@;,]+@[^\s@;,]+\.[^\s@;,]+$/;

/** What HubSpot would say about the values of an object before it writes them. */
export function problemOf(
  account: HubspotAccount,
  type: string,
  properties: Readonly<Record<string, string>>,
  isNew: boolean,
): HubspotError | undefined {
  for (const [name, value] of Object.entries(properties)) {
    const problem = problemOfValue(account, type, name, value);
    if (problem !== undefined) return problem;
  }
  const stage = problemOfStage(account, type, properties);
  if (stage !== undefined) return stage;
  const missing = isNew ? requiredBy(account, type).filter((name) => !properties[name]) : [];
  if (missing.length > 0) return requiredNotSet(type, missing);
  const isNameless = type === 'companies' && isNew && !properties.name && !properties.domain;
  return isNameless ? requiredNotSet(type, ['name']) : undefined;
}

function requiredBy(account: HubspotAccount, type: string): readonly string[] {
  const schema = account.schemas.find(({ objectTypeId }) => objectTypeId === type);
  const own = Array.isArray(schema?.requiredProperties) ? schema.requiredProperties.map((name) => textOf(name)) : [];
  return [...(REQUIRED[type] ?? []), ...own];
}

function problemOfValue(account: HubspotAccount, type: string, name: string, value: string): HubspotError | undefined {
  const definition = account.properties.get(type)?.get(name);
  if (definition === undefined) {
    return invalidProperty(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  }
  if (value === '') return undefined;
  if (name === 'email' && !EMAIL.test(value)) {
    return invalidProperty(name, 'INVALID_EMAIL', `Email address ${value} is invalid`);
  }
  if (name === 'deal_currency_code' && !account.currencies.includes(value)) {
    return invalidProperty(name, 'INVALID_OPTION', `${value} was not one of the allowed options`);
  }
  switch (definition.type) {
    case 'number':
      return NUMBER.test(value) ? undefined : invalidProperty(name, 'INVALID_LONG', `${value} was not a valid number.`);
    case 'date':
      return isDay(value) ? undefined : invalidProperty(name, 'INVALID_DATE', `${value} was not a valid date.`);
    case 'datetime':
      return EPOCH_MS.test(value) || (/T.*Z$/.test(value) && !Number.isNaN(Date.parse(value)))
        ? undefined
        : invalidProperty(name, 'INVALID_DATE', `${value} was not a valid date.`);
    case 'bool':
    case 'enumeration':
      return objectsOf(definition.options).some((option) => option.value === value)
        ? undefined
        : invalidProperty(name, 'INVALID_OPTION', `${value} was not one of the allowed options`);
    default:
      return value.length <= 65_536
        ? undefined
        : invalidProperty(name, 'PROPERTY_VALUE_TOO_LONG', 'The value is too long');
  }
}

function isDay(value: string): boolean {
  return DAY.test(value) ? !Number.isNaN(Date.parse(value)) : EPOCH_MS.test(value) && Number(value) % 86_400_000 === 0;
}

/** A stage belongs to one pipeline. */
function problemOfStage(
  account: HubspotAccount,
  type: string,
  properties: Readonly<Record<string, string>>,
): HubspotError | undefined {
  const [pipelineName, stageName] =
    type === 'tickets' ? ['hs_pipeline', 'hs_pipeline_stage'] : ['pipeline', 'dealstage'];
  const [pipelineId, stageId] = [properties[pipelineName], properties[stageName]];
  if ((type !== 'deals' && type !== 'tickets') || pipelineId === undefined) return undefined;
  const pipeline = (account.pipelines.get(type) ?? []).find(({ id }) => id === pipelineId);
  if (pipeline === undefined) {
    return invalidProperty(pipelineName, 'INVALID_OPTION', `${pipelineId} was not one of the allowed options`);
  }
  return stageId === undefined || pipeline.stages.some(({ id }) => id === stageId)
    ? undefined
    : invalidProperty(stageName, 'INVALID_OPTION', `${stageId} was not one of the allowed options`);
}
