import type { QueueStatus } from '../../queue/operator/operator-queue.js';
import type { PauseTrace, TenantTrace } from '../../queue/operator/traces.js';
import type { Answer, Command, CommandContext } from '../answer.js';
import { inWords } from '../event-lines.js';
import { ago, amount, bytes, instant, plain, type Screen, toned } from '../screen.js';
import { type Column, table } from '../table.js';

/** What waits, what is dead, and which tenants rest. */
export const status: Command = async ({ queue, screen, nowMs }: CommandContext): Promise<Answer> => {
  const found = await queue.status();
  return { lines: lines(found, screen, nowMs), json: jsonOf(found), found: true };
};

function lines(found: QueueStatus, screen: Screen, nowMs: number): string[] {
  const { store, tenants, pauses, events } = found;
  const free = store.freeBytes === undefined ? '' : `, ${bytes(store.freeBytes)} of it free`;
  const columns: readonly Column<TenantTrace>[] = [
    { title: 'tenant', of: ({ tenant }) => plain(tenant) },
    { title: 'waiting', of: ({ waiting }) => amount(waiting), right: true },
    { title: 'retrying', of: ({ retrying }) => amount(retrying), right: true },
    { title: 'dead', of: ({ dead }) => amount(dead), right: true },
    { title: 'oldest waits since', of: (one) => (one.oldestReceivedAtMs ? ago(one.oldestReceivedAtMs, nowMs) : '') },
    { title: 'paused', of: ({ tenant }) => codesOf(pauses, tenant).join(', '), flexible: true },
  ];
  return [
    `${store.kind === 'sqlite' ? 'Queue file' : 'PostgreSQL'}: ${bytes(store.bytes)}${free}, ${amount(events)} events known`,
    running(found, screen),
    '',
    ...(tenants.length === 0 ? ['No tenant has sent anything yet.'] : table(tenants, columns, screen)),
    ...pauseLines(pauses, screen, nowMs),
  ];
}

function running({ store }: QueueStatus, screen: Screen): string {
  if (store.running === 0) return toned(screen, 'red', 'The app is not running: nothing is synced.');
  return store.kind === 'sqlite' ? 'The app is running.' : `Replicas running: ${store.running}.`;
}

function codesOf(pauses: readonly PauseTrace[], tenant: string): string[] {
  return pauses.filter((pause) => pause.tenant === tenant).map(({ code }) => plain(code));
}

function pauseLines(pauses: readonly PauseTrace[], screen: Screen, nowMs: number): string[] {
  if (pauses.length === 0) return [];
  const columns: readonly Column<PauseTrace>[] = [
    { title: 'tenant', of: ({ tenant }) => plain(tenant) },
    { title: 'paused', of: ({ sinceMs }) => (sinceMs === undefined ? '' : ago(sinceMs, nowMs)) },
    { title: 'reason', of: ({ code }) => plain(code) },
    { title: 'in words', of: ({ code }) => inWords('paused', code), flexible: true },
  ];
  return ['', ...table(pauses, columns, screen)];
}

function jsonOf({ store, tenants, pauses, events }: QueueStatus): object {
  return {
    store: store.kind,
    running: store.running,
    bytes: store.bytes,
    ...(store.freeBytes !== undefined && { freeBytes: store.freeBytes }),
    events,
    tenants: tenants.map(({ tenant, waiting, retrying, dead, oldestReceivedAtMs }) => ({
      tenant,
      waiting,
      retrying,
      dead,
      ...(oldestReceivedAtMs !== undefined && { oldestReceivedAt: instant(oldestReceivedAtMs) }),
      paused: codesOf(pauses, tenant),
    })),
  };
}
