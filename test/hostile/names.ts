/** A name that looks like anybody's, and the addresses that a name server gives for it. */
export type HostileName = readonly [what: string, name: string, answers: readonly string[]];

const PUBLIC = '8.8.8.8';
const PUBLIC_6 = '2606:4700::1111';

/** Names whose only answer leads inside. */
const INWARD: readonly HostileName[] = [
  ['the own machine', 'localhost', ['127.0.0.1']],
  ['the own machine, both families', 'localhost', ['::1', '127.0.0.1']],
  ['the own machine, with a dot', 'localhost.', ['127.0.0.1']],
  ['the own machine, in capitals', 'LOCALHOST', ['127.0.0.1']],
  ['a name below localhost', 'crm.localhost', ['127.0.0.1']],
  ['a public name for loopback', 'localtest.me', ['127.0.0.1']],
  ['an address within a name', '127.0.0.1.nip.example', ['127.0.0.1']],
  ['an address within a name, with dashes', '169-254-169-254.sslip.example', ['169.254.169.254']],
  ['a name in other letters', 'bücher.example', ['10.0.0.1']],
  ['a name in Cyrillic letters that looks Latin', 'сrm.example', ['10.0.0.1']],
  ['a percent-encoded name', '%6c%6fcalhost', ['127.0.0.1']],
  ['a name in wide letters', 'ｌｏｃａｌｈｏｓｔ', ['127.0.0.1']],
  ["Google's metadata", 'metadata.google.internal', ['169.254.169.254']],
  ["Google's metadata, short", 'metadata', ['169.254.169.254']],
  ["Google's metadata over IPv6", 'metadata.google.internal', ['fd20:ce::254']],
  ["AWS's metadata", 'instance-data.ec2.internal', ['169.254.169.254']],
  ["AWS's metadata over IPv6", 'instance-data.ec2.internal', ['fd00:ec2::254']],
  ["Azure's platform", 'azure-platform.example', ['168.63.129.16']],
  ["Alibaba's metadata", 'metadata.aliyun.example', ['100.100.100.200']],
  ["Tencent's metadata", 'metadata.tencentyun.com', ['169.254.0.23']],
  ["Oracle's metadata", 'metadata.oraclecloud.example', ['192.0.0.192']],
  ["Kubernetes' API", 'kubernetes.default.svc', ['10.96.0.1']],
  ["Kubernetes' API, whole", 'kubernetes.default.svc.cluster.local', ['10.96.0.1']],
  ["Docker's host", 'host.docker.internal', ['192.168.65.254']],
  ['a neighbour in the container network', 'core', ['172.18.0.2']],
  ['a corporate name', 'erp.corp.internal', ['10.20.30.40']],
  ['carrier NAT', 'tailnet.example', ['100.101.102.103']],
  ['benchmarking', 'bench.example', ['198.18.0.1']],
  ['this network', 'zero.example', ['0.0.0.0']],
  ['multicast', 'many.example', ['224.0.0.251']],
  ['broadcast', 'all.example', ['255.255.255.255']],
  ['unspecified IPv6', 'none.example', ['::']],
  ['an IPv4-mapped answer', 'mapped.example', ['::ffff:127.0.0.1']],
  ['an IPv4-mapped answer in hexadecimal', 'mapped.example', ['::ffff:a9fe:a9fe']],
  ['an IPv4-compatible answer', 'compatible.example', ['::127.0.0.1']],
  ['a NAT64 answer', 'nat64.example', ['64:ff9b::a9fe:a9fe']],
  ['a local NAT64 answer', 'nat64.example', ['64:ff9b:1::a00:1']],
  ['a 6to4 answer', 'sixtofour.example', ['2002:7f00:1::']],
  ['a Teredo answer', 'teredo.example', ['2001:0:7f00:1::']],
  ['a unique local answer', 'ula.example', ['fd12:3456::1']],
  ['a link-local answer', 'link.example', ['fe80::1']],
  ['a link-local answer with its zone', 'link.example', ['fe80::1%eth0']],
  ['a site-local answer', 'site.example', ['fec0::1']],
  ['multicast IPv6', 'many.example', ['ff02::1']],
];

/** Answers that hide the inward address behind a good one, and answers that are none. */
const MIXED: readonly HostileName[] = [
  ['public first', 'mixed.example', [PUBLIC, '127.0.0.1']],
  ['private first', 'mixed.example', ['10.0.0.1', PUBLIC]],
  ['public IPv4 and loopback IPv6', 'mixed.example', [PUBLIC, '::1']],
  ['public IPv6 and loopback IPv4', 'mixed.example', [PUBLIC_6, '127.0.0.1']],
  ['the last of many', 'mixed.example', [...Array.from({ length: 63 }, (_, n) => `8.8.4.${n + 1}`), '169.254.169.254']],
  ['a mapped one among public ones', 'mixed.example', [PUBLIC, PUBLIC_6, '::ffff:10.0.0.1']],
  ['no address but a name', 'alias.example', ['localhost']],
  ['an alias beside an address', 'alias.example', [PUBLIC, 'metadata.google.internal']],
  ['an empty answer beside an address', 'odd.example', [PUBLIC, '']],
  ['an address in octal', 'odd.example', ['0177.0.0.1']],
  ['an address in decimal', 'odd.example', ['2130706433']],
  ['a short address', 'odd.example', ['127.1']],
];

export const HOSTILE_NAMES: readonly HostileName[] = [...INWARD, ...MIXED];
