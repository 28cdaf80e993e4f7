import type { Connector, Delivery, DeliveryResult, Target } from '../../src/connectors/connector.js';
import { restConnector } from '../../src/connectors/rest/rest.connector.js';
import type { RecordMark, RecordMarkUpdate } from '../../src/queue/queue.js';
import type { CanonicalRecord, RecordOf } from '../../src/records/canonical-record.js';
import { deliverRecords } from '../../src/sync/deliver-records.js';
import { contentHash } from '../../src/sync/revision.js';
import { fakeTarget } from './fake-target.js';

export const NOW = 1_700_000_000_000;
export const DELIVERED = { outcome: 'delivered', change: 'created', targetId: '77' } as const satisfies DeliveryResult;

/** The fake connector asks nothing of it: a request would fail. */
const { target: SILENT_TARGET } = fakeTarget();

export const party: RecordOf<'party'> = {
  kind: 'party',
  key: 'p-pty-1',
  locator: '1',
  op: 'upsert',
  fields: { type: 'person', name: 'A B' },
  relations: [],
  sourceUpdatedAtMs: Date.UTC(2024, 0, 2),
};
export const policy: RecordOf<'policy'> = {
  ...party,
  kind: 'policy',
  key: 'p-pol-2',
  fields: { number: '2', status: 'issued' },
  relations: [{ name: 'policyholder', kind: 'party', key: 'p-pty-1', required: true }],
};
export const change: RecordOf<'policy_change'> = {
  ...party,
  kind: 'policy_change',
  key: 'p-chg-3',
  fields: { type: 'endorsement', state: 'issued' },
  relations: [{ name: 'policy', kind: 'policy', key: 'p-pol-2', required: true }],
};

/** A connector that answers from a script by record key and remembers what it was given. */
export function scripted(answers: Readonly<Record<string, DeliveryResult>> = {}) {
  const calls: Delivery[][] = [];
  const connector: Connector = {
    ...restConnector,
    kinds: { ...restConnector.kinds, premium_row: { unsupported: 'no premiums here' } },
    deliver: (deliveries) => {
      calls.push([...deliveries]);
      return Promise.resolve(deliveries.map(({ record }) => answers[record.key] ?? DELIVERED));
    },
  };
  return { calls, connector };
}

interface Circumstances {
  /** Where a connector that does ask finds an answer. */
  readonly target?: Target;
  readonly isStopping?: boolean;
  readonly announce?: (marks: readonly RecordMarkUpdate[]) => Promise<boolean>;
}

/** Delivers records of which the target is known to hold some. */
export function deliver(
  records: readonly CanonicalRecord[],
  connector: Connector,
  known: Readonly<Record<string, RecordMark>> = {},
  { target = SILENT_TARGET, isStopping = false, announce = () => Promise.resolve(true) }: Circumstances = {},
) {
  const event = {
    sequence: 1,
    id: 'e1',
    type: 'policy.issue',
    occurredAtMs: 5,
    receivedAtMs: NOW,
    payload: '',
    tries: 0,
    retryAtMs: 0,
  };
  return deliverRecords(records, {
    connector,
    target,
    connection: 'c',
    known: new Map(Object.entries(known)),
    newestEvents: new Map(records.map(({ key }) => [key, event])),
    isStopping: () => isStopping,
    announce,
  });
}

/** What is known of a record that the target holds as it is. */
export const markOf = (record: CanonicalRecord, overrides: Partial<RecordMark> = {}): RecordMark => ({
  revision: '2024-01-02T00:00:00.000Z#1',
  contentHash: contentHash(record),
  confirmed: true,
  ...overrides,
});
