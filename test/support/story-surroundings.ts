import { AuxData } from '../../sandbox/core/aux-data.ts';
import { readFromCore } from '../../sandbox/core/core-routes.ts';
import { eventPage } from '../../sandbox/core/event-stream.ts';
import { type JsonObject, objectOf, objectsOf, parseJson, textOf } from '../../sandbox/http/json.ts';
import { coreAt, readStorySources } from '../../sandbox/story/core-at.ts';
import { readStoryEvents, type StoryEvent } from '../../sandbox/story/story-events.ts';
import { CrmStore } from '../../sandbox/targets/rest-crm/crm-store.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';

/** Core and a CRM without a network: functions from a request to an answer, for as many lives of the story as one likes. */

export const CORE_URL = 'https://core.test';
export const CRM_URL = 'https://crm.test/records';

export const STORY: readonly StoryEvent[] = readStoryEvents();
const SOURCES = readStorySources();
/** What Core answers at a moment, by moment and path; the story is the same in every life. */
const answers = new Map<number, Map<string, HttpResponse>>();

function answered(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { kind: 'answer', status, headers, body: JSON.stringify(body) };
}

const NOT_FOUND = answered(404, {});

/** Core in one life of the story: what has happened so far can be read. */
export class LiveCore {
  readonly #happened: StoryEvent[] = [];
  readonly #auxData = new AuxData();

  happen(event: StoryEvent): void {
    this.#happened.push(event);
  }

  answer({ method, url, body = '' }: HttpRequest): HttpResponse {
    const { pathname, searchParams } = new URL(url);
    if (pathname.startsWith('/eventstream/')) {
      const page = eventPage(this.#happened, searchParams, pathname.endsWith('attributedEvents'));
      return page === undefined ? answered(400, {}) : answered(200, page);
    }
    if (pathname.startsWith('/auxData/')) {
      const [locator = '', key] = pathname.slice('/auxData/'.length).split('/').map(decodeURIComponent);
      const reply = this.#auxData.handle(method, locator, key, body);
      return answered(reply.status, reply.body ?? {});
    }
    return this.#read(pathname);
  }

  #read(path: string): HttpResponse {
    const atMs = this.#happened.at(-1)?.atMs ?? 0;
    const known = answers.get(atMs) ?? new Map<string, HttpResponse>();
    answers.set(atMs, known);
    const value = known.get(path) ?? readAt(atMs, path);
    known.set(path, value);
    return value;
  }
}

const worlds = new Map<number, ReturnType<typeof coreAt>>();

function readAt(atMs: number, path: string): HttpResponse {
  const world = worlds.get(atMs) ?? coreAt(SOURCES, STORY, atMs);
  worlds.set(atMs, world);
  const body = readFromCore(world, path);
  return body === undefined ? NOT_FOUND : answered(200, body);
}

/** How the CRM treats one request. */
export type CrmMood = 'well' | 'down' | 'busy' | 'unreachable' | 'lost after commit';

/** The CRM in one life of the story: it keeps what it is sent and notices what a careful sender avoids. */
export class LiveCrm {
  readonly store = new CrmStore();
  readonly complaints: string[] = [];
  readonly #answers = new Map<string, HttpResponse>();
  readonly #newest = new Map<string, { readonly revision: string; readonly content: string }>();

  /**
   * @param mood asked anew for each request
   * @param isOneEach a record is alone in its request: then a second try of it has the id of the first, also after a lost
   *   answer. Of several, the next try may have others beside it, and is another request.
   */
  constructor(
    private readonly mood: () => CrmMood,
    private readonly isOneEach = true,
  ) {}

  answer(request: HttpRequest): HttpResponse {
    const mood = this.mood();
    if (mood !== 'well') this.#expectAgain();
    switch (mood) {
      case 'well':
        return this.#take(request);
      case 'down':
        return answered(503, {});
      case 'busy':
        return answered(429, {}, { 'retry-after': '1' });
      case 'unreachable':
        return { kind: 'unreachable', code: 'econnrefused', permanent: false };
      case 'lost after commit':
        this.#take(request);
        if (!this.isOneEach) this.#expectAgain();
        return { kind: 'lost', code: 'timeout' };
    }
  }

  #take({ headers = {}, body = '' }: HttpRequest): HttpResponse {
    const id = headers['idempotency-key'] ?? '';
    const remembered = this.#answers.get(id);
    if (remembered !== undefined) return remembered;
    const results = objectsOf(objectOf(parseJson(body)).records).map((record) => {
      this.#notice(record);
      return { ...this.store.write(record, 0) };
    });
    const answer = answered(200, { results });
    this.#answers.set(id, answer);
    return answer;
  }

  /**
   * The sender cannot know whether this record was taken, and counts those that it would have sent next as tried too:
   * should one of them be again as it was before, it is right to say so.
   */
  #expectAgain(): void {
    for (const [key, newest] of this.#newest) this.#newest.set(key, { ...newest, content: '' });
  }

  /** This CRM would refuse an older revision; a careful sender never sends one, nor the same again under a new id. */
  #notice(record: JsonObject): void {
    const [key, revision] = [textOf(record.key), textOf(record.revision)];
    const content = JSON.stringify([record.op, record.fields, record.relations]);
    const newest = this.#newest.get(key);
    if (newest !== undefined && revision < newest.revision) this.complaints.push(`an older revision of ${key} came`);
    if (newest?.content === content) this.complaints.push(`${key} was sent again although nothing had changed`);
    this.#newest.set(key, { revision, content });
  }
}
