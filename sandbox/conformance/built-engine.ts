import type { Engine } from './engine.ts';

/** The members of the built app that the suite uses; the tests hand in the sources, whose types the compiler compares. */
interface BuiltModules {
  readonly CONNECTORS: Engine['connectors'];
  readonly AddressGuard: new (hosts: readonly string[]) => object;
  readonly OutboundHttp: new (guard: object, userAgent: string) => { close(): Promise<void> };
  readonly TargetFactory: new (outbound: object) => ReturnType<Engine['openProcess']>['targets'];
  readonly deliverRecords: Engine['deliverRecords'];
  readonly guardedFor: (connector: object, target: object) => object;
  readonly lookAt: (records: readonly object[], context: object) => Promise<readonly BuiltPreview[]>;
  readonly differenceOf: (held: object) => readonly { readonly field: string; readonly differs: boolean }[];
}

interface BuiltPreview {
  readonly record: { readonly key: string };
  readonly found: {
    readonly kind: string;
    readonly records?: readonly { readonly held?: object }[];
    readonly failure?: { readonly code: string };
  };
}

/** The engine of the app as `npm run build` has left it. */
export async function loadBuiltEngine(): Promise<Engine> {
  const paths = [
    'connectors/connectors.js',
    'http/address-guard.js',
    'http/outbound-http.js',
    'sync/target-factory.js',
    'sync/deliver-records.js',
    'sync/preview.js',
    'console/difference.js',
  ];
  const modules = await Promise.all(paths.map((path) => importBuilt(path)));
  // Safe: these are the modules that `test/conformance/engine.ts` imports by the same names, compiled.
  const built = Object.assign({}, ...modules) as BuiltModules;
  return {
    connectors: built.CONNECTORS,
    openProcess: (hosts) => {
      const outbound = new built.OutboundHttp(new built.AddressGuard(hosts), 'socotra-sync/conformance');
      return { targets: new built.TargetFactory(outbound), close: () => outbound.close() };
    },
    deliverRecords: (records, context) => built.deliverRecords(records, context),
    lookAt: async (records, { target, ...context }) => {
      const guarded = built.guardedFor(context.connector, target);
      const views = await built.lookAt(records, { ...context, guarded });
      return views.map(({ record: { key }, found: { kind, records: held, failure } }) => ({
        key,
        ...(held && {
          places: held.map((one) => ({
            isThere: one.held !== undefined,
            differing: built.differenceOf(one).flatMap(({ field, differs }) => (differs ? [field] : [])),
          })),
        }),
        ...(held === undefined && kind !== 'not_asked' && { problem: failure?.code ?? kind }),
      }));
    },
  };
}

async function importBuilt(path: string): Promise<object> {
  const module: unknown = await import(new URL(`../../build/${path}`, import.meta.url).href);
  if (typeof module !== 'object' || module === null) throw new Error(`build/${path} is no module.`);
  return module;
}
