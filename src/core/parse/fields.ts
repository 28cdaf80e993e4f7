import { Big } from 'big.js';
import type { DecimalString } from '../../records/canonical-record.js';
import { decimalString } from '../../records/money.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const WHOLE_NUMBER = /^-?\d{1,16}$/;
/** The other product family's way to write an instant. */
export const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
/** Bounded, because an exponent such as 1e999999 would become a million digits. */
const DECIMAL = /^[+-]?\d{1,30}(\.\d{1,20})?$/;
const MAX_DATE_MS = 8.64e15;
/** Of names, numbers and locators: each may come to stand in every record of a policy. */
const MOST_CHARACTERS = 1_000;
/** Of what becomes a record each. An insurer's largest policies have hundreds; what a record takes is many times its text. */
const MOST_RECORDS = 1_000;
const CURRENCY = /^[A-Z]{3}$/;
/** Deep enough for policy, exposure, peril, characteristics; bounded so that a hostile payload cannot exhaust the stack. */
const CURRENCY_SEARCH_DEPTH = 8;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return isJsonObject(value) ? Object.values(value) : [];
}

/** Older payloads have no `currency`, but every amount has a `…Currency` sibling; the first one found counts. */
function findCurrency(value: unknown, depth = CURRENCY_SEARCH_DEPTH): string | undefined {
  if (depth === 0) return undefined;
  if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (name.endsWith('Currency') && typeof member === 'string' && CURRENCY.test(member)) return member;
    }
  }
  for (const child of childrenOf(value)) {
    const currency = findCurrency(child, depth - 1);
    if (currency !== undefined) return currency;
  }
  return undefined;
}

/** JSON numbers are read by their shortest text, so 89.75 stays 89.75; no arithmetic happens on floats. */
function toDecimal(value: unknown): DecimalString | undefined {
  const text = typeof value === 'number' && Number.isFinite(value) ? new Big(value).toFixed() : value;
  return typeof text === 'string' && DECIMAL.test(text) ? decimalString(new Big(text)) : undefined;
}

function toMilliseconds(value: unknown): number | undefined {
  const ms = typeof value === 'string' && WHOLE_NUMBER.test(value) ? Number(value) : value;
  if (typeof ms !== 'number' || !Number.isInteger(ms) || Math.abs(ms) > MAX_DATE_MS) return undefined;
  return ms;
}

/**
 * Reads the members of one JSON object by name and notes what is not as expected, instead of stopping at it. A member
 * that is missing, `null` or `""` is absent; one of another form than Core's is a problem, because leaving it out
 * silently would write a wrong record. Problems name members, never values.
 */
export class Fields {
  readonly #members: JsonObject;
  readonly #path: string;
  readonly #problems: string[];

  constructor(members: JsonObject, problems: string[], path = '') {
    this.#members = members;
    this.#problems = problems;
    this.#path = path;
  }

  note(name: string, complaint: string): void {
    this.#problems.push(`${this.#path}${name} ${complaint}`);
  }

  /** The member as it is, or undefined when it is absent. */
  raw(name: string): unknown {
    const value = this.#members[name];
    return value === null || value === '' ? undefined : value;
  }

  /** Numbers count as text, because display ids come as both. */
  text(name: string): string | undefined {
    const value = this.words(name);
    if (value === undefined || value.length <= MOST_CHARACTERS) return value;
    this.note(name, `is longer than ${MOST_CHARACTERS} characters`);
    return undefined;
  }

  /** What people wrote, of any length. */
  words(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    this.note(name, 'is not text');
    return undefined;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (this.raw(name) === undefined) this.note(name, 'is missing');
    return value ?? '';
  }

  locator(): string {
    const value = this.raw('locator');
    if (typeof value === 'string' && value.length <= MOST_CHARACTERS) return value;
    this.note('locator', typeof value === 'string' ? 'is too long' : 'is not text');
    return '';
  }

  /** Milliseconds since the epoch, from a number or a string of digits: Core sends both. */
  timestamp(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const ms = toMilliseconds(value);
    if (ms === undefined) {
      const isIso = typeof value === 'string' && ISO_TIME.test(value);
      this.note(name, `is not a time in milliseconds${isIso ? ' but an ISO time, as Insurance Suite writes it' : ''}`);
    }
    return ms;
  }

  requiredTimestamp(name: string): number {
    const ms = this.timestamp(name);
    if (this.raw(name) === undefined) this.note(name, 'is missing');
    return ms ?? 0;
  }

  /** An exact decimal, from a number or a decimal string: REST documents numbers, plugin payloads show strings. */
  money(name: string): DecimalString | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const amount = toDecimal(value);
    if (amount === undefined) this.note(name, 'is not a decimal amount');
    return amount;
  }

  requiredMoney(name: string): DecimalString {
    const amount = this.money(name);
    if (this.raw(name) === undefined) this.note(name, 'is missing');
    return amount ?? '0.00';
  }

  wholeNumber(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const number = toMilliseconds(value);
    if (number === undefined) this.note(name, 'is not a whole number');
    return number;
  }

  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    this.note(name, 'is not true or false');
    return undefined;
  }

  /** The currency under its own name, else the first `…Currency` anywhere inside this object. */
  currency(name: string): string | undefined {
    return this.text(name) ?? findCurrency(this.#members);
  }

  object(name: string): Fields | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (isJsonObject(value)) return new Fields(value, this.#problems, `${this.#path}${name}.`);
    this.note(name, 'is not an object');
    return undefined;
  }

  /** Each object of an array; a bare object counts as an array of one, an absent member as none. */
  list<T>(name: string, read: (item: Fields) => T): readonly T[] {
    const value = this.raw(name) ?? [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.flatMap((item, index) => {
      if (isJsonObject(item)) return [read(new Fields(item, this.#problems, `${this.#path}${name}[${index}].`))];
      this.note(`${name}[${index}]`, 'is not an object');
      return [];
    });
  }

  /** As {@link list}, of what becomes a record each. */
  recordList<T>(name: string, read: (item: Fields) => T): readonly T[] {
    const value = this.raw(name);
    if (!Array.isArray(value) || value.length <= MOST_RECORDS) return this.list(name, read);
    this.note(name, `has more than ${MOST_RECORDS} entries`);
    return [];
  }
}
