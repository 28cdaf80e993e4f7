import { Big } from 'big.js';
import type { DecimalString } from './canonical-record.js';

const MIN_DECIMALS = 2;

/** Writes an exact decimal the way every amount of ours is written: no exponent, at least two decimals. */
export function decimalString(value: Big): DecimalString {
  const exact = value.toFixed();
  const decimals = exact.split('.')[1]?.length ?? 0;
  return decimals >= MIN_DECIMALS ? exact : new Big(exact).toFixed(MIN_DECIMALS);
}

/** Exact sum; nothing to sum is `0.00`. */
export function sum(amounts: readonly DecimalString[]): DecimalString {
  return decimalString(amounts.reduce((total, amount) => total.plus(amount), new Big(0)));
}

export function negate(amount: DecimalString): DecimalString {
  return decimalString(new Big(amount).times(-1));
}

export function isPositive(amount: DecimalString): boolean {
  return new Big(amount).gt(0);
}

export function isNegative(amount: DecimalString): boolean {
  return new Big(amount).lt(0);
}

/** For sentences: `89.75 USD`; without a known currency only the amount. */
export function formatMoney(amount: DecimalString, currency: string | undefined): string {
  return currency === undefined ? amount : `${amount} ${currency}`;
}

/** For sentences about a change: `+89.75 USD`, `-732.00 USD`; zero carries no sign. */
export function formatSigned(amount: DecimalString, currency: string | undefined): string {
  return formatMoney(isPositive(amount) ? `+${amount}` : amount, currency);
}
