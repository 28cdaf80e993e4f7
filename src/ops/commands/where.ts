import type { EventTrace, PauseTrace, RecordTrace, RootTrace } from '../../queue/operator/traces.js';
import type { Answer, Command, CommandContext } from '../answer.js';
import { eventJson, inWords, outcomeOf, reasonLines } from '../event-lines.js';
import { keysOfRoot, meaningsOf } from '../names.js';
import { ago, amount, instant, plain, type Screen, toned } from '../screen.js';
import { type Column, table } from '../table.js';
import { EVENT_STATES } from '../../queue/operator/traces.js';

interface Way {
  readonly root: RootTrace;
  readonly events: readonly EventTrace[];
  /** How many there are, also those that are not shown. */
  readonly total: number;
  readonly waiting: number;
  readonly pauses: readonly PauseTrace[];
}

/** The way of a record: its events, what the target has, what comes next. */
export const where: Command = async ({ queue, options, screen, nowMs }: CommandContext): Promise<Answer> => {
  const [name = ''] = options.names;
  const meanings = meaningsOf(name);
  const roots = await queue.rootsOf(meanings);
  const pauses = await queue.pauses();
  const ways = await Promise.all(
    roots.map(async (root) => {
      const filter = { tenant: root.tenant, root: root.root };
      return {
        root,
        events: await queue.events({ states: EVENT_STATES, ...filter }, options.limit),
        total: await queue.count({ states: EVENT_STATES, ...filter }),
        waiting: await queue.count({ states: ['waiting'], ...filter }),
        pauses: pauses.filter(({ tenant }) => tenant === root.tenant),
      };
    }),
  );
  const keys = new Set([...meanings.keys, ...roots.flatMap(({ root }) => keysOfRoot(root))]);
  const records = await queue.records([...keys]);
  const found = ways.length > 0 || records.length > 0;
  return {
    lines: found ? lines(ways, records, screen, nowMs) : [notHere(name)],
    json: { roots: ways.map((way) => wayJson(way, nowMs)), records: records.map(recordJson) },
    found,
  };
};

function notHere(name: string): string {
  return (
    `Nothing here is known of ${plain(name)}: Core never rang for it, or it was forgotten after DEDUPE_MS. ` +
    'A quote, claim or payment is found by its policy too.'
  );
}

function lines(ways: readonly Way[], records: readonly RecordTrace[], screen: Screen, nowMs: number): string[] {
  return [
    ...ways.flatMap((way, index) => [...(index > 0 ? [''] : []), ...wayLines(way, screen, nowMs)]),
    ...(records.length > 0 ? [...(ways.length > 0 ? [''] : []), ...recordLines(records, screen)] : []),
  ];
}

function wayLines(way: Way, screen: Screen, nowMs: number): string[] {
  const { root, events, total } = way;
  const more = total > events.length ? ['', `The newest ${events.length} of ${amount(total)} events:`] : [''];
  const columns: readonly Column<EventTrace>[] = [
    { title: '#', of: ({ sequence }) => `#${sequence}`, right: true },
    { title: 'received', of: ({ receivedAtMs }) => instant(receivedAtMs), dispensable: true },
    { title: 'event type', of: ({ type }) => plain(type) },
    { title: 'outcome', of: outcomeOf, flexible: true },
    { title: 'reason', of: ({ code }) => plain(code ?? '-') },
    { title: 'ended or next try', of: (event) => endOf(event, nowMs) },
    { title: 'event id', of: ({ id }) => plain(id), dispensable: true },
  ];
  return [
    `${toned(screen, 'bold', plain(root.root))}  tenant ${plain(root.tenant)}`,
    next(way, nowMs),
    ...(events.length > 0 ? [...more, ...table(events, columns, screen), ...reasonLines(events, screen)] : []),
  ];
}

function endOf({ endedAtMs, retryAtMs }: EventTrace, nowMs: number): string {
  if (endedAtMs !== undefined) return ago(endedAtMs, nowMs);
  return retryAtMs === undefined ? '-' : ago(Math.max(retryAtMs, nowMs), nowMs);
}

/** What comes next, as a sentence. */
function next({ root, waiting, pauses }: Way, nowMs: number): string {
  const [pause] = pauses;
  const waits = waiting > 0;
  if (waits && pause !== undefined) {
    return `Waits, because the tenant is paused (${plain(pause.code)}): ${inWords('paused', pause.code)}`;
  }
  const dueAtMs = root.dueAtMs;
  if (dueAtMs === undefined) return 'Nothing waits.';
  const isDue = dueAtMs <= nowMs;
  if (!waits) {
    const when = isDue ? 'as soon as it is its turn' : ago(dueAtMs, nowMs);
    return `Nothing waits. Looked at again ${when}, because time changes it.`;
  }
  return isDue
    ? 'Due now: in hand, waiting for its turn, or its target or Core wants rest or does not answer; tenant.late in the ' +
        'log says which. After a restart or a Stop the app waits for a call of the tenant.'
    : `Next try ${ago(dueAtMs, nowMs)}.`;
}

function recordLines(records: readonly RecordTrace[], screen: Screen): string[] {
  const columns: readonly Column<RecordTrace>[] = [
    { title: 'record', of: ({ key }) => plain(key) },
    { title: 'tenant', of: ({ tenant }) => plain(tenant) },
    { title: 'account', of: ({ connection }) => plain(connection), dispensable: true },
    { title: 'in the target', of: (record) => (record.confirmed ? 'confirmed' : 'sent, not confirmed') },
    { title: 'id in the target', of: ({ targetId }) => plain(targetId ?? '-'), flexible: true },
  ];
  return table(records, columns, screen);
}

function wayJson(way: Way, nowMs: number): object {
  const { root, events, total, waiting, pauses } = way;
  return {
    tenant: root.tenant,
    root: plain(root.root),
    next: next(way, nowMs),
    total,
    waiting,
    ...(root.dueAtMs !== undefined && { dueAt: instant(root.dueAtMs) }),
    paused: pauses.map(({ code }) => plain(code)),
    events: events.map(eventJson),
  };
}

function recordJson({ tenant, key, connection, confirmed, targetId }: RecordTrace): object {
  return {
    tenant,
    recordKey: plain(key),
    account: plain(connection),
    confirmed,
    ...(targetId !== undefined && { targetId: plain(targetId) }),
  };
}
