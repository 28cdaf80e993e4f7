import { setTimeout as sleep } from 'node:timers/promises';
import { objectOf, objectsOf, textOf, type JsonObject } from '../../http/json.ts';
import type { Reply } from '../../http/loopback-server.ts';
import { type HubspotAccount, type HubspotOptions, type StoredObject, textProperties } from './hubspot-account.ts';
import { errorReply, type HubspotError, invalidInput, notFound, rowError, takenKey } from './hubspot-errors.ts';
import { associationTypeId, unknownType } from './hubspot-schema-api.ts';
import { problemOf } from './hubspot-validation.ts';

const MOST_INPUTS = 100;
/** Between the look at what is there and the write lies a moment, in which another writer may be faster. */
const MOMENT_MS = 2;

/** Refusals on request: what HubSpot finds wrong with these values beside what it always checks. */
export type Refusal = (type: string, properties: Readonly<Record<string, string>>) => HubspotError | undefined;

interface Input {
  readonly id: string;
  readonly traceId: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** One object written, or why not. */
type Row = { readonly stored: StoredObject; readonly isNew: boolean } | { readonly problem: HubspotError };

/** Batches of objects of one type. */
export class HubspotObjectsApi {
  readonly #account: HubspotAccount;
  readonly #options: HubspotOptions;
  readonly #refusal: Refusal;
  /** Keys for which an object is being created at this moment. */
  readonly #creating = new Set<string>();

  constructor(account: HubspotAccount, options: HubspotOptions, refusal: Refusal) {
    this.#account = account;
    this.#options = options;
    this.#refusal = refusal;
  }

  async upsert(type: string, body: JsonObject): Promise<Reply> {
    const inputs = this.#inputsOf(type, body);
    if (!Array.isArray(inputs)) return inputs;
    const properties = new Set(objectsOf(body.inputs).map((input) => textOf(input.idProperty)));
    const [idProperty = ''] = properties;
    if (properties.size !== 1 || !this.#account.isUnique(type, idProperty)) {
      return errorReply(invalidInput(`Unable to perform update/upsert by non-unique ${type} property ${idProperty}`));
    }
    if (new Set(inputs.map(({ id }) => id)).size !== inputs.length) return errorReply(invalidInput('Duplicate ids'));
    const created = inputs.filter(({ id }) => this.#account.findBy(type, idProperty, id) === undefined);
    const mine = created.map(({ id }) => `${type} ${id}`).filter((name) => !this.#creating.has(name));
    for (const name of mine) this.#creating.add(name);
    await sleep(MOMENT_MS);
    const emails = new Set<string>();
    const rows = inputs.map((input): Row => {
      const known = this.#account.findBy(type, idProperty, input.id);
      const name = `${type} ${input.id}`;
      const wasFirst = mine.includes(name) || !created.includes(input);
      if (!wasFirst) return { problem: takenKey(type, idProperty, input.id) };
      const values = { ...input.properties, [idProperty]: input.id };
      const problem = this.#problemOf(type, values, known, emails);
      return problem ? { problem } : this.#ready(known, values);
    });
    for (const name of mine) this.#creating.delete(name);
    return this.#commit(type, inputs, rows, 200);
  }

  create(type: string, body: JsonObject): Reply {
    const inputs = this.#inputsOf(type, body);
    if (!Array.isArray(inputs)) return inputs;
    const rows = inputs.map(({ properties }): Row => {
      const problem = this.#problemOf(type, properties, undefined);
      return problem ? { problem } : this.#ready(undefined, properties);
    });
    const ties = objectsOf(body.inputs).map((input) => this.#tiesOf(type, input));
    const wrong = ties.flat().find((tie) => !('to' in tie));
    if (wrong !== undefined && 'problem' in wrong) return errorReply(wrong.problem);
    return this.#commit(type, inputs, rows, 201, (id, index) => {
      for (const tie of ties[index] ?? []) if ('to' in tie) this.#account.associate({ type, id }, tie.to);
    });
  }

  update(type: string, body: JsonObject): Reply {
    const inputs = this.#inputsOf(type, body);
    if (!Array.isArray(inputs)) return inputs;
    const rows = inputs.map(({ id, properties }): Row => {
      const known = this.#account.objects.get(type)?.get(id);
      if (known === undefined) return { problem: notFound(`No ${type} with ID ${id} exists`) };
      const problem = this.#problemOf(type, properties, known);
      return problem ? { problem } : this.#ready(known, properties);
    });
    return this.#commit(type, inputs, rows, 200);
  }

  read(type: string, body: JsonObject): Reply {
    const objects = this.#account.objects.get(type);
    if (objects === undefined) return unknownType(type);
    const idProperty = textOf(body.idProperty);
    if (idProperty !== '' && !this.#account.isUnique(type, idProperty)) {
      return errorReply(invalidInput(`The property ${idProperty} is not unique`));
    }
    const ids = objectsOf(body.inputs).map(({ id }) => textOf(id));
    if (ids.length === 0 || ids.length > MOST_INPUTS) return errorReply(invalidInput('1 to 100 inputs are needed'));
    const wanted = Array.isArray(body.properties) ? body.properties.map((name) => textOf(name)) : [];
    const find = (id: string) => (idProperty === '' ? objects.get(id) : this.#account.findBy(type, idProperty, id));
    const results = ids.flatMap((id) => {
      const found = find(id);
      const properties = Object.entries(found?.properties ?? {}).filter(([name]) => wanted.includes(name));
      return found ? [{ ...found, properties: Object.fromEntries(properties), archived: false }] : [];
    });
    const missing = ids.filter((id) => find(id) === undefined);
    const errors = [
      {
        status: 'error',
        category: 'OBJECT_NOT_FOUND',
        message: 'Could not get some objects, they may be deleted or not exist. Check that ids are valid.',
        context: { ids: missing },
        errors: [],
        links: {},
      },
    ];
    const isWhole = missing.length === 0;
    return { status: isWhole ? 200 : 207, body: { ...batch(results), ...(!isWhole && { numErrors: 1, errors }) } };
  }

  archive(type: string, body: JsonObject): Reply {
    if (!this.#account.objects.has(type)) return unknownType(type);
    for (const { id } of objectsOf(body.inputs)) this.#account.archive(type, textOf(id));
    return { status: 204 };
  }

  #inputsOf(type: string, body: JsonObject): Input[] | Reply {
    if (!this.#account.objects.has(type)) return unknownType(type);
    const given = objectsOf(body.inputs);
    if (given.length === 0 || given.length > MOST_INPUTS) return errorReply(invalidInput('1 to 100 inputs are needed'));
    const inputs: Input[] = [];
    for (const { id, objectWriteTraceId, properties } of given) {
      const values = textProperties(properties);
      if (values === undefined) return errorReply(invalidInput('Invalid input JSON: property values must be strings'));
      inputs.push({ id: textOf(id), traceId: textOf(objectWriteTraceId), properties: values });
    }
    return inputs;
  }

  #problemOf(
    type: string,
    properties: Readonly<Record<string, string>>,
    known: StoredObject | undefined,
    emails = new Set<string>(),
  ): HubspotError | undefined {
    return (
      problemOf(this.#account, type, { ...properties }, known === undefined) ??
      this.#takenEmail(type, properties, known, emails) ??
      this.#refusal(type, { ...known?.properties, ...properties })
    );
  }

  /** HubSpot keeps one contact per e-mail address. @param emails those of the same call */
  #takenEmail(
    type: string,
    { email }: Readonly<Record<string, string>>,
    known: StoredObject | undefined,
    emails: Set<string>,
  ): HubspotError | undefined {
    if (type !== 'contacts' || !email) return undefined;
    const owner = this.#account.findBy(type, 'email', email);
    const isTaken = emails.has(email) || (owner !== undefined && owner.id !== known?.id);
    emails.add(email);
    if (!isTaken) return undefined;
    const message = `Contact already exists. Existing ID: ${owner?.id ?? this.#account.nextId()}`;
    return { status: 409, category: 'CONFLICT', message };
  }

  #ready(known: StoredObject | undefined, properties: Readonly<Record<string, string>>): Row {
    const id = known?.id ?? this.#account.nextId();
    return { stored: { id, properties, createdAt: '', updatedAt: '' }, isNew: known === undefined };
  }

  /** All of them, or with multi-status those that are right; without it one wrong input refuses the others too. */
  #commit(
    type: string,
    inputs: readonly Input[],
    rows: readonly Row[],
    status: number,
    then: (id: string, index: number) => void = () => undefined,
  ): Reply {
    const problem = rows.flatMap((row) => ('problem' in row ? [row.problem] : []))[0];
    const traceIds = new Set(inputs.map(({ traceId }) => traceId).filter((traceId) => traceId !== ''));
    const isMulti = this.#options.multiStatus !== false && traceIds.size === inputs.length && inputs.length > 1;
    if (problem !== undefined && !isMulti) return errorReply(problem);
    const results: JsonObject[] = [];
    const errors: JsonObject[] = [];
    for (const [index, row] of rows.entries()) {
      if ('problem' in row) errors.push(rowError(row.problem, inputs[index]?.traceId ?? ''));
      else {
        const stored = this.#account.write(type, row.stored.id, row.stored.properties);
        results.push({ ...stored, new: row.isNew, archived: false });
        then(stored.id, index);
      }
    }
    if (errors.length === 0) return { status, body: batch(results) };
    return { status: 207, body: { ...batch(results), numErrors: errors.length, errors } };
  }

  #tiesOf(type: string, input: JsonObject) {
    return objectsOf(input.associations).flatMap(({ to, types }) => {
      const id = textOf(objectOf(to).id);
      return objectsOf(types).map(({ associationTypeId: wanted }) => {
        const toType = [...this.#account.objects.keys()].find((name) => associationTypeId(type, name) === wanted);
        if (toType === undefined) return { problem: invalidInput(`No association type ${String(wanted)} exists`) };
        const end = { type: toType, id };
        return this.#account.has(end) ? { to: end } : { problem: notFound(`No ${toType} with ID ${id} exists`) };
      });
    });
  }
}

function batch(results: readonly JsonObject[]): JsonObject {
  const now = new Date().toISOString();
  return { status: 'COMPLETE', startedAt: now, completedAt: now, results };
}
