import { readFile } from 'node:fs/promises';

/** What the page consists of; nothing else is ever read. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['console.html', 'text/html; charset=utf-8'],
  ['console.css', 'text/css; charset=utf-8'],
  ['console.js', 'text/javascript; charset=utf-8'],
  ['parts.js', 'text/javascript; charset=utf-8'],
  ['preview.js', 'text/javascript; charset=utf-8'],
  ['icon.svg', 'image/svg+xml'],
]);

export interface ConsoleFile {
  readonly type: string;
  readonly content: Buffer;
}

/** A file of the page, read anew each time: it is asked for seldom, and kept in no memory. */
export async function readConsoleFile(name: string): Promise<ConsoleFile | undefined> {
  const type = TYPES.get(name);
  if (type === undefined) return undefined;
  return { type, content: await readFile(new URL(`./console-page/${name}`, import.meta.url)) };
}
