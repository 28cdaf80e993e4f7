import { fakeTarget } from '../../../test/support/fake-target.ts';
import type { Asked } from '../connector.js';
import { AccountMemory } from './account-memory.js';
import { LearntThings } from './learnt-things.js';

const FAILED: Asked<string> = { ok: false, failure: { outcome: 'retry', code: 'status_500' } };
const known = (value: string): Asked<string> => ({ ok: true, value });

/** A memory whose questions are answered one after the other. */
function memoryOf(...answers: (Asked<string> | Promise<Asked<string>>)[]) {
  const asked: unknown[] = [];
  const memory = new AccountMemory<string>((target) => {
    asked.push(target.account);
    const answer = answers.shift();
    return answer === undefined ? Promise.reject(new Error('Nobody expected this question.')) : Promise.resolve(answer);
  });
  return { memory, asked };
}

it('asks an account once', async () => {
  const { memory, asked } = memoryOf(known('a'));
  const { target } = fakeTarget();
  expect([await memory.get(target), await memory.get(target)]).toEqual([known('a'), known('a')]);
  expect(asked).toHaveLength(1);
});

it('asks each account for itself', async () => {
  const { memory, asked } = memoryOf(known('a'), known('b'));
  const [one, other] = [fakeTarget().target, fakeTarget().target];
  expect([await memory.get(one), await memory.get(other), await memory.get(one)]).toEqual(['a', 'b', 'a'].map(known));
  expect(asked).toEqual([one.account, other.account]);
});

it('asks once for all who ask at the same time', async () => {
  const { promise, resolve } = Promise.withResolvers<Asked<string>>();
  const { memory, asked } = memoryOf(promise);
  const { target } = fakeTarget();
  const waiting = [memory.get(target), memory.get(target)];
  resolve(known('a'));
  expect(await Promise.all(waiting)).toEqual([known('a'), known('a')]);
  expect(asked).toHaveLength(1);
});

it('asks again after an hour', async () => {
  const { memory, asked } = memoryOf(known('a'), known('b'));
  const { target, clock } = fakeTarget();
  await memory.get(target);
  clock.nowMs += 3_599_999;
  expect(await memory.get(target)).toEqual(known('a'));
  clock.nowMs += 1;
  expect(await memory.get(target)).toEqual(known('b'));
  expect(asked).toHaveLength(2);
});

it('keeps no failure, but tells everybody who waited for it', async () => {
  const { promise, resolve } = Promise.withResolvers<Asked<string>>();
  const { memory } = memoryOf(promise, known('a'));
  const { target } = fakeTarget();
  const waiting = [memory.get(target), memory.get(target)];
  resolve(FAILED);
  expect(await Promise.all(waiting)).toEqual([FAILED, FAILED]);
  expect(await memory.get(target)).toEqual(known('a'));
});

it('keeps no question that broke off, whoever waited for it', async () => {
  const { memory } = memoryOf(Promise.reject(new Error('a lock was not given')), known('a'));
  const { target } = fakeTarget();
  const waiting = [memory.get(target), memory.get(target)];
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await memory.get(target)).toEqual(known('a'));
});

it('asks anew when told to, and keeps the new answer', async () => {
  const { memory } = memoryOf(known('a'), known('b'));
  const { target } = fakeTarget();
  await memory.get(target);
  expect(await memory.refresh(target)).toEqual(known('b'));
  expect(await memory.get(target)).toEqual(known('b'));
});

it('does not forget what was learnt meanwhile because an older question failed', async () => {
  const { promise, resolve } = Promise.withResolvers<Asked<string>>();
  const { memory } = memoryOf(promise, known('b'));
  const { target } = fakeTarget();
  const older = memory.get(target);
  await memory.refresh(target);
  resolve(FAILED);
  expect(await older).toEqual(FAILED);
  expect(await memory.get(target)).toEqual(known('b'));
});

it('learns an account again for which there was no room any more, and one of which there is too much', async () => {
  const one = fakeTarget().target;
  const [second, large] = [fakeTarget().target, fakeTarget().target];
  const asked: unknown[] = [];
  const texts = new Map(
    [one, second, large].map(({ account }, index) => [account, 'x'.repeat(index === 2 ? 900 : 400)]),
  );
  const memory = new AccountMemory(
    async ({ account }) => {
      asked.push(account);
      return known(texts.get(account) ?? '');
    },
    new LearntThings(1_900, 1_300),
  );
  for (const target of [one, second, second, large, large, second, one]) await memory.get(target);
  expect(asked).toEqual([one, second, large, large, one].map(({ account }) => account));
});
