import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { definitionOf, type ObjectName, OBJECTS_OF } from '../../src/connectors/salesforce/salesforce.objects.js';
import type { OwnField, StandardType } from '../../src/connectors/salesforce/objects/object-definition.js';
import { packageFiles, STANDARD_PERMISSIONS } from '../support/salesforce-package.js';

const ROOT = new URL('../../salesforce/', import.meta.url);
/** `UPDATE_GOLDEN=1` writes the package anew. */
const IS_UPDATE = process.env['UPDATE_GOLDEN'] === '1';
const FILES = packageFiles();
const OBJECT_NAMES = [...new Set([...OBJECTS_OF.plain, ...OBJECTS_OF.fsc])];

interface StandardObject {
  readonly fields: Readonly<Record<string, string>>;
  readonly lookups: Readonly<Record<string, string>>;
}

/** Safe cast: the file is the extract that its `_about` describes. */
const STANDARD = (
  JSON.parse(
    readFileSync(new URL('../fixtures/targets/salesforce/sobject-fields-v67.json', import.meta.url), 'utf8'),
  ) as { readonly objects: Readonly<Record<string, StandardObject>> }
).objects;

const APEX_TYPE: Readonly<Record<StandardType, string>> = {
  text: 'String',
  picklist: 'String',
  money: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  id: 'Id',
};

const METADATA_TYPE: Readonly<Record<OwnField['type'], string>> = {
  text: 'Text',
  longText: 'LongTextArea',
  email: 'Email',
  money: 'Currency',
  date: 'Date',
  datetime: 'DateTime',
  checkbox: 'Checkbox',
  lookup: 'Lookup',
};

const own = OBJECT_NAMES.flatMap((object) => {
  return Object.entries(definitionOf(object).own).map(([name, field]) => [`${object}.${name}`, field] as const);
});

beforeAll(() => {
  if (!IS_UPDATE) return;
  for (const folder of ['force-app', 'fsc-app']) rmSync(new URL(folder, ROOT), { recursive: true, force: true });
  for (const [path, text] of FILES) {
    mkdirSync(new URL('.', new URL(path, ROOT)), { recursive: true });
    writeFileSync(new URL(path, ROOT), text);
  }
});

describe('the package in salesforce/', () => {
  it('has exactly the files that the connector needs', () => {
    const there = readdirSync(ROOT, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.replace(/^.*\/salesforce\/+/, ''))
      .filter((path) => path !== 'README.md');
    expect(there.toSorted()).toEqual([...FILES.keys()].toSorted());
  });

  it.each([...FILES])('%s is as the table of objects says', (path, text) => {
    expect(readFileSync(new URL(path, ROOT), 'utf8')).toBe(text);
  });

  it.each([...FILES.keys()].filter((path) => path.endsWith('.xml')))('%s is well-formed', (path) => {
    expect(malformed(readFileSync(new URL(path, ROOT), 'utf8'))).toBeUndefined();
  });

  it.each(own)('brings %s with a fitting type', (path, field) => {
    const [object = '', name = ''] = path.split('.');
    const folder = object === 'Task' ? 'Activity' : object;
    const file = [...FILES].find(([file]) => file.endsWith(`/objects/${folder}/fields/${name}.field-meta.xml`))?.[1];
    expect(file).toContain(`<fullName>${name}</fullName>`);
    expect(file).toContain(`<type>${METADATA_TYPE[field.type]}</type>`);
    expect(permissionSets()).toContain(`<field>${object}.${name}</field>`);
  });

  it('makes the key unique and an external id on every object', () => {
    const keys = [...FILES].filter(([path]) => path.endsWith('/Socotra_Key__c.field-meta.xml'));
    expect(keys).toHaveLength(OBJECT_NAMES.length);
    for (const [, text] of keys) {
      for (const member of ['unique', 'externalId', 'caseSensitive'])
        expect(text).toContain(`<${member}>true</${member}>`);
    }
  });

  it('has at most 7 external ids on an object', () => {
    for (const object of OBJECT_NAMES) {
      const keys = Object.values(definitionOf(object).own).filter((field) => field.type === 'text' && field.isKey);
      expect(keys).toHaveLength(1);
    }
  });

  it.each(STANDARD_PERMISSIONS)('allows %s, which the connector writes', (permission) => {
    const [object = '', field = ''] = permission.split('.');
    const { standard, relations } = definitionOf(object as ObjectName);
    const written = [...Object.keys(standard), ...Object.values(relations).map((relation) => relation.field)];
    const stem = field.replace(/Address$/, '');
    expect(written.some((name) => (field.endsWith('Address') ? name.startsWith(stem) : name === field))).toBe(true);
  });
});

const standardFields = OBJECT_NAMES.flatMap((object) => {
  const { standard, created } = definitionOf(object);
  return created ? [] : Object.entries(standard).map(([field, type]) => [object, field, type] as const);
});

describe('what the mapping may write to standard objects', () => {
  it.each(standardFields)('%s.%s exists and fits', (object, field, type) => {
    expect(STANDARD[object]?.fields[field]).toBe(APEX_TYPE[type]);
  });

  const relations = OBJECT_NAMES.flatMap((object) => {
    return Object.entries(definitionOf(object).relations).map(([name, relation]) => [object, name, relation] as const);
  });
  it.each(relations)('%s is tied by %s', (object, name, { field, to }) => {
    if (name.endsWith('__r')) {
      expect(field).toBe(name.replace(/__r$/, '__c'));
      expect(definitionOf(object).own[field]).toMatchObject({ type: 'lookup', to });
    } else {
      expect(STANDARD[object]?.lookups[name]).toBe(to);
      expect(STANDARD[object]?.fields[field]).toBe('Id');
      expect(field).toBe(`${name}Id`);
    }
  });

  it('uses no standard name for a field of ours', () => {
    expect(own.filter(([path]) => !path.endsWith('__c'))).toEqual([]);
  });
});

function permissionSets(): string {
  return [...FILES].flatMap(([path, text]) => (path.includes('/permissionsets/') ? [text] : [])).join('\n');
}

/** The first thing that is wrong with the nesting of simple XML: no attributes but on the root, no comments, no CDATA. */
function malformed(text: string): string | undefined {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(head)) return 'no declaration';
  const open: string[] = [];
  let rest = text.slice(head.length).trimEnd();
  while (rest !== '') {
    const [whole = '', close, name = ''] = /^<(\/?)([A-Za-z]+)(?: xmlns="[^"<&]+")?>/.exec(rest) ?? [];
    const words = /^(?:[^<&]|&(?:amp|lt|gt);)+/.exec(rest)?.[0] ?? '';
    if (whole === '' && words === '') return `unreadable at ${rest.slice(0, 40)}`;
    if (whole === '' && open.length === 0) return 'text outside of the root';
    if (close === '/' && open.pop() !== name) return `</${name}> closes something else`;
    if (whole !== '' && close === '') open.push(name);
    rest = rest.slice((whole || words).length);
  }
  return open.length === 0 ? undefined : `<${open.join('> <')}> stays open`;
}
