import { Injectable } from '@nestjs/common';

/** What a try has left to another one. */
export interface Unfinished {
  readonly root: string;
  /** When the oldest of the root's events that wait has arrived. */
  readonly receivedAtMs: number;
  readonly code: string;
  /** When it is tried again. */
  readonly againAtMs: number;
}

export interface UnfinishedOfTenant extends Unfinished {
  readonly tenant: string;
}

/** If by so much after its time nothing was heard of it, another replica has ended it, or the queue shows it as overdue. */
const FORGET_AFTER_MS = 60_000;

/**
 * How long events have waited in spite of tries. The queue knows when their next try is due, which each failure puts off;
 * so this remembers the oldest per tenant of what was tried here. After a restart the next try tells it again.
 */
@Injectable()
export class UnfinishedRoots {
  private readonly oldest = new Map<string, Unfinished>();

  /** @param unfinished what is left of the root; undefined: nothing */
  settled(tenant: string, root: string, unfinished: Omit<Unfinished, 'root'> | undefined, nowMs: number): void {
    const known = this.oldest.get(tenant);
    const isOpen = known !== undefined && known.root !== root && !isForgotten(known, nowMs);
    if (isOpen && (unfinished === undefined || known.receivedAtMs <= unfinished.receivedAtMs)) return;
    if (unfinished !== undefined) this.oldest.set(tenant, { root, ...unfinished });
    else this.oldest.delete(tenant);
  }

  /** Of each tenant the oldest, where there is any. */
  all(nowMs: number): readonly UnfinishedOfTenant[] {
    for (const [tenant, known] of this.oldest) if (isForgotten(known, nowMs)) this.oldest.delete(tenant);
    return [...this.oldest].map(([tenant, known]) => ({ tenant, ...known }));
  }
}

function isForgotten({ againAtMs }: Unfinished, nowMs: number): boolean {
  return againAtMs + FORGET_AFTER_MS < nowMs;
}
