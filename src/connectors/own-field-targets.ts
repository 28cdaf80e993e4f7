import { CUSTOM_FIELDS } from '../records/mapping-fields.js';

/**
 * Own fields of the tenant (`kind.field` in the form) that would write over what a connector finds its records by.
 *
 * @param isReserved whether the app writes the target's field of this name itself
 * @returns a sentence for the customer for each of them
 */
export function reservedFieldProblems(
  settings: Readonly<Record<string, string>>,
  isReserved: (field: string) => boolean,
): readonly string[] {
  return CUSTOM_FIELDS.flatMap((name) => {
    const [, field] = /^[^.]*\.(.+)$/.exec(settings[`${name}-field`]?.trim() ?? '') ?? [];
    if (field === undefined || !isReserved(field)) return [];
    const title = `Target field of own field ${name.slice('custom-'.length)}`;
    return [`"${title}" names a field that the app itself writes and finds its records by: choose another one.`];
  });
}
