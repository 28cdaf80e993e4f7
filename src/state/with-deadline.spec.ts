import { withDeadline } from './with-deadline.js';

const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

it.each([
  ['in time', 1, 1_000, 'done'],
  ['late', 1_000, 10, 'late'],
  ['without a deadline', 10, Infinity, 'done'],
])('%s', async (_what, workMs, deadlineMs, result) => {
  expect(await withDeadline(after(workMs, 'done'), deadlineMs, 'late')).toBe(result);
});

it("a failure in time stays a failure, and one that comes late is nobody else's", async () => {
  await expect(withDeadline(Promise.reject(new Error('no')), 1_000, 'late')).rejects.toThrow('no');
  const failing = after(30, '').then(() => Promise.reject(new Error('no')));
  expect(await withDeadline(failing, 5, 'late')).toBe('late');
  await after(40, '');
});
