/** The work's result, or `late` when it takes longer; the work itself goes on. */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number, late: T): Promise<T> {
  if (deadlineMs === Infinity) return work;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), deadlineMs);
  });
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
