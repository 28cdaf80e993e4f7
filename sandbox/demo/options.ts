import { parseArgs } from 'node:util';

const TARGETS = ['rest'] as const;
const FLAGS = { once: { type: 'boolean' }, target: { type: 'string' }, port: { type: 'string' } } as const;
const USAGE = 'Usage: npm run demo -- [--once] [--target rest] [--port N]';

export interface DemoOptions {
  /** Tear down after the story and say by the exit code whether everything arrived. */
  readonly once: boolean;
  readonly target: (typeof TARGETS)[number];
  /** Of the page; 0 takes any free one. */
  readonly port: number;
}

export type OptionsReading =
  { readonly ok: true; readonly options: DemoOptions } | { readonly ok: false; readonly problem: string };

/** Reads the command line; a problem is one sentence. */
export function readOptions(args: readonly string[]): OptionsReading {
  const { values, positionals } = parseArgs({ args: [...args], options: FLAGS, strict: false, allowPositionals: true });
  const [unknown] = [
    ...Object.keys(values)
      .filter((name) => !Object.hasOwn(FLAGS, name))
      .map((name) => `--${name}`),
    ...positionals,
  ];
  if (unknown !== undefined) return misused(`"${unknown}" is not known.`);
  const { once = false, target: targetName = 'rest', port: portText = '0' } = values;
  const target = TARGETS.find((known) => known === targetName);
  if (target === undefined) {
    return misused(`There is no stand-in for the target "${targetName}" yet; there is: ${TARGETS.join(', ')}.`);
  }
  const port = Number(portText);
  if (!/^\d+$/.test(String(portText)) || port > 65_535)
    return misused('--port must be a whole number from 0 to 65535.');
  return { ok: true, options: { once: once === true, target, port } };
}

function misused(sentence: string): OptionsReading {
  return { ok: false, problem: `${sentence} ${USAGE}` };
}
