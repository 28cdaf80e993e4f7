import type { OnLoadArgs, OnResolveArgs, Plugin, PluginBuild } from 'esbuild';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * What the image carries less than its packages would bring along; the measurements are in `docs/decisions/0010-diet.md`.
 * Each cut says when it no longer meets anything: an update of the package must not bring it all back unseen.
 */
export const diet: Plugin = {
  name: 'diet',
  setup: (build) => {
    const cuts = [
      // First: what is left out needs no replacement.
      leaveOutLazyImportsOfNest(build),
      ...Object.entries(REPLACED).map(([name, cut]) => replaceModule(build, name, cut)),
      ...Object.entries(REWRITTEN).map(([name, cut]) => rewriteModule(build, name, cut)),
      dropUnusedOfNest(build),
      requireModulesOfNode(build),
    ];
    build.onEnd(() => ({
      errors: cuts.filter(({ hits }) => hits === 0).map(({ name }) => ({ text: `The cut "${name}" meets nothing.` })),
    }));
  },
};

interface Cut {
  readonly name: string;
  hits: number;
}

const lean = (file: string) => fileURLToPath(new URL(`./lean/${file}`, import.meta.url));
const folder = (path: string) => fileURLToPath(new URL(`../node_modules/${path}`, import.meta.url));

interface Replacement {
  readonly filter: RegExp;
  /** Only where this file asks for it. */
  readonly importer?: RegExp;
  readonly path: string;
}

/** Modules in whose place another file is taken. */
const REPLACED: Readonly<Record<string, Replacement>> = {
  undici: { filter: /^undici$/, path: lean('undici.js') },
  // Its CommonJS build cannot be shaken, and Node would choose that.
  rxjs: { filter: /^rxjs$/, path: folder('rxjs/dist/esm/index.js') },
  'rxjs/operators': { filter: /^rxjs\/operators$/, path: folder('rxjs/dist/esm/operators/index.js') },
  // Each decorator brings its validator; a handful is used.
  'class-validator': { filter: /^class-validator$/, path: folder('class-validator/esm2015/index.js') },
  // The app gives axios an adapter of its own.
  'adapters of axios': {
    filter: /^\.\/(http|xhr|fetch)\.js$/,
    importer: /axios\/lib\/adapters\//,
    path: lean('nothing.js'),
  },
  // The app sends no forms; axios only asks for the class.
  'form-data': { filter: /^form-data$/, path: lean('nothing.js') },
  // The app speaks HTTP/1.1 alone, and undici's other client has Node load its own HTTP/2.
  'HTTP/2 in undici': {
    filter: /^\.\/client-h2\.js$/,
    importer: /undici\/lib\/dispatcher\//,
    path: lean('nothing.js'),
  },
};

function replaceModule(build: PluginBuild, name: string, { filter, importer = /./, path }: Replacement): Cut {
  const cut = { name, hits: 0 };
  build.onResolve({ filter }, (asked) => {
    if (!importer.test(asked.importer)) return undefined;
    cut.hits++;
    return { path };
  });
  return cut;
}

interface Rewriting {
  readonly filter: RegExp;
  readonly loader: 'js' | 'json';
  readonly rewrite: (text: string) => string;
}

/** The media types that Express's answers of this app can have. */
const MEDIA_TYPES = new Set(['application/json', 'application/octet-stream', 'text/html', 'text/plain']);

/** Modules that are taken with less in them. */
const REWRITTEN: Readonly<Record<string, Rewriting>> = {
  // As an ES module it runs where it is imported: before the classes that it decorates.
  'reflect-metadata': {
    filter: /reflect-metadata\/Reflect\.js$/,
    loader: 'js',
    rewrite: (text) => `${text}\nexport {};`,
  },
  // JSON is UTF-8 (RFC 8259, 8.1); a body in another encoding is answered 415. The tables of the others are half a megabyte.
  'iconv-lite': {
    filter: /iconv-lite\/encodings\/index\.js$/,
    loader: 'js',
    rewrite: () => `Object.assign(exports, require('./internal'));`,
  },
  'mime-db': {
    filter: /mime-db\/db\.json$/,
    loader: 'json',
    rewrite: (text) => {
      const types = Object.entries(JSON.parse(text) as Record<string, unknown>);
      return JSON.stringify(Object.fromEntries(types.filter(([type]) => MEDIA_TYPES.has(type))));
    },
  },
  // Nobody asks for the disk's use, and the module brings Node's line editor along.
  'disk usage in terminus': {
    filter: /terminus\/dist\/health-indicator\/disk\/disk-usage-lib\.provider\.js$/,
    loader: 'js',
    rewrite: (text) =>
      replaceOnce(
        text,
        "import { statfs } from 'node:fs/promises';",
        "const statfs = async (path) => (await import('node:fs/promises')).statfs(path);",
      ),
  },
  // Only to ask for it makes Node load its own fetch, which the app never uses.
  'the global FormData in axios': {
    filter: /axios\/lib\/utils\.js$/,
    loader: 'js',
    rewrite: (text) => replaceOnce(text, "typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined'),
  },
};

function replaceOnce(text: string, part: string, by: string): string {
  if (text.split(part).length !== 2) throw new Error(`There is not exactly one "${part}".`);
  return text.replace(part, by);
}

function rewriteModule(build: PluginBuild, name: string, { filter, loader, rewrite }: Rewriting): Cut {
  const cut = { name, hits: 0 };
  build.onLoad({ filter }, ({ path }: OnLoadArgs) => {
    cut.hits++;
    return { contents: rewrite(readFileSync(path, 'utf8')), loader };
  });
  return cut;
}

const OF_NEST = /node_modules\/@nestjs\//;
const RESOLVED = Symbol('resolved by esbuild itself');

/** Nest's packages do not say that a module that nobody asks for may be dropped: file uploads, the REPL, WebSockets. */
function dropUnusedOfNest(build: PluginBuild): Cut {
  const cut = { name: 'unused modules of Nest', hits: 0 };
  build.onResolve({ filter: /^(\.|@nestjs\/)/ }, async (asked: OnResolveArgs) => {
    if (asked.pluginData === RESOLVED || asked.kind === 'dynamic-import') return undefined;
    if (!asked.path.startsWith('@nestjs/') && !OF_NEST.test(asked.importer)) return undefined;
    const { importer, namespace, resolveDir, kind, path } = asked;
    const found = await build.resolve(path, { importer, namespace, resolveDir, kind, pluginData: RESOLVED });
    if (found.errors.length > 0 || found.external) return undefined;
    cut.hits++;
    return { path: found.path, sideEffects: false };
  });
  return cut;
}

/** What Nest imports only once something of it is used, which the app does not: the whole of class-validator, WebSockets. */
function leaveOutLazyImportsOfNest(build: PluginBuild): Cut {
  const cut = { name: 'lazy imports of Nest', hits: 0 };
  build.onResolve({ filter: /^[^.]/ }, ({ kind, importer, path }: OnResolveArgs) => {
    if (kind !== 'dynamic-import' || !OF_NEST.test(importer)) return undefined;
    cut.hits++;
    return { path, external: true };
  });
  return cut;
}

/**
 * Required, not imported, and asked only for what is used: of a module of its own that is imported Node reads all that it
 * exports, and for much of that it loads more modules: its fetch for http, workers for util, a line editor for fs.
 */
function requireModulesOfNode(build: PluginBuild): Cut {
  const cut = { name: 'imports of modules of Node', hits: 0 };
  build.onResolve({ filter: /./ }, ({ kind, path }: OnResolveArgs) => {
    if (kind !== 'import-statement' || !isBuiltin(path)) return undefined;
    cut.hits++;
    return { path: path.replace(/^node:/, ''), namespace: 'required' };
  });
  build.onLoad({ filter: /./, namespace: 'required' }, ({ path }: OnLoadArgs) => {
    const names = Object.keys(process.getBuiltinModule(`node:${path}`) ?? {}).filter((name) => /^\w+$/.test(name));
    // What is marked as pure and not used is left out.
    const exported = names.map((name) => `export const ${name} = /* @__PURE__ */ (() => all.${name})();`);
    return { contents: [`const all = require('node:${path}');`, 'export default all;', ...exported].join('\n') };
  });
  return cut;
}
