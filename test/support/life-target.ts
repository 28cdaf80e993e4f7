import { request as httpRequest, Agent } from 'node:http';
import type { StandInUnderTest } from '../../sandbox/conformance/stand-ins.ts';
import type { StandInRecord } from '../../sandbox/targets/target-stand-in.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/exchange.js';
import { CRM_URL, type CrmMood, LiveCrm } from './story-surroundings.js';

/** What a target holds of one record at the end of a life. */
export interface HeldRecord {
  readonly kind: string;
  readonly key: string;
  /** What must be the same in every life. */
  readonly state: Readonly<Record<string, unknown>>;
}

/** The target of one life of the story. */
export interface LifeTarget {
  /** What the tenant has set for it. */
  readonly settings: Readonly<Record<string, string>>;
  answer(request: HttpRequest): HttpResponse | Promise<HttpResponse>;
  held(): readonly HeldRecord[];
  /** What a careful sender would not have done. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

/** The life around a target. */
export interface LifeAround {
  /** How the target treats a request; asked anew for each. */
  readonly mood: () => CrmMood;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Lets time pass, as it does while a request is under way. */
  readonly pass: (ms: number) => void;
}

export type OpenTarget = (around: LifeAround) => Promise<LifeTarget>;

/** The CRM of the generic REST target, without a network, for a tenant that has set this beside its address. */
export function openLiveCrm({ mood }: LifeAround, settings: LifeTarget['settings'] = {}): Promise<LifeTarget> {
  const crm = new LiveCrm(mood, settings['batch-size'] === undefined);
  const states = () =>
    crm.store.records.map(({ kind, key, op, locator, fields, relations }) => ({
      kind,
      key,
      // Not the text of a line: it is written once, with what Core knew at that moment, and that differs between lives.
      state:
        kind === 'activity'
          ? { occurredAt: fields.occurredAt, type: fields.type }
          : { op, locator, relations, ...fields },
    }));
  return Promise.resolve({
    settings: { target: 'rest', 'api-url': CRM_URL, auth: 'none', ...settings },
    answer: (request) => crm.answer(request),
    held: states,
    complaints: () => [...crm.complaints, ...crm.store.twins().map((key) => `${key} stands twice`)],
    close: () => Promise.resolve(),
  });
}

/** How long a request takes in the story: less, and the limits of some targets would be met in a moment that stands still. */
const REQUEST_MS = 150;

/** A stand-in behind real HTTP, which is what takes the time here: few lives of it are lived. */
export function openStandIn({ connectorId, start }: StandInUnderTest): OpenTarget {
  return async ({ mood, now, pass }) => {
    const standIn = await start({ now });
    const agent = new Agent({ keepAlive: true });
    return {
      settings: { ...standIn.settings, target: connectorId },
      answer: async (request) => {
        pass(REQUEST_MS);
        switch (mood()) {
          case 'well':
            return exchange(request, agent);
          case 'down':
            return { kind: 'answer', status: 503, headers: {}, body: '' };
          case 'busy':
            return { kind: 'answer', status: 429, headers: { 'retry-after': '1' }, body: '' };
          case 'unreachable':
            return { kind: 'unreachable', code: 'econnrefused', permanent: false };
          case 'lost after commit':
            await exchange(request, agent);
            return { kind: 'lost', code: 'timeout' };
        }
      },
      held: () => standIn.records().map(heldRecord),
      complaints: () => {
        const keys = standIn.records().map(({ key }) => key);
        return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `${key} stands twice`);
      },
      close: async () => {
        agent.destroy();
        await standIn.close();
      },
    };
  };
}

/** Ids that a target gives out in the order of creation, inside of texts. */
const OWN_ID = /\b(account\.move|res\.partner),\d+/g;

function heldRecord({ kind, key, fields, tiedTo }: StandInRecord): HeldRecord {
  if (kind === 'activity') return { kind, key, state: { stands: tiedTo.length > 0 } };
  const shown = Object.entries(fields).filter(([, value]) => value !== '' && value !== false && value !== null);
  const state = Object.fromEntries(
    shown.map(([name, value]): [string, unknown] => [name, JSON.parse(JSON.stringify(value).replaceAll(OWN_ID, '$1'))]),
  );
  // A quote may be there before its policy and is then not tied to it until there is news of it.
  return { kind, key, state: kind === 'quote' ? state : { ...state, tiedTo } };
}

function exchange({ method, url, headers = {}, body }: HttpRequest, agent: Agent): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const lost = () => resolve({ kind: 'lost', code: 'connection_lost' });
    const sent = httpRequest(url, { method, headers, agent }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', lost);
      response.on('end', () => {
        const names = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ kind: 'answer', status: response.statusCode ?? 0, headers: Object.fromEntries(names), body: text });
      });
    });
    sent.on('error', lost);
    sent.end(body);
  });
}
