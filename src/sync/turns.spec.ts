import { Turns } from './turns.js';

const [A, B, C] = ['a', 'b', 'c'] as const;
const NOW_MS = 10_000;

/** Puts so many roots of the tenant in hand. */
function begin(turns: Turns, tenant: string, times: number, sinceMs = NOW_MS): void {
  for (let time = 0; time < times; time++) turns.begin(tenant, sinceMs);
}

/** All of them have had success before. */
function turnsOf(...tenants: readonly string[]): Turns {
  const turns = new Turns();
  for (const tenant of tenants) for (let time = 0; time < 3; time++) turns.trust(tenant);
  return turns;
}

it('offers the tenant first that was served longest ago', () => {
  const turns = turnsOf(A, B, C);
  for (const tenant of [A, B, A]) turns.begin(tenant, NOW_MS);
  expect(turns.offers([A, B, C], NOW_MS)).toEqual([{ tenants: [C, B, A], limit: 13 }]);
});

it('leaves out a tenant that has its share in hand, until one of it is over', () => {
  const turns = turnsOf(A, B);
  begin(turns, A, 4);
  expect(turns.offers([A, B], NOW_MS)[0]?.tenants).toEqual([B]);
  turns.end(A, NOW_MS);
  expect(turns.offers([A, B], NOW_MS)[0]?.tenants).toEqual([B, A]);
  expect([turns.inHandOf(A), turns.inHandOf(B)]).toEqual([3, 0]);
});

it('a tenant earns its share with success, from one root to four, and loses it when nobody answers', () => {
  const turns = new Turns();
  const mostInHand = () => {
    for (let inHand = 0; ; inHand++) {
      if (turns.offers([A], NOW_MS).length === 0) {
        for (let root = 0; root < inHand; root++) turns.end(A, NOW_MS);
        return inHand;
      }
      turns.begin(A, NOW_MS);
    }
  };
  const shares = [mostInHand()];
  for (let success = 0; success < 4; success++) {
    turns.trust(A);
    shares.push(mostInHand());
  }
  turns.suspect(A);
  shares.push(mostInHand());
  expect(shares).toEqual([1, 2, 3, 4, 4, 1]);
});

it('offers nothing when every place is taken', () => {
  const turns = new Turns();
  for (const tenant of ['d', 'e', 'f', 'g']) begin(turns, tenant, 4);
  expect(turns.offers([A], NOW_MS)).toEqual([]);
});

it('offers few places while the event loop is late, and none before the roots in hand are fewer than those', () => {
  const turns = turnsOf(A, B, C);
  begin(turns, A, 3);
  expect(turns.offers([A, B, C], NOW_MS, true)).toEqual([{ tenants: [B, C, A], limit: 1 }]);
  begin(turns, B, 3);
  expect(turns.offers([A, B, C], NOW_MS, true)).toEqual([]);
  expect(turns.offers([A, B, C], NOW_MS)).toEqual([{ tenants: [C, A, B], limit: 10 }]);
});

it('gives all tenants that did not get an answer a few places together, after the others and beside theirs', () => {
  const turns = turnsOf(C);
  for (const tenant of [A, B, 'd', 'e']) turns.suspect(tenant);
  expect(turns.offers([A, B, C], NOW_MS)).toEqual([
    { tenants: [C], limit: 16 },
    { tenants: [A, B], limit: 4 },
  ]);
  for (const tenant of [A, 'd', 'e']) turns.begin(tenant, NOW_MS);
  expect(turns.offers([A, B, C], NOW_MS)).toEqual([
    { tenants: [C], limit: 16 },
    { tenants: [B], limit: 1 },
  ]);
  turns.begin(B, NOW_MS);
  expect(turns.offers([A, B, C], NOW_MS)).toEqual([{ tenants: [C], limit: 16 }]);
});

it('what hangs leaves its place to others, but not more than memory allows', () => {
  const turns = new Turns();
  const silent = Array.from({ length: 8 }, (_, index) => `silent-${index}`);
  for (const tenant of silent.slice(0, 4)) begin(turns, tenant, 4, NOW_MS - 1_999);
  expect(turns.offers([A], NOW_MS)).toEqual([]);
  expect(turns.offers([A], NOW_MS + 1)).toEqual([{ tenants: [A], limit: 16 }]);
  for (const tenant of silent.slice(4)) begin(turns, tenant, 4, NOW_MS - 1_000);
  expect(turns.offers([A], NOW_MS + 10_000)).toEqual([]);
});

it('a tenant of which one root has hung is no suspect any more when that is over and the next is quick', () => {
  const turns = turnsOf(A);
  turns.begin(A, NOW_MS - 5_000);
  turns.begin(A, NOW_MS - 100);
  expect(turns.offers([A], NOW_MS)).toEqual([{ tenants: [A], limit: 2 }]);
  turns.end(A, NOW_MS - 5_000);
  expect(turns.offers([A], NOW_MS)).toEqual([{ tenants: [A], limit: 15 }]);
});

it('trusts a tenant again', () => {
  const turns = new Turns();
  turns.suspect(A);
  turns.trust(A);
  expect(turns.offers([A], NOW_MS)).toEqual([{ tenants: [A], limit: 16 }]);
});
