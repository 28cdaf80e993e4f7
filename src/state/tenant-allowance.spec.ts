import { TenantAllowance } from './tenant-allowance.js';

const BURST = 10_000;
const SIZE = { burst: BURST, perSecond: 500 };

function emptied(tenant: string, nowMs: number): TenantAllowance {
  const limiter = new TenantAllowance(SIZE);
  const waits = Array.from({ length: BURST }, () => limiter.take(tenant, nowMs));
  expect(waits.every((waitMs) => waitMs === 0)).toBe(true);
  return limiter;
}

it('accepts a burst, then says how long to wait', () => {
  expect(emptied('a', 1_000).take('a', 1_000)).toBe(2);
});

it('refuses nothing of another tenant', () => {
  expect(emptied('a', 1_000).take('b', 1_000)).toBe(0);
});

it('fills up again with time: 500 a second', () => {
  const limiter = emptied('a', 1_000);
  const accepted = Array.from({ length: 600 }, () => limiter.take('a', 2_000)).filter((waitMs) => waitMs === 0);
  expect(accepted).toHaveLength(500);
});

it('a refused event costs nothing', () => {
  const limiter = emptied('a', 1_000);
  for (let event = 0; event < 1_000; event++) limiter.take('a', 1_000);
  expect(limiter.take('a', 1_002)).toBe(0);
});

it('a clock that goes back gives nothing and takes nothing', () => {
  const limiter = emptied('a', 1_000);
  expect(limiter.take('a', 500)).toBe(2);
  expect(limiter.take('a', 502)).toBe(0);
});

it('never holds more than a burst', () => {
  const limiter = emptied('a', 0);
  const later = 365 * 86_400_000;
  const accepted = Array.from({ length: BURST + 5 }, () => limiter.take('a', later)).filter((waitMs) => waitMs === 0);
  expect(accepted).toHaveLength(BURST);
});
