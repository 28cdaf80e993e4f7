import type { Names } from '../queue/operator/operator-queue.js';
import { RECORD_KIND_NAMES } from '../records/record-kinds.js';
import { recordKey } from '../records/record-key.js';

const NUMBER = /^#(\d{1,15})$/;
const KEY = /^[ps]-[a-z]{3}-[\w-]+$/;
const ROOT = /^[A-Za-z]+:/;
const LOCATOR = /^[A-Za-z0-9_-]{1,64}$/;
/** What a root may be called after: the policy, or what an event named when its policy was not known yet. */
const ROOT_KINDS = [
  'policy',
  'policyholder',
  'event',
  'quote',
  'invoice',
  'payment',
  'claim',
  'subClaim',
  'payable',
  'endorsement',
  'renewal',
  'cancellation',
  'reinstatement',
  'premiumReport',
  'gracePeriod',
];

/** Events by their ids, or by their numbers: `#17`. */
export function namesIn(names: readonly string[]): Pick<Names, 'sequences' | 'eventIds'> {
  return {
    sequences: names.flatMap((name) => {
      const number = NUMBER.exec(name)?.[1];
      return number === undefined ? [] : [Number(number)];
    }),
    eventIds: names.filter((name) => !NUMBER.test(name)),
  };
}

/** Everything that an operator may mean by what stands in a log line or in the CRM. */
export function meaningsOf(name: string): Names {
  const own = namesIn([name]);
  if (own.sequences.length > 0) return { ...own, keys: [], roots: [] };
  if (ROOT.test(name)) return { ...own, keys: keysOf(locatorIn(name)), roots: [name] };
  if (KEY.test(name)) {
    const locator = name.slice('p-xxx-'.length);
    return { ...own, keys: [name], roots: rootsOf(locator), ...mentionOf(locator) };
  }
  return { ...own, keys: keysOf(name), roots: rootsOf(name), ...mentionOf(name) };
}

/** The records under which a root itself stands in a target. */
export function keysOfRoot(root: string): readonly string[] {
  return keysOf(locatorIn(root));
}

function keysOf(locator: string): readonly string[] {
  if (locator === '') return [];
  return RECORD_KIND_NAMES.flatMap((kind) => [
    recordKey('production', kind, locator),
    recordKey('sandbox', kind, locator),
  ]);
}

function rootsOf(locator: string): readonly string[] {
  return ROOT_KINDS.map((kind) => `${kind}:${locator}`);
}

function mentionOf(locator: string): Pick<Names, 'mention'> {
  return LOCATOR.test(locator) ? { mention: locator } : {};
}

function locatorIn(root: string): string {
  return root.slice(root.indexOf(':') + 1);
}
