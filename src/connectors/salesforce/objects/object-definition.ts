import type { RecordKind } from '../../../records/record-kinds.js';

/** A standard field; `id` names a record by its Salesforce id. */
export type StandardType = 'text' | 'picklist' | 'money' | 'date' | 'datetime' | 'id';

/** A field of ours, created by the package. */
export type OwnField = { readonly label: string } & (
  | { readonly type: 'text'; readonly length: number; readonly isKey?: true }
  | { readonly type: 'longText' | 'email' | 'money' | 'date' | 'datetime' | 'checkbox' }
  /** `children`: what the parent calls its records of this object, for example `Transactions`. */
  | { readonly type: 'lookup'; readonly to: string; readonly children: string }
);

/** How a record of an object is tied to another one: by the other one's key, below the name of the relationship. */
export interface ObjectRelation {
  readonly kind: RecordKind;
  readonly to: string;
  readonly field: string;
}

export interface ObjectDefinition {
  readonly standard: Readonly<Record<string, StandardType>>;
  readonly own: Readonly<Record<string, OwnField>>;
  /** By the name of the relationship. */
  readonly relations: Readonly<Record<string, ObjectRelation>>;
  /** An object of ours: its names, and what its name field is called. */
  readonly created?: { readonly label: string; readonly plural: string; readonly nameLabel: string };
}
