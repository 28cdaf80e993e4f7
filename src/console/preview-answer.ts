import type { Connector, Failure } from '../connectors/connector.js';
import { plain } from '../ops/screen.js';
import type { Preview, RecordPreview } from '../sync/preview.js';
import { customerWords } from './customer-words.js';
import { differenceOf, type FieldDifference } from './difference.js';

interface PlaceAnswer {
  /** What the target calls this kind of record. */
  readonly place: string;
  readonly isNew: boolean;
  readonly fields: readonly FieldDifference[];
}

/** A preview as the page shows it: every sentence is made here. */
export function previewAnswer(preview: Preview, { kinds, label }: Pick<Connector, 'kinds' | 'label'>): object {
  switch (preview.kind) {
    case 'not_read':
      return { problem: customerWords(preview.where, preview.code) };
    case 'target_failed':
      return { problem: `${label}: ${failureInWords(preview.failure)}` };
    case 'preview':
      return {
        note: preview.canLook ? '' : `${label} cannot be asked what it holds: this is what would be sent.`,
        records: withoutRepetition(preview.records).map((record) => recordAnswer(record, preview.canLook, kinds)),
      };
  }
}

/** That the target has no place for bills, say, is said once, not for every bill. */
function withoutRepetition(records: readonly RecordPreview[]): readonly RecordPreview[] {
  const said = new Set<string>();
  return records.filter(({ verdict, record: { kind } }) => {
    if (verdict !== 'unsupported') return true;
    const isNews = !said.has(kind);
    said.add(kind);
    return isNews;
  });
}

function recordAnswer(preview: RecordPreview, canLook: boolean, kinds: Connector['kinds']): object {
  const { record } = preview;
  const support = kinds[record.kind];
  const places = placesOf(preview, canLook);
  const sentence =
    preview.verdict === 'unsupported' && support !== 'upsert' ? support.unsupported : sentenceOn(preview, places);
  return {
    kind: record.kind,
    ...(preview.verdict !== 'unsupported' && { key: plain(record.key) }),
    mark: markOf(preview, places),
    sentence,
    places,
  };
}

/** In a word or two, whether the target would be, or is, another one. */
function markOf({ verdict, found }: RecordPreview, places: readonly PlaceAnswer[]): string {
  if (verdict === 'unsupported') return 'not kept there';
  if (found.kind === 'failed' || found.kind === 'not_set_up') return 'not known';
  if (found.kind === 'not_asked') return verdict === 'send' ? 'would be sent' : 'same';
  if (places.some(({ isNew }) => isNew)) return 'new';
  return places.some(({ fields }) => fields.some(({ differs }) => differs)) ? 'differs' : 'same';
}

function placesOf({ record, found, verdict }: RecordPreview, canLook: boolean): readonly PlaceAnswer[] {
  if (found.kind === 'held') {
    return found.records.map(({ place, ...fields }) => ({
      place,
      isNew: fields.held === undefined,
      fields: differenceOf(fields),
    }));
  }
  if (canLook || verdict === 'unsupported') return [];
  const fields = Object.entries(inTexts(record.fields)).map(([field, wanted]) => ({ field, wanted, differs: false }));
  return [{ place: record.kind, isNew: false, fields }];
}

function sentenceOn({ verdict, found }: RecordPreview, places: readonly PlaceAnswer[]): string {
  switch (found.kind) {
    case 'not_set_up':
      return 'The target lacks something that the app creates at Start (fields, pipelines): start the app again.';
    case 'failed':
      return failureInWords(found.failure);
    case 'not_asked':
    case 'held':
  }
  const changes = places.flatMap(({ fields }) => fields).filter(({ differs }) => differs).length;
  switch (verdict) {
    case 'newer_already_there':
    case 'never_delivered':
      return customerWords('skipped', verdict);
    case 'unsupported':
      return 'The target has no place for this record.';
    case 'unchanged':
      return changes === 0
        ? 'Nothing would be sent: the target was given exactly this.'
        : `Nothing would be sent: the target was given exactly this. There ${fieldsAre(changes)} different now.`;
    case 'send':
      if (found.kind === 'not_asked') return 'Would be sent like this.';
      if (places.length === 0) return 'The target has no place for this record.';
      if (places.every(({ isNew }) => isNew)) return 'Would be created.';
      return changes === 0 ? 'Would be sent, and change nothing.' : `Would change ${fieldsIn(changes)}.`;
  }
}

function fieldsIn(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`;
}

function fieldsAre(count: number): string {
  return `${fieldsIn(count)} ${count === 1 ? 'is' : 'are'}`;
}

function failureInWords(failure: Failure): string {
  switch (failure.outcome) {
    case 'rejected':
      return failure.advice;
    case 'auth':
      return customerWords('paused', failure.code);
    case 'retry':
    case 'unreachable':
    case 'throttled':
    case 'dependency':
    case 'unknown_outcome':
      return customerWords('retry', failure.code);
  }
}

/** The fields of a record as it is sent, one text each; what has parts is named by its path. */
function inTexts(fields: object, path = ''): Readonly<Record<string, string>> {
  const entries = Object.entries(fields).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (value === undefined) return [];
    if (value === null) return [[path + name, '']];
    if (typeof value === 'object') return Object.entries(inTexts(value, `${path}${name}.`));
    return [[path + name, String(value)]];
  });
  return Object.fromEntries(entries);
}
