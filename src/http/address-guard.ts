import ipaddr from 'ipaddr.js';
import { RecentlyUsed } from '../recently-used.js';

/** Why an address that a tenant or a target named is not contacted. */
export type AddressRefusal =
  'not_a_url' | 'scheme_refused' | 'credentials_in_url' | 'port_refused' | 'private_address_refused';

/** An entry of `ALLOW_PRIVATE_TARGETS` that cannot be understood. */
export class AllowListError extends Error {
  readonly code = 'invalid_configuration';
}

const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/;
/** Web ports a tenant's address may use besides the unprivileged ones. */
const LOWEST_UNPRIVILEGED_PORT = 1024;
const ORIGINS_REMEMBERED = 1_000;

/**
 * Decides which addresses may be contacted. Tenants type addresses into a form and the app's own network must not be
 * reachable through them: https only, public unicast addresses only. `ALLOW_PRIVATE_TARGETS` opens exactly what it
 * names: a `host:port`, or every address of a CIDR range.
 */
export class AddressGuard {
  private readonly allowedHosts: ReadonlySet<string>;
  private readonly allowedRanges: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  /** Each event asks several times for the same few origins. */
  private readonly decided = new RecentlyUsed<AddressRefusal | 'allowed'>(ORIGINS_REMEMBERED);

  /** @throws {AllowListError} numbering the first entry that is neither `host:port` nor CIDR; it may hold a password. */
  constructor(allowPrivateTargets: readonly string[]) {
    const hosts = new Set<string>();
    const ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
    for (const [index, entry] of allowPrivateTargets.entries()) {
      const [, host, port] = HOST_AND_PORT.exec(entry) ?? [];
      if (isRange(entry)) ranges.push(ipaddr.parseCIDR(entry));
      else if (host !== undefined && isPort(Number(port))) hosts.add(hostAndPort(host, Number(port)));
      else throw new AllowListError(`ALLOW_PRIVATE_TARGETS: entry ${index + 1} is neither host:port nor a CIDR range.`);
    }
    this.allowedHosts = hosts;
    this.allowedRanges = ranges;
  }

  /** Whether exactly this host and port was opened by the operator. */
  isOpenedByOperator(hostname: string, port: number): boolean {
    return this.allowedHosts.has(hostAndPort(hostname, port));
  }

  /** Checks what can be told from the text alone; a name is checked again when it is resolved. */
  checkUrl(text: string): AddressRefusal | undefined {
    const url = URL.parse(text);
    if (url === null) return 'not_a_url';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'scheme_refused';
    if (url.username !== '' || url.password !== '') return 'credentials_in_url';
    const known = this.decided.get(url.origin);
    if (known !== undefined) return known === 'allowed' ? undefined : known;
    const refusal = this.checkOrigin(url);
    this.decided.set(url.origin, refusal ?? 'allowed');
    return refusal;
  }

  private checkOrigin(url: URL): AddressRefusal | undefined {
    const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
    if (this.isOpenedByOperator(url.hostname, port)) return undefined;
    const literal = parseIp(withoutBrackets(url.hostname));
    if (literal && this.isInAllowedRange(literal)) return undefined;
    if (url.protocol !== 'https:') return 'scheme_refused';
    if (port !== 443 && port < LOWEST_UNPRIVILEGED_PORT) return 'port_refused';
    if (literal && !isPublic(literal)) return 'private_address_refused';
    return undefined;
  }

  /** Whether a resolved address may be connected to. */
  isAddressAllowed(address: string): boolean {
    const parsed = parseIp(address);
    return parsed !== undefined && (isPublic(parsed) || this.isInAllowedRange(parsed));
  }

  private isInAllowedRange(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
    return this.allowedRanges.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
  }
}

/** One spelling per host, because URLs, sockets and operators write IPv6 differently. */
function hostAndPort(host: string, port: number): string {
  const bare = withoutBrackets(host).toLowerCase();
  return `${parseIp(bare)?.toString() ?? bare} ${port}`;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** Whole addresses only: `10.1/16` would be read as 10.0.0.1/16, `010.0.0.0/8` as 8.0.0.0/8, and IPv4-mapped ones match nothing. */
function isRange(text: string): boolean {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) return true;
  return ipaddr.IPv6.isValidCIDR(text) && !ipaddr.IPv6.parseCIDR(text)[0].isIPv4MappedAddress();
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65_535;
}

function parseIp(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

/** All IPv6 that is handed out for the public network (RFC 4291, 2.4); what lies outside may embed a private IPv4. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public by number, but Azure answers its machines there with their metadata (learn.microsoft.com, "What is IP address 168.63.129.16?"). */
const AZURE_PLATFORM = '168.63.129.16';

/**
 * Globally routable unicast only. ipaddr.js names every special range (loopback, private, link-local, carrier NAT,
 * multicast, IPv4-mapped, NAT64, 6to4, Teredo, reserved …); `unicast` is what remains.
 */
function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 ? address.toString() !== AZURE_PLATFORM : address.match(GLOBAL_IPV6);
}
