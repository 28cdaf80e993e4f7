import type { Relation } from '../records/canonical-record.js';
import { recordKey } from '../records/record-key.js';
import type { RecordKind } from '../records/record-kinds.js';
import type { LevelInput } from './translator.js';

/** A relation to a record that this translation holds; none where Core did not have the related entity. */
export function relationTo(
  input: LevelInput,
  name: string,
  kind: RecordKind,
  locator: string | undefined,
  required: boolean,
): readonly Relation[] {
  return locator === undefined ? [] : [{ name, kind, key: recordKey(input.environment, kind, locator), required }];
}

export function toParty(input: LevelInput, required: boolean): readonly Relation[] {
  return relationTo(input, 'policyholder', 'party', input.snapshot.policyholder?.locator, required);
}

export function toPolicy(input: LevelInput, required: boolean): readonly Relation[] {
  return relationTo(input, 'policy', 'policy', input.snapshot.policy?.locator, required);
}
