import { AddressGuard, AllowListError, type AddressRefusal } from './address-guard.js';

const closed = new AddressGuard([]);

describe('an address that a tenant typed, with nothing opened', () => {
  it.each<[string, AddressRefusal | undefined]>([
    ['https://crm.example.com/hook', undefined],
    ['https://crm.example.com:443/', undefined],
    ['https://crm.example.com:8443/', undefined],
    ['https://crm.example.com:1024/', undefined],
    ['https://8.8.8.8/', undefined],
    ['https://[2606:4700::1111]/', undefined],
    ['https://bücher.example/', undefined],
    ['HTTPS://CRM.EXAMPLE.COM', undefined],
    ['', 'not_a_url'],
    ['crm.example.com', 'not_a_url'],
    ['/hook', 'not_a_url'],
    ['https://', 'not_a_url'],
    ['https://host:99999/', 'not_a_url'],
    ['https://[::1', 'not_a_url'],
    ['https://[fe80::1%25eth0]/', 'not_a_url'],
    ['http://crm.example.com/', 'scheme_refused'],
    ['http://127.0.0.1/', 'scheme_refused'],
    ['ftp://crm.example.com/', 'scheme_refused'],
    ['file:///etc/passwd', 'scheme_refused'],
    ['gopher://127.0.0.1:6379/_x', 'scheme_refused'],
    ['data:text/plain,x', 'scheme_refused'],
    ['javascript:alert(1)', 'scheme_refused'],
    ['https://user@crm.example.com/', 'credentials_in_url'],
    ['https://user:word@crm.example.com/', 'credentials_in_url'],
    ['https://:word@crm.example.com/', 'credentials_in_url'],
    ['https://crm.example.com@127.0.0.1/', 'credentials_in_url'],
    ['https://127.0.0.1%2f@crm.example.com/', 'credentials_in_url'],
    ['https://crm.example.com:22/', 'port_refused'],
    ['https://crm.example.com:25/', 'port_refused'],
    ['https://crm.example.com:80/', 'port_refused'],
    ['https://crm.example.com:1023/', 'port_refused'],
    ['https://crm.example.com:0/', 'port_refused'],
    ['https://127.0.0.1/', 'private_address_refused'],
    ['https://127.0.0.1:8443/', 'private_address_refused'],
    ['https://127.0.0.1./', 'private_address_refused'],
    ['https://127.255.255.254/', 'private_address_refused'],
    ['https://127.1/', 'private_address_refused'],
    ['https://2130706433/', 'private_address_refused'],
    ['https://0177.0.0.1/', 'private_address_refused'],
    ['https://0x7f000001/', 'private_address_refused'],
    ['https://0x7f.1/', 'private_address_refused'],
    ['https://%31%32%37.0.0.1/', 'private_address_refused'],
    ['https://①②⑦.0.0.1/', 'private_address_refused'],
    ['https:127.0.0.1', 'private_address_refused'],
    ['https:///127.0.0.1', 'private_address_refused'],
    ['https:\\\\127.0.0.1\\x', 'private_address_refused'],
    ['https://0/', 'private_address_refused'],
    ['https://0.0.0.0/', 'private_address_refused'],
    ['https://10.0.0.1/', 'private_address_refused'],
    ['https://172.16.0.1/', 'private_address_refused'],
    ['https://172.31.255.255/', 'private_address_refused'],
    ['https://172.32.0.1/', undefined],
    ['https://192.168.1.1/', 'private_address_refused'],
    ['https://100.64.0.1/', 'private_address_refused'],
    ['https://100.100.100.200/', 'private_address_refused'],
    ['https://169.254.169.254/latest/meta-data/', 'private_address_refused'],
    ['https://2852039166/', 'private_address_refused'],
    ['https://192.0.0.192/', 'private_address_refused'],
    ['https://192.0.2.1/', 'private_address_refused'],
    ['https://198.18.0.1/', 'private_address_refused'],
    ['https://203.0.113.1/', 'private_address_refused'],
    ['https://224.0.0.1/', 'private_address_refused'],
    ['https://240.0.0.1/', 'private_address_refused'],
    ['https://255.255.255.255/', 'private_address_refused'],
    ['https://[::]/', 'private_address_refused'],
    ['https://[::1]/', 'private_address_refused'],
    ['https://[0:0:0:0:0:0:0:1]/', 'private_address_refused'],
    ['https://[::ffff:127.0.0.1]/', 'private_address_refused'],
    ['https://[::ffff:a9fe:a9fe]/', 'private_address_refused'],
    ['https://[::127.0.0.1]/', 'private_address_refused'],
    ['https://[::7f00:1]/', 'private_address_refused'],
    ['https://[4000::1]/', 'private_address_refused'],
    ['https://[64:ff9b::7f00:1]/', 'private_address_refused'],
    ['https://[64:ff9b:1::a00:1]/', 'private_address_refused'],
    ['https://[2002:7f00:1::]/', 'private_address_refused'],
    ['https://[2001:0:7f00:1::]/', 'private_address_refused'],
    ['https://[2001:db8::1]/', 'private_address_refused'],
    ['https://[100::1]/', 'private_address_refused'],
    ['https://[fc00::1]/', 'private_address_refused'],
    ['https://[fd00:ec2::254]/', 'private_address_refused'],
    ['https://[fe80::1]/', 'private_address_refused'],
    ['https://[fec0::1]/', 'private_address_refused'],
    ['https://[ff02::1]/', 'private_address_refused'],
  ])('%s: %s', (url, expected) => {
    expect(closed.checkUrl(url)).toBe(expected);
  });
});

describe('an address a name resolved to, with nothing opened', () => {
  it.each([
    ['8.8.8.8', true],
    ['2606:4700::1111', true],
    ['::ffff:8.8.8.8', true],
    ['127.0.0.1', false],
    ['::1', false],
    ['::ffff:10.0.0.1', false],
    ['169.254.169.254', false],
    ['64:ff9b::a9fe:a9fe', false],
    ['fe80::1%eth0', false],
    ['', false],
    ['crm.example.com', false],
  ])('%s: %s', (address, allowed) => {
    expect(closed.isAddressAllowed(address)).toBe(allowed);
  });
});

describe('what the operator opened', () => {
  const guard = new AddressGuard([
    'CRM.internal:8080',
    '127.0.0.1:9000',
    '[0:0:0:0:0:0:0:1]:9001',
    '10.1.0.0/16',
    'fd00::/8',
  ]);

  it.each<[string, AddressRefusal | undefined]>([
    ['http://crm.internal:8080/x', undefined],
    ['http://CRM.Internal:8080/x', undefined],
    ['https://crm.internal:8080/x', undefined],
    ['http://crm.internal:8081/', 'scheme_refused'],
    ['http://sub.crm.internal:8080/', 'scheme_refused'],
    ['http://user@crm.internal:8080/', 'credentials_in_url'],
    ['http://127.0.0.1:9000/', undefined],
    ['http://2130706433:9000/', undefined],
    ['http://[::ffff:127.0.0.1]:9000/', undefined],
    ['http://127.0.0.2:9000/', 'scheme_refused'],
    ['https://127.0.0.1:9002/', 'private_address_refused'],
    ['http://localhost:9000/', 'scheme_refused'],
    ['http://[::1]:9001/', undefined],
    ['https://[::1]:9002/', 'private_address_refused'],
    ['http://10.1.2.3/', undefined],
    ['http://10.1.2.3:22/', undefined],
    ['https://10.2.0.1/', 'private_address_refused'],
    ['http://10.2.0.1/', 'scheme_refused'],
    ['ftp://10.1.2.3/', 'scheme_refused'],
    ['http://[fd12::1]:8080/', undefined],
    ['https://[fc00::1]/', 'private_address_refused'],
    ['https://169.254.169.254/', 'private_address_refused'],
    ['https://crm.example.com/', undefined],
  ])('%s: %s', (url, expected) => {
    expect(guard.checkUrl(url)).toBe(expected);
  });

  it.each([
    ['10.1.255.255', true],
    ['::ffff:10.1.0.1', true],
    ['10.2.0.0', false],
    ['fdff::1', true],
    ['127.0.0.1', false],
  ])('a name that resolves to %s: %s', (address, allowed) => {
    expect(guard.isAddressAllowed(address)).toBe(allowed);
  });

  it.each([
    ['crm.internal', 8080, true],
    ['CRM.INTERNAL', 8080, true],
    ['crm.internal', 443, false],
    ['::1', 9001, true],
    ['[::1]', 9001, true],
    ['10.1.2.3', 443, false],
  ])('%s:%i is opened by name: %s', (host, port, opened) => {
    expect(guard.isOpenedByOperator(host, port)).toBe(opened);
  });
});

it.each([
  'crm.internal',
  'http://crm.internal:80',
  'crm.internal:http',
  'crm.internal:0',
  'crm.internal:65536',
  'crm.internal:123456',
  'crm internal:80',
  '*:80',
  ':80',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '::1:80',
  '10.1/16',
  '010.0.0.0/8',
  '0x7f.0.0.0/8',
  '::ffff:10.0.0.0/104',
  'https://user:hunter2@crm.internal:443',
])('refuses the entry %s, names the variable and repeats nothing of it', (entry) => {
  const open = () => new AddressGuard(['127.0.0.1:1', entry]);
  expect(open).toThrow(AllowListError);
  expect(open).toThrow(/^ALLOW_PRIVATE_TARGETS: entry 2 is neither host:port nor a CIDR range\.$/);
});
