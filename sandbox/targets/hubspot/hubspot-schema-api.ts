import { objectOf, objectsOf, textOf, type JsonObject } from '../../http/json.ts';
import type { Reply } from '../../http/loopback-server.ts';
import { type HubspotAccount, type HubspotOptions, type Pipeline, PLAIN, type Stage } from './hubspot-account.ts';
import { errorReply, invalidInput, missingScope, notFound } from './hubspot-errors.ts';

const TYPES = new Set(['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string']);
const MOST_UNIQUE = 10;

/** Properties, groups, pipelines and custom object schemas. */
export class HubspotSchemaApi {
  readonly #account: HubspotAccount;
  readonly #options: HubspotOptions;

  constructor(account: HubspotAccount, options: HubspotOptions) {
    this.#account = account;
    this.#options = options;
  }

  properties(type: string): Reply {
    const properties = this.#account.properties.get(type);
    if (properties === undefined) return unknownType(type);
    return { status: 200, body: { results: [...properties.values()] } };
  }

  createGroup(type: string, { name, label }: JsonObject): Reply {
    const groups = this.#account.groups.get(type);
    if (groups === undefined) return unknownType(type);
    if (this.#isClosed(type)) return errorReply(invalidInput(`${type} cannot have custom property groups`));
    if (textOf(name) === '' || textOf(label) === '') return errorReply(invalidInput('name and label are required'));
    if (groups.has(textOf(name))) return exists(`A property group named '${textOf(name)}' already exists.`);
    groups.add(textOf(name));
    return { status: 201, body: { name: textOf(name), label: textOf(label), archived: false } };
  }

  createProperties(type: string, body: JsonObject): Reply {
    const properties = this.#account.properties.get(type);
    if (properties === undefined) return unknownType(type);
    if (this.#isClosed(type)) return errorReply(invalidInput(`${type} cannot have custom properties`));
    const inputs = objectsOf(body.inputs);
    const problem = inputs.map((input) => this.#problemOfProperty(type, input)).find((reply) => reply !== undefined);
    if (problem !== undefined) return problem;
    const results = inputs.map((input): JsonObject => ({ ...PLAIN, ...input }));
    for (const property of results) properties.set(textOf(property.name), property);
    return { status: 201, body: { status: 'COMPLETE', results, startedAt: stamp(), completedAt: stamp() } };
  }

  pipelines(type: string): Reply {
    const results = (this.#account.pipelines.get(type) ?? []).map(pipelineBody);
    return { status: 200, body: { results } };
  }

  createPipeline(type: string, { label, displayOrder, stages }: JsonObject): Reply {
    const pipelines = this.#account.pipelines.get(type);
    if (pipelines === undefined) return unknownType(type);
    const name = textOf(label);
    if (name === '' || typeof displayOrder !== 'number') return errorReply(invalidInput('label, displayOrder needed'));
    if (pipelines.some((pipeline) => pipeline.label.toLowerCase() === name.toLowerCase())) {
      return exists(`A pipeline with the label '${name}' already exists.`);
    }
    const most = type === 'deals' ? (this.#options.dealPipelines ?? 15) : 15;
    if (pipelines.length >= most) return errorReply(invalidInput('You have reached your limit of pipelines.'));
    const made: Pipeline = { id: this.#account.nextId(), label: name, stages: [] };
    for (const stage of objectsOf(stages)) {
      const added = this.#addStage(type, made, stage);
      if (added.status !== 201) return added;
    }
    pipelines.push(made);
    return { status: 201, body: pipelineBody(made) };
  }

  createStage(type: string, pipelineId: string, stage: JsonObject): Reply {
    const pipeline = (this.#account.pipelines.get(type) ?? []).find(({ id }) => id === pipelineId);
    return pipeline ? this.#addStage(type, pipeline, stage) : errorReply(notFound('No such pipeline.'));
  }

  schemas(): Reply {
    if (this.#options.customObjects === false) return errorReply(missingScope('crm.schemas.custom.read'));
    return { status: 200, body: { results: this.#account.schemas } };
  }

  createSchema(body: JsonObject): Reply {
    if (this.#options.customObjects === false) return errorReply(missingScope('crm.schemas.custom.write'));
    const name = textOf(body.name);
    if (this.#account.schemas.some((schema) => schema.name === name)) {
      return exists(`An object type named ${name} already exists.`);
    }
    const names = objectsOf(body.properties).map((property) => textOf(property.name));
    const display = textOf(body.primaryDisplayProperty);
    if (name === '' || !names.includes(display)) return errorReply(invalidInput('primaryDisplayProperty is unknown'));
    const objectTypeId = `2-${this.#account.nextId()}`;
    const groupName = `${name}_information`;
    const properties = objectsOf(body.properties).map((own): JsonObject => ({ ...PLAIN, groupName, ...own }));
    const fullyQualifiedName = `p${this.#account.portalId}_${name}`;
    const own = { id: objectTypeId, objectTypeId, fullyQualifiedName, properties, associations: [], archived: false };
    const schema = { ...body, ...own };
    this.#account.schemas.push(schema);
    this.#account.addType(
      objectTypeId,
      properties.map((property) => [textOf(property.name), property]),
    );
    return { status: 201, body: schema };
  }

  /** The plain association of two types, which the labels of the pair begin with. */
  associationTypes(from: string, to: string): Reply {
    const plain = { category: 'HUBSPOT_DEFINED', typeId: associationTypeId(from, to) };
    const labelled = { category: 'USER_DEFINED', typeId: 7, label: 'Friend' };
    return { status: 200, body: { results: [labelled, plain] } };
  }

  #isClosed(type: string): boolean {
    return type === 'notes' && this.#options.noteKeys === false;
  }

  #problemOfProperty(type: string, input: JsonObject): Reply | undefined {
    const [name, kind, group] = [textOf(input.name), textOf(input.type), textOf(input.groupName)];
    const properties = this.#account.properties.get(type);
    if (!/^[a-z][a-z0-9_]*$/.test(name)) return errorReply(invalidInput('The name of the property is not valid.'));
    if (!TYPES.has(kind) || textOf(input.fieldType) === '' || textOf(input.label) === '') {
      return errorReply(invalidInput(`type, fieldType and label are needed for ${name}`));
    }
    if (this.#account.groups.get(type)?.has(group) !== true) {
      return errorReply(invalidInput(`The group ${group} does not exist`));
    }
    if (properties?.has(name)) {
      const message = `A property named '${name}' already exists.`;
      const subCategory = 'Properties.PROPERTY_WITH_NAME_EXISTS';
      return errorReply({ status: 409, category: 'OBJECT_ALREADY_EXISTS', subCategory, message });
    }
    const unique = [...(properties?.values() ?? [])].filter(({ hasUniqueValue }) => hasUniqueValue === true).length;
    return input.hasUniqueValue === true && unique >= MOST_UNIQUE
      ? errorReply(invalidInput('Only 10 properties with unique values are allowed'))
      : undefined;
  }

  #addStage(type: string, pipeline: Pipeline, { label, displayOrder, metadata }: JsonObject): Reply {
    const needed = type === 'tickets' ? 'ticketState' : 'probability';
    if (textOf(label) === '' || typeof displayOrder !== 'number' || textOf(objectOf(metadata)[needed]) === '') {
      return errorReply(invalidInput(`A stage needs label, displayOrder and metadata.${needed}`));
    }
    if (pipeline.stages.some((stage) => stage.label === label)) return exists('The label of the stage is taken.');
    const id = this.#account.nextId();
    const stage: Stage = { id, label: textOf(label), displayOrder, metadata: objectOf(metadata) };
    pipeline.stages.push(stage);
    return { status: 201, body: stageBody(stage) };
  }
}

/** Made up here as HubSpot makes them up: a number by pair of types. */
export function associationTypeId(from: string, to: string): number {
  return 200 + [...`${from}>${to}`].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
}

export function unknownType(type: string): Reply {
  return errorReply(invalidInput(`Unable to infer object type from: ${type}`));
}

function exists(message: string): Reply {
  return errorReply({ status: 409, category: 'OBJECT_ALREADY_EXISTS', message });
}

function pipelineBody({ id, label, stages }: Pipeline): JsonObject {
  const dates = { createdAt: stamp(), updatedAt: stamp() };
  return { id, label, archived: false, displayOrder: 0, ...dates, stages: stages.map(stageBody) };
}

function stageBody(stage: Stage): JsonObject {
  const dates = { createdAt: stamp(), updatedAt: stamp() };
  return { ...stage, ...dates, archived: false, writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT' };
}

function stamp(): string {
  return new Date().toISOString();
}
