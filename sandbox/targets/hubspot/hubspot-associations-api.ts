import { objectOf, objectsOf, textOf, type JsonObject } from '../../http/json.ts';
import type { Reply } from '../../http/loopback-server.ts';
import type { HubspotAccount } from './hubspot-account.ts';
import { errorReply, invalidInput, notFound } from './hubspot-errors.ts';
import { associationTypeId, unknownType } from './hubspot-schema-api.ts';

const MOST_INPUTS = 2_000;
const MOST_READS = 1_000;

/** Ties `from` to `to` by the plain association of their types. */
export function associateDefault(account: HubspotAccount, from: string, to: string, body: JsonObject): Reply {
  const wrong = [from, to].find((type) => !account.objects.has(type));
  if (wrong !== undefined) return unknownType(wrong);
  const inputs = objectsOf(body.inputs).map((input) => ({
    from: { type: from, id: textOf(objectOf(input.from).id) },
    to: { type: to, id: textOf(objectOf(input.to).id) },
  }));
  if (inputs.length === 0 || inputs.length > MOST_INPUTS)
    return errorReply(invalidInput('1 to 2000 inputs are needed'));
  const missing = inputs.filter((input) => !account.has(input.from) || !account.has(input.to));
  if (missing.length === inputs.length) return errorReply(notFound('None of the objects exists'));
  const there = inputs.filter((input) => !missing.includes(input));
  for (const input of there) account.associate(input.from, input.to);
  const results = there.map((input) => ({
    from: { id: input.from.id },
    to: { id: input.to.id },
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: associationTypeId(from, to) },
  }));
  const errors = missing.map((input) => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: `One of the objects ${input.from.id}, ${input.to.id} does not exist`,
    context: {},
    errors: [],
    links: {},
  }));
  const isWhole = errors.length === 0;
  return {
    status: isWhole ? 200 : 207,
    body: { ...batch(results), ...(!isWhole && { numErrors: errors.length, errors }) },
  };
}

/** @param pageSize how many ties of one object a page shows */
export function readAssociations(
  account: HubspotAccount,
  from: string,
  to: string,
  body: JsonObject,
  pageSize = 500,
): Reply {
  const wrong = [from, to].find((type) => !account.objects.has(type));
  if (wrong !== undefined) return unknownType(wrong);
  const inputs = objectsOf(body.inputs);
  if (inputs.length === 0 || inputs.length > MOST_READS) return errorReply(invalidInput('1 to 1000 inputs are needed'));
  const results = inputs.flatMap(({ id, after }) => {
    const all = account.associated({ type: from, id: textOf(id) }, to);
    const start = Number(textOf(after) || 0);
    const page = all.slice(start, start + pageSize);
    const next = start + pageSize < all.length ? { paging: { next: { after: String(start + pageSize) } } } : {};
    const associationTypes = [{ category: 'HUBSPOT_DEFINED', typeId: associationTypeId(from, to) }];
    if (page.length === 0) return [];
    return [{ from: { id: textOf(id) }, to: page.map((toObjectId) => ({ toObjectId, associationTypes })), ...next }];
  });
  return { status: 200, body: batch(results) };
}

function batch(results: readonly JsonObject[]): JsonObject {
  const now = new Date().toISOString();
  return { status: 'COMPLETE', startedAt: now, completedAt: now, results };
}
