import { readFileSync } from 'node:fs';

const DOCKERFILE = new URL('../../Dockerfile', import.meta.url);

/** What the image sets for Node and the C library, read from the `Dockerfile`: the app is tested and measured as it is run. */
export function imageEnvironment(): Readonly<
  Record<'NODE_OPTIONS' | 'MALLOC_ARENA_MAX' | 'MALLOC_MMAP_THRESHOLD_', string>
> {
  const dockerfile = readFileSync(DOCKERFILE, 'utf8');
  const valueOf = (name: string): string => {
    const [, value] = new RegExp(`^ENV ${name}="([^"]+)"$`, 'm').exec(dockerfile) ?? [];
    if (value === undefined) throw new Error(`The Dockerfile sets no ${name}.`);
    return value;
  };
  return {
    NODE_OPTIONS: valueOf('NODE_OPTIONS'),
    MALLOC_ARENA_MAX: valueOf('MALLOC_ARENA_MAX'),
    MALLOC_MMAP_THRESHOLD_: valueOf('MALLOC_MMAP_THRESHOLD_'),
  };
}
