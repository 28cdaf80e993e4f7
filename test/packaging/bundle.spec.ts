import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { diet } from '../../packaging/diet.ts';

const DIST = new URL('../../dist/', import.meta.url);
/** A long line may be cut within a text: there the word `import` begins no statement. */
const CUT_TEXT = '\\\n';
const files = readdirSync(DIST)
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ name, text: readFileSync(new URL(name, DIST), 'utf8').replaceAll(CUT_TEXT, '') }));

/** Nest imports these only once something of it is used that the app does not use. */
const COMPANIONS = /^(@nestjs\/|class-transformer|class-validator|file-type)/;

describe('the bundle that the image runs', () => {
  it('needs no package: what it imports is its own, or Node’s', () => {
    const imported = files.flatMap(({ text }) =>
      [...text.matchAll(/(?:^|[;}\n])import\s*(?:[^'"();]*?from)?\s*["']([^"']+)["']/g)].map(([, path = '']) => path),
    );
    expect(imported.length).toBeGreaterThan(50);
    expect(imported.filter((path) => !path.startsWith('./') && !isBuiltin(path))).toEqual([]);
  });

  it('loads lazily only its own, Node’s, and companions of Nest that nobody needs', () => {
    const lazy = files.flatMap(({ text }) =>
      [...text.matchAll(/\bimport\(["']([^"']+)["']\)/g)].map(([, path = '']) => path),
    );
    expect(lazy.filter((path) => !path.startsWith('./') && !isBuiltin(path) && !COMPANIONS.test(path))).toEqual([]);
    expect(lazy.filter((path) => path.startsWith('./')).length).toBeGreaterThan(5);
  });

  it('is what the start reads, and stays small', () => {
    const start = files.find(({ name }) => name.startsWith('boot-'));
    expect(start?.text.length).toBeLessThan(2_000_000);
    expect(files.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThan(2_600_000);
  });

  it('keeps the names of its classes, for those who read a stack trace', () => {
    const text = files.map((file) => file.text).join('\n');
    for (const name of ['WebhooksService', 'SyncWorker', 'StateService', 'SqliteQueue']) {
      expect(text).toMatch(new RegExp(`class ${name}\\b|${name}=class`));
    }
  });
});

it('a cut that meets nothing any more fails the build, by name', async () => {
  const contents = "import 'axios';";
  const attempt = build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    plugins: [diet],
    logLevel: 'silent',
  });
  await expect(attempt).rejects.toThrow(/The cut "undici" meets nothing\./);
});
