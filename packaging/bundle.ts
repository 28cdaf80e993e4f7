import { build } from 'esbuild';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diet } from './diet.ts';

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/*
 * Makes of the compiled modules in `build/` the few files in `dist/` that the image runs: one file is read and compiled
 * in a fraction of the time of a thousand, and what nobody uses is left out. Names stay as they are, so that a stack
 * trace can be read: `dist/<file>:<line>` shows the place.
 */
rmSync(root('dist'), { recursive: true, force: true });
await build({
  entryPoints: [root('build/main.js'), root('build/ops.js')],
  outdir: root('dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  legalComments: 'none',
  plugins: [diet],
  // What undici leaves out when it is bundled into Node itself: a second parser of HTTP, an experiment.
  define: { esbuildDetection: 'true' },
  // Optional companions of packages, none of which is installed.
  external: ['pg-native'],
  // CommonJS packages inside still ask for Node's own modules.
  banner: { js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);" },
  logLevel: 'warning',
});
// The page of the tenant's console is served as it is.
cpSync(root('src/console/console-page'), root('dist/console-page'), { recursive: true });
