import type { ServerResponse } from 'node:http';
import type { Canaries, CanaryForm } from './canaries.ts';
import { fixture } from './fixtures.ts';
import { closeServer, listen } from './running-app.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Members whose strings are the tenant's people and things; the rest of an entity is Core's own bookkeeping. */
const PERSONAL = /^(values|fieldValues|fieldGroupsByLocator|subEntitiesByLocator)$/;
const FORMS: Readonly<Record<string, CanaryForm>> = {
  email: 'email',
  phone: 'phone',
  date_of_birth: 'date',
  first_name: 'name',
  last_name: 'name',
  driver_firstname: 'name',
  driver_lastname: 'name',
};
/** Values that must stay what they are: locators of groups, which lead from one member to another. */
const LOCATOR = /^[0-9a-f]{8}-/;

const PATHS: readonly (readonly [RegExp, string])[] = [
  [/^\/policy\/[^/]+$/, 'policy.issued'],
  [/^\/policyholder\/[^/]+$/, 'policyholder'],
  [/^\/policyholder\/[^/]+\/invoices$/, 'policyholder-invoices'],
  [/^\/claim\/[^/]+$/, 'claim'],
  [/^\/payments\/[^/]+$/, 'payment'],
  [/^\/quotes\/[^/]+$/, 'quote.quoted'],
];

/** How Core fails when asked for a locator that begins so; the answers carry canaries as well. */
const FAILURES: Readonly<Record<string, (response: ServerResponse, said: string) => void>> = {
  refused: (response, said) => response.writeHead(400, { 'x-said': said }).end(JSON.stringify({ message: said })),
  broken: (response, said) => response.writeHead(500, said).end(`<html>${said}</html>`),
  page: (response, said) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${said}</html>`),
  half: (response, said) => response.end(`{"locator":"${said}`),
  odd: (response, said) => response.end(JSON.stringify({ locator: [said], entity: said, values: { [said]: said } })),
  late: (response, said) =>
    response.end(JSON.stringify({ locator: 'late', createdTimestamp: said, entity: { values: said } })),
  forbidden: (response, said) => response.writeHead(403).end(JSON.stringify({ error: said })),
  gone: (response, said) => response.writeHead(404).end(JSON.stringify({ error: said })),
  cut: (response, said) => {
    response.writeHead(200, { 'content-length': '9999' }).write(said);
    setTimeout(() => response.destroy(), 20);
  },
};

/** Core as one tenant sees it: every person in it is a canary, and so is every word of its failures. */
export async function startCanaryCore(canaries: Canaries, tenant: string) {
  let refusesToken = false;
  const known = new Map<string, string>();
  const { server, url } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://core');
    if (refusesToken) {
      const said = canaries.mint(`${tenant}: Core's refusal of the token`);
      canaries.reach(said);
      return void response.writeHead(401, { 'www-authenticate': `Bearer error="${said}"` }).end(said);
    }
    const locator = pathname.split('/')[2] ?? '';
    const [kind, fail] = Object.entries(FAILURES).find(([name]) => locator.startsWith(name)) ?? [];
    if (fail) {
      const said = canaries.mint(`${tenant}: Core's answer ${kind}`);
      canaries.reach(said);
      return fail(response, said);
    }
    const [, file] = PATHS.find(([path]) => path.test(pathname)) ?? [];
    if (file === undefined) return void response.writeHead(404).end('{}');
    // Each policyholder is somebody else; what belongs to all of them is the same.
    const name = file === 'policyholder' ? pathname : file;
    const body = known.get(name) ?? JSON.stringify(personal(fixture(`core/${file}.json`) as Json, file, locator));
    known.set(name, body);
    canaries.reach(body);
    return void response.end(body);
  });

  /** The entity with canaries for people, under the locator that was asked for. */
  function personal(entity: Json, file: string, locator: string): Json {
    const marked = withCanaries(entity, (name) => canaries.mint(`${tenant}: ${file} ${name}`, FORMS[name]));
    return file === 'policyholder' && isObject(marked) ? { ...marked, locator } : marked;
  }

  return {
    url,
    refuseToken: (refuses: boolean) => void (refusesToken = refuses),
    failures: Object.keys(FAILURES),
    close: () => closeServer(server),
  };
}

function withCanaries(json: Json, mint: (name: string) => string, name = '', isPersonal = false): Json {
  if (typeof json === 'string') return isPersonal && !LOCATOR.test(json) ? mint(name) : json;
  if (isList(json)) return json.map((member) => withCanaries(member, mint, name, isPersonal));
  if (!isObject(json)) return json;
  const members = Object.entries(json).map(([member, value]): [string, Json] => [
    member,
    withCanaries(value, mint, member, isPersonal || PERSONAL.test(member)),
  ]);
  return Object.fromEntries(members);
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function isObject(json: Json): json is { readonly [name: string]: Json } {
  return typeof json === 'object' && json !== null && !isList(json);
}
