import type { Engine } from './engine.ts';

/** The members of the built app that the suite uses; the tests hand in the sources, whose types the compiler compares. */
interface BuiltModules {
  readonly CONNECTORS: Engine['connectors'];
  readonly AddressGuard: new (hosts: readonly string[]) => object;
  readonly OutboundHttp: new (guard: object, userAgent: string) => { close(): Promise<void> };
  readonly TargetFactory: new (outbound: object) => ReturnType<Engine['openProcess']>['targets'];
  readonly deliverRecords: Engine['deliverRecords'];
}

/** The engine of the app as `npm run build` has left it. */
export async function loadBuiltEngine(): Promise<Engine> {
  const paths = [
    'connectors/connectors.js',
    'http/address-guard.js',
    'http/outbound-http.js',
    'sync/target-factory.js',
    'sync/deliver-records.js',
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
  };
}

async function importBuilt(path: string): Promise<object> {
  const module: unknown = await import(new URL(`../../build/${path}`, import.meta.url).href);
  if (typeof module !== 'object' || module === null) throw new Error(`build/${path} is no module.`);
  return module;
}
