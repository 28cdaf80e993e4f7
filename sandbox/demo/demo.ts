import { randomInt } from 'node:crypto';
import cliProgress from 'cli-progress';
import colors from 'picocolors';
import { problemOfLine } from '../app-process/log-schema.ts';
import type { LoopbackServer } from '../http/loopback-server.ts';
import { startPage } from '../page/page-server.ts';
import type { EventEntry } from './event-book.ts';
import { BUILT_APP, prepareLocalMarketplace, type LocalMarketplace } from './local-marketplace.ts';
import { readOptions, USAGE, type DemoOptions } from './options.ts';
import { lostWebhooks } from './lost-webhooks.ts';
import { play, playEpilogue } from './play.ts';
import { closingTables, eventLine } from './report.ts';

/** Exit codes of the command. */
const RIGHT = 0;
const WRONG = 1;
const MISUSED = 2;

/** Newest lines of the app's log that are shown when it does not start. */
const LINES_OF_A_FAILURE = 12;

const MAX_SEED = 2_147_483_647;
/** Where webhooks get lost, the app reads the event stream this often, for a demo that does not keep one waiting. */
const QUICK_CATCH_UP = { CATCH_UP_INTERVAL_MS: '500' };

/** The events whose webhook never rings, by id. */
type LostWebhooks = ReadonlySet<string>;

/** One line of output; the progress bar needs them to go through it. */
type Print = (line: string) => void;

const print: Print = (line) => process.stdout.write(`${line}\n`);

/** The whole command: everything up, the story played, the target compared, everything down. */
async function demo(options: DemoOptions): Promise<number> {
  const preparation = await prepareLocalMarketplace(
    BUILT_APP,
    options.dropPercent > 0 ? QUICK_CATCH_UP : {},
    options.target,
  );
  if (!preparation.ok) return misused(preparation.problems);
  const { local } = preparation;
  const interrupted = onInterrupt();
  try {
    const page = await openPage(local, options.port);
    if (page === 'port in use') return misused([`The port ${options.port} is in use; --port 0 takes any free one.`]);
    try {
      print(`The local Marketplace is at ${colors.bold(page.url)}`);
      if (!options.once) print(consoleLine(local));
      const code = await launchAndPlay(local, chooseLost(local, options), interrupted);
      return options.once || interrupted.aborted ? code : await stayUp(interrupted, code);
    } finally {
      await page.close();
    }
  } finally {
    await local.close();
  }
}

/** Where the tenant's own console is, and what opens it in this run. */
function consoleLine({ router, tenant }: LocalMarketplace): string {
  const token = tenant.settings['console-token'] ?? '';
  return `The tenant's console is at ${colors.bold(`${router.url}/console`)}, its token is ${colors.bold(token)}`;
}

/** Chooses the webhooks that get lost, and says how to lose the same ones again. */
function chooseLost(local: LocalMarketplace, { dropPercent, seed = randomInt(MAX_SEED) }: DemoOptions): LostWebhooks {
  const lost = lostWebhooks(local.events, dropPercent, seed);
  if (lost.size > 0)
    print(`${lost.size} of ${local.events.length} webhooks get lost (the same ones with --seed ${seed})`);
  return lost;
}

async function launchAndPlay(local: LocalMarketplace, lost: LostWebhooks, interrupted: AbortSignal): Promise<number> {
  const { instance, app } = local;
  await instance.launch();
  if (instance.state !== 'Running') {
    print(colors.red(`The instance is in state ${instance.state}: ${instance.message}`));
    for (const { fields } of app.log.newest.slice(-LINES_OF_A_FAILURE)) print(colors.dim(JSON.stringify(fields)));
    return WRONG;
  }
  await playWithProgress(local, lost, interrupted);
  const isOver = () => problemsOf(local, lost).length === 0;
  await playEpilogue(local, isOver, interrupted);
  return interrupted.aborted ? WRONG : closeTheBooks(local, problemsOf(local, lost));
}

async function openPage(local: LocalMarketplace, port: number): Promise<LoopbackServer | 'port in use'> {
  try {
    return await startPage(local, port);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return 'port in use';
    throw error;
  }
}

function misused(sentences: readonly string[]): number {
  for (const sentence of sentences) process.stderr.write(`${sentence}\n`);
  return MISUSED;
}

async function playWithProgress(local: LocalMarketplace, lost: LostWebhooks, aborted: AbortSignal): Promise<void> {
  if (!process.stdout.isTTY) return play(local, { lost, show: (entry) => print(eventLine(entry)), aborted });
  const bars = new cliProgress.MultiBar(
    { format: '{bar} {value}/{total} {event}', hideCursor: true, clearOnComplete: true, gracefulExit: false },
    cliProgress.Presets.shades_classic,
  );
  const bar = bars.create(local.events.length, 0, { event: '' });
  const show = (entry: EventEntry) => {
    bars.log(`${eventLine(entry)}\n`);
    bar.increment(1, { event: entry.type });
  };
  await play(local, { lost, show, aborted });
  bars.stop();
}

/** All that is not as it should be at the end of the story, as sentences. */
function problemsOf({ app, book, target }: LocalMarketplace, lost: LostWebhooks): readonly string[] {
  const open = book.entries.filter(({ outcome }) => ['dead_lettered', 'lost', 'timed out'].includes(outcome));
  return [
    ...target.problems(),
    ...app.log.newest.flatMap(({ fields }) => problemOfLine(fields) ?? []),
    ...open.map(({ type, outcome, reason }) => `The event ${type} ended as ${outcome} (${reason}).`),
    ...(book.gapsClosed >= lost.size ? [] : [`The app says that it closed ${book.gapsClosed} of ${lost.size} gaps.`]),
  ];
}

/** Prints the tables and what is wrong; the exit code. */
function closeTheBooks(local: LocalMarketplace, problems: readonly string[]): number {
  print(closingTables(local));
  for (const problem of problems) print(colors.red(problem));
  if (problems.length > 0) return WRONG;
  print(
    colors.green(
      `Every record of the story is in the target (${local.target.standIn.id}), once and in its newest state.`,
    ),
  );
  return RIGHT;
}

/** Waits for Ctrl-C; having been stopped is no failure of what came before. */
async function stayUp(interrupted: AbortSignal, code: number): Promise<number> {
  print('Ctrl-C ends it.');
  await new Promise<void>((resolve) => {
    if (interrupted.aborted) resolve();
    else interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  print('Stopping: deregister, stop, clean up.');
  return code;
}

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => controller.abort());
  return controller.signal;
}

const reading = readOptions(process.argv.slice(2));
switch (reading.kind) {
  case 'help':
    print(USAGE);
    break;
  case 'misused':
    process.exitCode = misused([reading.problem]);
    break;
  case 'demo':
    process.exitCode = await demo(reading.options);
    break;
}
