import type { MappingField } from '../records/mapping-fields.js';

/**
 * What the tenant's mapping paths gave for one snapshot, by the name of the wanted field.
 * Absent: unmapped, leave the target's field alone. Empty list: mapped, but the product has no value.
 */
export type MappedValues = Readonly<Partial<Record<MappingField, readonly string[]>>>;
