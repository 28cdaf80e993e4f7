import { isObject, objectOf, textOf, type JsonObject, type JsonValue } from '../../http/json.ts';

export interface HubspotOptions {
  /** The account has custom objects (Enterprise); default true. */
  readonly customObjects?: boolean;
  /** Notes may have a property with unique values, which nobody documents; default true. */
  readonly noteKeys?: boolean;
  /** An upsert with good and bad inputs takes the good ones (207); else it is refused whole (400). Default true. */
  readonly multiStatus?: boolean;
  /** Default 190, what HubSpot allows to larger accounts. */
  readonly requestsPerTenSeconds?: number;
  /** How many deal pipelines the plan allows; default 15. */
  readonly dealPipelines?: number;
}

export interface StoredObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface Stage {
  readonly id: string;
  readonly label: string;
  readonly displayOrder: number;
  readonly metadata: JsonObject;
}

export interface Pipeline {
  readonly id: string;
  readonly label: string;
  readonly stages: Stage[];
}

/** A tie as it was written; HubSpot shows it from both sides. */
interface Association {
  readonly from: { readonly type: string; readonly id: string };
  readonly to: { readonly type: string; readonly id: string };
}

/** What every definition of a property has. */
export const PLAIN = { description: '', options: [] };
const TEXT = { type: 'string', fieldType: 'text' };
const DATE_TIME = { type: 'datetime', fieldType: 'date' };
const STANDARD: Readonly<Record<string, Readonly<Record<string, JsonObject>>>> = {
  contacts: Object.fromEntries(
    ['firstname', 'lastname', 'email', 'phone', 'address', 'city', 'state', 'zip', 'country', 'company'].map((name) => [
      name,
      TEXT,
    ]),
  ),
  companies: Object.fromEntries(
    ['name', 'domain', 'phone', 'address', 'city', 'state', 'zip', 'country'].map((name) => [name, TEXT]),
  ),
  deals: {
    dealname: TEXT,
    pipeline: TEXT,
    dealstage: TEXT,
    deal_currency_code: TEXT,
    amount: { type: 'number', fieldType: 'number' },
    closedate: DATE_TIME,
  },
  tickets: { subject: TEXT, content: TEXT, hs_pipeline: TEXT, hs_pipeline_stage: TEXT },
  notes: { hs_note_body: TEXT, hs_timestamp: DATE_TIME },
};

export const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  deals: ['dealname', 'pipeline', 'dealstage'],
  tickets: ['subject', 'hs_pipeline', 'hs_pipeline_stage'],
  notes: ['hs_timestamp'],
};

/** Everything one account holds. */
export class HubspotAccount {
  readonly portalId = 48_000_000 + Math.floor(Math.random() * 1_000_000);
  readonly currencies = ['USD', 'EUR'];
  readonly objects = new Map<string, Map<string, StoredObject>>();
  readonly properties = new Map<string, Map<string, JsonObject>>();
  readonly groups = new Map<string, Set<string>>();
  readonly pipelines = new Map<string, Pipeline[]>([
    ['deals', [{ id: 'default', label: 'Sales Pipeline', stages: [] }]],
    ['tickets', [{ id: '0', label: 'Support Pipeline', stages: [] }]],
  ]);
  readonly schemas: JsonObject[] = [];
  associations: readonly Association[] = [];
  #lastId = 100;

  constructor() {
    for (const [type, properties] of Object.entries(STANDARD)) {
      const definitions = Object.entries(properties).map(([name, property]): [string, JsonObject] => [
        name,
        { ...PLAIN, name, label: name, groupName: `${type}information`, ...property },
      ]);
      this.addType(type, definitions);
    }
  }

  addType(type: string, properties: readonly (readonly [string, JsonObject])[]): void {
    this.objects.set(type, new Map());
    this.properties.set(type, new Map(properties));
    this.groups.set(type, new Set([`${type}information`]));
  }

  nextId(): string {
    this.#lastId += 1;
    return String(this.#lastId);
  }

  isUnique(type: string, property: string): boolean {
    return this.properties.get(type)?.get(property)?.hasUniqueValue === true;
  }

  findBy(type: string, property: string, value: string): StoredObject | undefined {
    return [...(this.objects.get(type)?.values() ?? [])].find((object) => object.properties[property] === value);
  }

  /** Empty values are cleared: HubSpot then has none. */
  write(type: string, id: string, properties: Readonly<Record<string, string>>): StoredObject {
    const known = this.objects.get(type)?.get(id);
    const now = new Date().toISOString();
    const all = Object.entries({ ...known?.properties, ...properties }).filter(([, value]) => value !== '');
    const stored = { id, properties: Object.fromEntries(all), createdAt: known?.createdAt ?? now, updatedAt: now };
    this.objects.get(type)?.set(id, stored);
    return stored;
  }

  archive(type: string, id: string): void {
    this.objects.get(type)?.delete(id);
    const isGone = (end: Association['from']) => end.type === type && end.id === id;
    this.associations = this.associations.filter(({ from, to }) => !isGone(from) && !isGone(to));
  }

  has({ type, id }: Association['from']): boolean {
    return this.objects.get(type)?.has(id) === true;
  }

  associate(from: Association['from'], to: Association['to']): void {
    const isSame = (one: Association) => sameEnd(one.from, from) && sameEnd(one.to, to);
    if (!this.associations.some(isSame)) this.associations = [...this.associations, { from, to }];
  }

  /** The ids of the objects of one type that an object is tied to, whichever side wrote the tie. */
  associated(object: Association['from'], toType: string): readonly string[] {
    return this.associations.flatMap(({ from, to }) => {
      if (sameEnd(from, object) && to.type === toType) return [to.id];
      return sameEnd(to, object) && from.type === toType ? [from.id] : [];
    });
  }

  pipelineOf(id: string | undefined): Pipeline | undefined {
    return [...this.pipelines.values()].flat().find((pipeline) => pipeline.id === id);
  }
}

function sameEnd(one: Association['from'], other: Association['from']): boolean {
  return one.type === other.type && one.id === other.id;
}

/** The properties of an input; undefined where one of them is no text. */
export function textProperties(value: JsonValue | undefined): Record<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const properties = objectOf(value);
  const isText = Object.values(properties).every((member) => typeof member === 'string');
  return isText
    ? Object.fromEntries(Object.entries(properties).map(([name, text]) => [name, textOf(text)]))
    : undefined;
}
