import { parseArgs } from 'node:util';

const FLAGS = { out: { type: 'string' }, help: { type: 'boolean' } } as const;
const DEFAULT_PAGE = 'dashboard.html';

export const USAGE = `
Usage: npm run dashboard -- <file|-> [--out dashboard.html]

Makes one HTML page of the log of Socotra Sync: is it healthy, who is stuck, why. The page needs no server and no network.

  <file>   a log, as the app, Docker, docker compose or kubectl wrote it; lines of others in it are left out
  -        the log comes through a pipe; while lines come in, the page is rewritten every five seconds and reloads itself
  --out    where the page goes

  docker logs -f app | npm run --silent dashboard -- -
  zcat app.log.*.gz | npm run --silent dashboard -- -
`;

export interface DashboardOptions {
  /** `-`: standard input. */
  readonly log: string;
  readonly page: string;
}

export type OptionsReading =
  | { readonly kind: 'options'; readonly options: DashboardOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'misused'; readonly problem: string };

/** Reads the command line; a problem is one sentence. */
export function readOptions(args: readonly string[]): OptionsReading {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true });
  if (values.help === true) return { kind: 'help' };
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(FLAGS, name));
  if (unknown !== undefined) return misused(`"--${unknown}" is not known.`);
  const [log, ...more] = positionals;
  if (log === undefined) return misused('Which log? Name a file, or - for a pipe.');
  if (more.length > 0) return misused('One log at a time: put several through a pipe.');
  const { out = DEFAULT_PAGE } = values;
  if (typeof out !== 'string' || out === '') return misused('--out needs the name of a file.');
  return { kind: 'options', options: { log, page: out } };
}

function misused(problem: string): OptionsReading {
  return { kind: 'misused', problem };
}
