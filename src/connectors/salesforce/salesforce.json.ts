/** A decimal on its way: written digit by digit as it is, because a float would not hold every amount. */
export interface Decimal {
  readonly decimal: string;
}

/** What a field can be set to. */
export type Value = string | boolean | null | Decimal;

export type Json = Value | readonly Json[] | { readonly [name: string]: Json };

/** JSON text; decimals become numbers exactly as they stand. */
export function jsonText(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isDecimal(value)) return value.decimal;
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${jsonText(member)}`)
    .join(',')}}`;
}

/** Number text as JSON allows it; amounts of ours always are. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** The decimal, or null to clear; undefined where the text is no plain number. */
export function decimalOf(text: string | null | undefined): Decimal | null | undefined {
  if (text === null || text === undefined) return text;
  return NUMBER.test(text) ? { decimal: text } : undefined;
}

function isDecimal(value: object): value is Decimal {
  return 'decimal' in value && typeof value.decimal === 'string' && NUMBER.test(value.decimal);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
