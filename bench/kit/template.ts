import { readFileSync } from 'node:fs';
import { objectOf, parseJson, type JsonObject, type JsonValue } from '../../sandbox/http/json.ts';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);
const UUID = /([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-)[0-9a-f]{12}/g;
/** Numbers of the story's policy (100004200) and of what belongs to it (its quotes 100004210, 100004212, …). */
const STORY_NUMBER = /1000042(\d\d)/g;
const DIGITS = 12;
const HOLE = '\u0000';

/**
 * A fixture in which every locator belongs to one numbered policy: policy 7 has other quotes, bills and another
 * policyholder than policy 8, as in life, and one is made from the other's text without parsing any JSON.
 */
export class Template {
  readonly #parts: readonly string[];

  private constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  static of(json: JsonValue): Template {
    const text = JSON.stringify(json);
    return new Template(text.replaceAll(UUID, `$1${HOLE}`).replaceAll(STORY_NUMBER, `${HOLE}$1`).split(HOLE));
  }

  /** The text for the policy of this number. */
  of(policy: number): string {
    return this.#parts.join(digits(policy));
  }
}

/** @param path below `test/fixtures` */
export function fixtureJson(path: string): JsonObject {
  return objectOf(parseJson(readFileSync(new URL(path, FIXTURES), 'utf8')));
}

/** The number of a policy as it stands in every locator that belongs to it. */
export function digits(policy: number): string {
  return String(policy).padStart(DIGITS, '0');
}

/** The number of the policy that a locator belongs to: `…-000000000007` and `00000000000710` belong to policy 7. */
export function policyOf(locator: string): number {
  return Number(locator.includes('-') ? locator.slice(-DIGITS) : locator.slice(0, DIGITS));
}
