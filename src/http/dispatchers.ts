import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard } from './address-guard.js';
import { LookupGate, type Resolve } from './lookup-gate.js';

/** Bounds of every exchange that leaves this process. */
export interface OutboundLimits {
  readonly connectMs: number;
  /** Until the first byte of the answer, and between its parts. */
  readonly silenceMs: number;
  readonly connectionsPerOrigin: number;
}

/** Thrown inside the connection attempt; becomes `unreachable` with this code. */
export class AddressRefusedError extends Error {
  readonly code = 'private_address_refused';
}

const REFUSED = 'The name resolves to an address that is not public.';

/** Bounds of headers, time and memory are those of one exchange per connection: HTTP/2 would have others. */
const HTTP_1 = { allowH2: false } as const;

/** Connections to the platform's own State API, whose address the operator sets. */
export function trustedDispatcher(limits: OutboundLimits): Agent {
  return new Agent({ ...agentOptions(limits), connect: { ...HTTP_1, timeout: limits.connectMs } });
}

/**
 * Connections to addresses that tenants or targets name. The name is resolved once, every address it resolves to is
 * checked, and the checked address is the one that is connected to, so a second answer of a hostile name server is
 * never asked for.
 */
export function guardedDispatcher(guard: AddressGuard, limits: OutboundLimits, resolve: Resolve = lookup): Agent {
  const openedByOperator = buildConnector({ ...HTTP_1, timeout: limits.connectMs });
  const names = new LookupGate(resolve, limits.connectMs);
  const checked = buildConnector({ ...HTTP_1, timeout: limits.connectMs, lookup: guardedLookup(guard, names) });
  return new Agent({
    ...agentOptions(limits),
    connect: (options, callback) => {
      const { hostname } = options;
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      if (guard.isOpenedByOperator(hostname, port)) openedByOperator(options, callback);
      // An address instead of a name is never looked up, so it is checked here.
      else if (isIP(hostname) !== 0 && !guard.isAddressAllowed(hostname))
        callback(new AddressRefusedError(REFUSED), null);
      else checked(options, callback);
    },
  });
}

function agentOptions(limits: OutboundLimits): Agent.Options {
  return {
    connections: limits.connectionsPerOrigin,
    headersTimeout: limits.silenceMs,
    bodyTimeout: limits.silenceMs,
    keepAliveTimeout: 10_000,
    maxHeaderSize: 16_384,
  };
}

function guardedLookup(guard: AddressGuard, names: LookupGate): LookupFunction {
  return (hostname, options, callback) => {
    const check = (addresses: LookupAddress[]): void => {
      if (!addresses.every(({ address }) => guard.isAddressAllowed(address))) {
        return callback(new AddressRefusedError(REFUSED), []);
      }
      const first = addresses[0];
      if (options.all || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    };
    names.lookup(hostname, { ...options, all: true }).then(check, (error: Error) => callback(error, []));
  };
}
