import { AxiosHeaders, type AxiosAdapter, type AxiosResponse } from 'axios';
import { type Dispatcher, request } from 'undici';

/** The answer is larger than the caller is willing to hold. */
export class AnswerTooLargeError extends Error {
  readonly code = 'answer_too_large';
}

/**
 * Lets axios speak through an undici pool: a third of the CPU of its own adapter, and the pool is where addresses are
 * checked. Redirects are never followed. `maxContentLength` bounds the answer, `timeout` the whole exchange.
 */
export function undiciAdapter(dispatcher: Dispatcher): AxiosAdapter {
  return async (config) => {
    const answer = await request(config.url ?? '', {
      dispatcher,
      method: (config.method ?? 'GET').toUpperCase() as Dispatcher.HttpMethod,
      headers: config.headers.toJSON() as Record<string, string>,
      body: config.data === undefined ? null : String(config.data),
      signal: AbortSignal.timeout(config.timeout ?? 0),
    });
    const response: AxiosResponse<string> = {
      data: await readText(answer.body, config.maxContentLength ?? 0),
      status: answer.statusCode,
      statusText: '',
      headers: AxiosHeaders.from(flatten(answer.headers)),
      config,
    };
    return response;
  };
}

async function readText(body: AsyncIterable<Buffer> & { destroy(): unknown }, limit: number): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > limit) {
      body.destroy();
      throw new AnswerTooLargeError('The answer is larger than allowed.');
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
