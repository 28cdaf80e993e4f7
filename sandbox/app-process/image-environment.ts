import { readFileSync } from 'node:fs';

const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);

/** What the image sets for Node and the C library, read from the `Dockerfile`: the app is tested and measured as it is run. */
export function imageEnvironment(): { readonly NODE_OPTIONS: string; readonly MALLOC_ARENA_MAX: string } {
  const dockerfile = readFileSync(DOCKERFILE, 'utf8');
  return { NODE_OPTIONS: setIn(dockerfile, 'NODE_OPTIONS'), MALLOC_ARENA_MAX: setIn(dockerfile, 'MALLOC_ARENA_MAX') };
}

function setIn(dockerfile: string, name: string): string {
  const [, value] = new RegExp(`^ENV ${name}="([^"]+)"$`, 'm').exec(dockerfile) ?? [];
  if (value === undefined) throw new Error(`The Dockerfile sets no ${name}.`);
  return value;
}
