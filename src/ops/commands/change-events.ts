import type { OperatorQueue, Step } from '../../queue/operator/operator-queue.js';
import type { EventFilter, EventGroup } from '../../queue/operator/traces.js';
import type { Answer, Command, CommandContext } from '../answer.js';
import { amount, plain } from '../screen.js';
import { namesIn } from '../names.js';
import { groupJson, groupLines } from './dead-letters.js';

/** Events in one transaction at most: it holds up the app's next commit. */
const MOST_PER_STEP = 50;

interface Change {
  readonly done: string;
  readonly would: string;
  /** Whether events without a payload can be changed. */
  readonly includesForgotten: boolean;
  readonly step: (queue: OperatorQueue, filter: EventFilter, after: number, most: number) => Promise<Step>;
}

/** Lets events be tried again, slowly. */
export const replay: Command = (context) =>
  changeEvents(context, {
    done: 'replayed',
    would: 'would be tried again',
    includesForgotten: false,
    step: (queue, filter, after, most) => queue.replay(filter, after, most, Date.now()),
  });

/** Gives events up for good. */
export const purge: Command = (context) =>
  changeEvents(context, {
    done: 'purged',
    would: 'would be given up for good',
    includesForgotten: true,
    step: (queue, filter, after, most) => queue.purge(filter, after, most, Date.now()),
  });

async function changeEvents(context: CommandContext, change: Change): Promise<Answer> {
  const { queue, options, screen } = context;
  const { names, yes } = options;
  const { filter, unknown } = await narrowed(context);
  const groups = await queue.groups(filter);
  const matched = sumOf(groups, ({ events }) => events);
  const forgotten = change.includesForgotten ? 0 : sumOf(groups, (group) => group.forgotten);
  const notes = [
    ...(unknown.length > 0 ? [`Not found: ${unknown.map(plain).join(', ')}.`] : []),
    ...(forgotten > 0 ? [`${amount(forgotten)} of them cannot be replayed any more: RETENTION_MS is over.`] : []),
  ];
  const json = { matched, forgotten, groups: groups.map(groupJson), unknown: unknown.map(plain) };
  if (matched === 0) {
    const [state = 'dead'] = filter.states;
    const line = names.length > 0 ? `None of these is ${state} (see --state).` : 'No event is meant by this.';
    return { lines: [...notes, line], json: { ...json, changed: 0, dryRun: !yes }, found: false };
  }
  const tableLines = [...groupLines(groups, screen), ''];
  if (!yes) {
    const line = `${amount(matched - forgotten)} ${change.would}. Nothing was changed: add --yes to do it.`;
    return { lines: [...tableLines, ...notes, line], json: { ...json, changed: 0, dryRun: true }, found: true };
  }
  const changed = await inSteps(context, change, filter, matched - forgotten);
  const left = matched - forgotten - changed;
  const rest = left > 0 ? ` ${amount(left)} stay as they are.` : '';
  return {
    lines: [...tableLines, ...notes, `${amount(changed)} ${change.done}.${rest}`],
    json: { ...json, changed, dryRun: false },
    found: true,
  };
}

/**
 * Names are looked up first; a filter holds for them too. What ends from now on is not meant: nobody has seen it, and what
 * was replayed may be dead again at once.
 */
async function narrowed({ queue, options, nowMs }: CommandContext) {
  const { names } = options;
  const filter = { ...options.filter, untilMs: Math.min(options.filter.untilMs ?? Infinity, nowMs) };
  if (names.length === 0) return { filter, unknown: [] };
  const events = await queue.named(namesIn(names));
  const known = new Set(events.flatMap(({ sequence, id }) => [`#${sequence}`, id]));
  const sequences = events.map(({ sequence }) => sequence);
  return { filter: { ...filter, sequences }, unknown: names.filter((name) => !known.has(name)) };
}

/** Small transactions, as many events a second as allowed: neither the app nor a target is to be flooded. */
async function inSteps(
  { queue, options, progress, onStop, sleep }: CommandContext,
  change: Change,
  filter: EventFilter,
  total: number,
): Promise<number> {
  const { rate } = options;
  const most = Math.min(MOST_PER_STEP, rate);
  let changed = 0;
  let isStopping = false;
  onStop(() => (isStopping = true));
  for (let after: number | undefined = 0; after !== undefined && !isStopping;) {
    const step: Step = await change.step(queue, filter, after, most);
    changed += step.changed;
    after = step.after;
    progress(`${amount(changed)} of ${amount(total)} ${change.done}`);
    if (after !== undefined) await sleep((step.changed / rate) * 1_000);
  }
  return changed;
}

function sumOf(groups: readonly EventGroup[], of: (group: EventGroup) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}
