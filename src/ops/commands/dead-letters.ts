import type { EventGroup, EventTrace } from '../../queue/operator/traces.js';
import type { Answer, Command, CommandContext } from '../answer.js';
import { eventJson, lastSeen, reasonLines } from '../event-lines.js';
import { amount, plain, type Screen } from '../screen.js';
import { type Column, table } from '../table.js';

/** Kinds of events on a screen, the most frequent first. */
const MOST_GROUPS = 20;

/** What was given up, the newest first. */
export const deadLetters: Command = async ({ queue, options, screen, nowMs }: CommandContext): Promise<Answer> => {
  const { filter, limit } = options;
  const groups = await queue.groups(filter);
  const total = groups.reduce((sum, { events }) => sum + events, 0);
  const events = await queue.events(filter, limit);
  const columns: readonly Column<EventTrace>[] = [
    { title: '#', of: ({ sequence }) => `#${sequence}`, right: true },
    { title: 'tenant', of: ({ tenant }) => plain(tenant) },
    { title: 'event type', of: ({ type }) => plain(type) },
    { title: 'root', of: ({ root }) => plain(root), flexible: true },
    { title: 'ended', of: (event) => lastSeen(event, nowMs), right: true, dispensable: true },
    { title: 'reason', of: ({ code }) => plain(code ?? 'none') },
    { title: 'event id', of: ({ id }) => plain(id), dispensable: true },
  ];
  const [state = 'dead'] = filter.states;
  const name = state === 'dead' ? 'dead letters' : `${state} events`;
  return {
    lines:
      total === 0
        ? [`There are no such ${name}.`]
        : [
            `${amount(total)} ${total === 1 ? name.slice(0, -1) : name}${total > events.length ? `; the newest ${events.length}:` : ':'}`,
            '',
            ...table(events, columns, screen),
            ...reasonLines(events, screen),
            ...(total > events.length ? ['', ...groupLines(groups, screen)] : []),
          ],
    json: { total, groups: groups.map(groupJson), events: events.map(eventJson) },
    found: true,
  };
};

/** How many of which. */
export function groupLines(groups: readonly EventGroup[], screen: Screen): string[] {
  const columns: readonly Column<EventGroup>[] = [
    { title: 'events', of: ({ events }) => amount(events), right: true },
    { title: 'tenant', of: ({ tenant }) => plain(tenant) },
    { title: 'event type', of: ({ type }) => plain(type) },
    { title: 'reason', of: ({ code }) => plain(code ?? 'none'), flexible: true },
  ];
  const left = groups.length - MOST_GROUPS;
  const more = left > 0 ? [`and ${amount(left)} more kinds, see --json`] : [];
  return [...table(groups.slice(0, MOST_GROUPS), columns, screen), ...more];
}

export function groupJson({ tenant, type, code, events, forgotten }: EventGroup): object {
  return { tenant, eventType: plain(type), ...(code !== undefined && { code: plain(code) }), events, forgotten };
}
