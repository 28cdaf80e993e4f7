import type { DeliveryResult } from '../connector.js';
import { stopAfter } from './rest-of-connection.js';

/** The results of one call: one per record in the same order, or one for the call as a whole. */
export type BatchAnswer = readonly DeliveryResult[] | DeliveryResult;

/**
 * Sends deliveries (or what stands for them) in batches of at most `size`, in order. A batch that is rejected as a whole
 * is halved until the bad record stands alone, so that it costs nobody else. After the connection itself fails nothing
 * more is sent.
 *
 * @returns one result per delivery, same order
 */
export async function inBatches<T>(
  deliveries: readonly T[],
  size: number,
  send: (batch: readonly T[]) => Promise<BatchAnswer>,
): Promise<readonly DeliveryResult[]> {
  const results: DeliveryResult[] = [];
  for (let start = 0; start < deliveries.length; start += size) {
    const batch = deliveries.slice(start, start + size);
    const stop = stopAfter(results);
    results.push(...(stop ? batch.map(() => stop) : await sendBatch(batch, send)));
  }
  return results;
}

async function sendBatch<T>(
  batch: readonly T[],
  send: (batch: readonly T[]) => Promise<BatchAnswer>,
): Promise<readonly DeliveryResult[]> {
  const answer = await send(batch);
  if (isOnePerRecord(answer)) return answer;
  if (batch.length > 1 && answer.outcome === 'rejected') return inBatches(batch, Math.ceil(batch.length / 2), send);
  return batch.map(() => answer);
}

/** Whether each record has its own result. */
export function isOnePerRecord(answer: BatchAnswer): answer is readonly DeliveryResult[] {
  return Array.isArray(answer);
}
