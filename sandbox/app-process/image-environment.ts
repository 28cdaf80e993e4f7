import { readFileSync } from 'node:fs';

const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);

/** What the image sets for Node, read from the `Dockerfile`: the app is tested and measured as it is run. */
export function imageEnvironment(): { readonly NODE_OPTIONS: string } {
  const [, options] = /^ENV NODE_OPTIONS="([^"]+)"$/m.exec(readFileSync(DOCKERFILE, 'utf8')) ?? [];
  if (options === undefined) throw new Error('The Dockerfile sets no NODE_OPTIONS.');
  return { NODE_OPTIONS: options };
}
