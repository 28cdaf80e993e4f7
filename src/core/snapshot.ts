import type { EntityByName, EntityName, GracePeriod, Invoice } from './entities.js';

/**
 * The newest state of all that one event concerns, read from Core at one instant.
 *
 * An entity is absent when the event carries no way to it or when Core answered 404; `notFound` tells the second case.
 * `invoice` is found inside its policy (or the policyholder's list), because Core has no confirmed endpoint for one.
 */
export interface Snapshot extends Partial<EntityByName> {
  readonly invoice?: Invoice;
  /** Grace periods of the policy, for its status. */
  readonly gracePeriods?: readonly GracePeriod[];
  /** Entities whose locator was known and which Core does not have. */
  readonly notFound: ReadonlySet<SnapshotMember>;
  /** When the snapshot was read: milliseconds since the epoch. */
  readonly asOfMs: number;
}

export type SnapshotMember = EntityName | 'invoice' | 'gracePeriods';
