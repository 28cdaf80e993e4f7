import { objectsOf, type JsonObject } from '../../../sandbox/http/json.ts';
import { fixtureJson, policyOf, Template } from '../template.ts';

/** From this policy on they are large: as many vehicles as make the answer of Core 500 kB. */
export const FIRST_LARGE_POLICY = 900_000_000_000;
const LARGE_BYTES = 500_000;

const POLICY = fixtureJson('core/policy.issued.json');
const [INVOICE = {}] = objectsOf(POLICY.invoices);
const [PAYMENT = {}] = objectsOf(INVOICE.payments);

const policy = Template.of(POLICY);
const largePolicy = Template.of(enlarged(POLICY));

/** What Core answers to a read, by the path around the locator; what is not here is not found. */
const ANSWERS: readonly (readonly [before: string, after: string, Template | ((number: number) => string)])[] = [
  ['/policy/', '/gracePeriods', Template.of([])],
  ['/policy/', '/claims', Template.of([])],
  ['/policies/', '/quotes', Template.of([fixtureJson('core/quote.quoted.json')])],
  ['/policy/', '', (number) => (number >= FIRST_LARGE_POLICY ? largePolicy : policy).of(number)],
  ['/policyholder/', '/invoices', Template.of([INVOICE])],
  ['/policyholder/', '', Template.of(fixtureJson('core/policyholder.json'))],
  ['/quotes/', '', Template.of(fixtureJson('core/quote.quoted.json'))],
  ['/payments/', '', Template.of(PAYMENT)],
];

/** Nothing has happened that did not ring. */
const EMPTY_STREAM = '{"events":[],"pagingToken":"bench"}';
/** Where the app writes how far it has read the stream. */
const AUX_DATA = '/auxData/socotra-sync';

/** The body for a path of Core, made of prepared text: Core must cost next to nothing here. */
export function coreAnswer(path: string): string | undefined {
  if (path.startsWith('/eventstream/')) return EMPTY_STREAM;
  if (path === AUX_DATA) return '{}';
  for (const [before, after, answer] of ANSWERS) {
    if (!path.startsWith(before) || !path.endsWith(after)) continue;
    const locator = path.slice(before.length, path.length - after.length);
    if (locator.includes('/')) continue;
    const number = policyOf(locator);
    return typeof answer === 'function' ? answer(number) : answer.of(number);
  }
  return undefined;
}

function enlarged(small: JsonObject): JsonObject {
  const exposures = objectsOf(small.exposures);
  const missing = LARGE_BYTES - JSON.stringify(small).length;
  const copies = Math.ceil(missing / JSON.stringify(exposures).length);
  return { ...small, exposures: Array.from({ length: copies + 1 }, () => exposures).flat() };
}
