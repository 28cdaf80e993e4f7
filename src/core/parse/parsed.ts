import { withoutUndefined } from '../../without-undefined.js';
import { Fields, ISO_TIME, isJsonObject, type JsonObject } from './fields.js';

/** `problem` is a sentence that names members of the payload and never their values, so it may be logged. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const ULID = /^(?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Socotra's other product family answers some of the same paths with ULIDs and ISO times (`createdAt`, `startTime`).
 * Read as Core's, such an answer would be a record full of gaps.
 */
function isInsuranceSuite(json: JsonObject): boolean {
  if (typeof json.locator === 'string' && ULID.test(json.locator)) return true;
  const hasCoreTime = Object.keys(json).some((name) => name.endsWith('Timestamp'));
  return !hasCoreTime && Object.values(json).some((value) => typeof value === 'string' && ISO_TIME.test(value));
}

/** Parses one JSON object. `what` names it in the problem. */
export function parseObject<T>(json: unknown, what: string, read: (fields: Fields) => T): Parsed<T> {
  if (!isJsonObject(json)) return { ok: false, problem: `${what}: the answer is not a JSON object.` };
  if (isInsuranceSuite(json)) {
    return { ok: false, problem: `${what}: the answer has the shape of Insurance Suite, not of Socotra Core.` };
  }
  const problems: string[] = [];
  const value = read(new Fields(json, problems));
  const [problem] = problems;
  return problem === undefined ? { ok: true, value } : { ok: false, problem: `${what}: ${problem}.` };
}

/** Parses a list of JSON objects; a bare object counts as a list of one. */
export function parseList<T>(json: unknown, what: string, read: (fields: Fields) => T): Parsed<readonly T[]> {
  const value: T[] = [];
  for (const item of Array.isArray(json) ? json : [json]) {
    const parsed = parseObject(item, what, read);
    if (!parsed.ok) return parsed;
    value.push(parsed.value);
  }
  return { ok: true, value };
}

/** `T` whose members that may be undefined have become optional ones. */
export type Compact<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/**
 * Leaves out the members whose value is undefined, so that absent means absent.
 * The cast is safe: the type differs from the argument's only by the members that the filter removes.
 */
export function compact<T extends object>(value: T): Compact<T> {
  return withoutUndefined(value) as Compact<T>;
}
