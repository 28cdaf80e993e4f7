import { isObject, objectOf, objectsOf, textOf, type JsonObject } from '../../http/json.ts';

/** One record as this CRM holds it. */
export interface CrmRecord {
  readonly kind: string;
  readonly key: string;
  readonly locator: string;
  readonly op: string;
  /** Compares as text; an older one never replaces a newer one. */
  readonly revision: string;
  readonly fields: JsonObject;
  readonly relations: readonly JsonObject[];
  /** The event that led to this state. */
  readonly event: JsonObject;
  readonly writes: number;
  readonly firstWriteMs: number;
  readonly lastWriteMs: number;
}

/** What happened to one record of a request, in the words of the push contract. */
export interface WriteResult {
  readonly key: string;
  readonly status: 'created' | 'updated' | 'ignored' | 'failed';
  readonly targetId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly retryable?: boolean;
}

export interface TimelineLine {
  readonly key: string;
  readonly subject: string;
  readonly occurredAt: string;
  readonly type: string;
}

/** A write that was ignored, because it carried an older revision than the stored one. */
export interface OlderWrite {
  readonly key: string;
  readonly revision: string;
  readonly storedRevision: string;
  /** The fields that it would have changed: none, if it only said again what is there. */
  readonly changes: readonly string[];
}

/** The CRM's data: one record per external key, newest state only. */
export class CrmStore {
  readonly #byKey = new Map<string, CrmRecord>();
  readonly #older: OlderWrite[] = [];
  #writes = 0;

  get records(): readonly CrmRecord[] {
    return [...this.#byKey.values()];
  }

  /** Writes that carried an older state than the stored one. */
  get olderIgnored(): number {
    return this.#older.length;
  }

  get older(): readonly OlderWrite[] {
    return this.#older;
  }

  get writes(): number {
    return this.#writes;
  }

  find(key: string): CrmRecord | undefined {
    return this.#byKey.get(key);
  }

  /** A user of the CRM deletes it. */
  remove(key: string): void {
    this.#byKey.delete(key);
  }

  /** Upserts by key: a missing field is left alone, `null` clears it. */
  write(record: JsonObject, nowMs: number): WriteResult {
    const [kind, key, revision] = [textOf(record.kind), textOf(record.key), textOf(record.revision)];
    if (kind === '' || key === '' || revision === '' || !isObject(record.fields)) {
      return {
        key,
        status: 'failed',
        code: 'malformed',
        message: 'kind, key, revision and fields are needed',
        retryable: false,
      };
    }
    const known = this.#byKey.get(key);
    if (known !== undefined && revision < known.revision) {
      const would = withoutNulls({ ...known.fields, ...record.fields });
      const names = new Set([...Object.keys(known.fields), ...Object.keys(would)]);
      const changes = [...names].filter((name) => JSON.stringify(would[name]) !== JSON.stringify(known.fields[name]));
      this.#older.push({ key, revision, storedRevision: known.revision, changes });
      return { key, status: 'ignored', targetId: targetId(key) };
    }
    this.#writes += 1;
    this.#byKey.set(key, {
      kind,
      key,
      locator: textOf(record.locator),
      op: textOf(record.op),
      revision,
      fields: withoutNulls({ ...known?.fields, ...record.fields }),
      relations: objectsOf(record.relations),
      event: objectOf(record.event),
      writes: (known?.writes ?? 0) + 1,
      firstWriteMs: known?.firstWriteMs ?? nowMs,
      lastWriteMs: nowMs,
    });
    return { key, status: known === undefined ? 'created' : 'updated', targetId: targetId(key) };
  }

  /** The sentences about a record, oldest first; without a key those about all of them. */
  timeline(aboutKey?: string): readonly TimelineLine[] {
    return this.records
      .filter(({ kind }) => kind === 'activity')
      .filter(({ relations }) => aboutKey === undefined || relations.some((relation) => relation.key === aboutKey))
      .map(({ key, fields }) => ({
        key,
        subject: textOf(fields.subject),
        occurredAt: textOf(fields.occurredAt),
        type: textOf(fields.type),
      }))
      .toSorted((a, b) => a.occurredAt.localeCompare(b.occurredAt));
  }

  /** Records that stand twice under different keys: two of a kind for one locator, or two equal sentences. */
  twins(): readonly string[] {
    const seen = new Set<string>();
    return this.records
      .map(({ kind, key, locator, fields }) => {
        const sentence = [fields.type, fields.occurredAt, fields.subject].map(textOf).join(' ');
        return { key, identity: `${kind} ${kind === 'activity' ? sentence : locator}` };
      })
      .filter(({ identity }) => {
        const twin = seen.has(identity);
        seen.add(identity);
        return twin;
      })
      .map(({ key }) => key);
  }
}

function targetId(key: string): string {
  return `crm-${key}`;
}

function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
