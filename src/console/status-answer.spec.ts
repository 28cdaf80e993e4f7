import { parseTenantState } from '../state/tenant-state.js';
import type { EventTrace } from '../queue/operator/traces.js';
import { type StatusFacts, statusAnswer } from './status-answer.js';

const NOW = 1_700_000_000_000;
const SETTINGS = { target: 'rest', 'api-url': 'https://crm.test/in', 'api-token': 'hunter2-token' };

function stateWith(settings: object = SETTINGS, core: object = { socotraApiUrl: 'https://core.test', token: 't' }) {
  const state = parseTenantState({ settings, tenantHostName: 'tenant.test', ...core }, 'key');
  if (state === undefined) throw new Error('a state');
  return state;
}

const nothing = { count: 0, isMore: false };
const some = { count: 3, isMore: false };

const facts: StatusFacts = {
  state: stateWith(),
  isStarted: true,
  backlog: { waiting: nothing, dead: nothing, pauses: [] },
  rest: undefined,
  newest: [],
  dead: [],
  nowMs: NOW,
};

const backlog = (parts: Partial<StatusFacts['backlog']>) => ({ backlog: { ...facts.backlog, ...parts } });
const pause = (code: string) => ({ tenant: 'x', code });

it.each<[string, Partial<StatusFacts>, string, RegExp, RegExp]>([
  ['nothing waits', {}, 'good', /^In step/, /^$/],
  ['dead letters', backlog({ dead: some }), 'bad', /^Nothing waits, but/, /Given up: 3/],
  [
    'work waits, and is late',
    backlog({ waiting: some, firstDueAtMs: NOW - 120_000 }),
    'good',
    /^At work: 3 events are waiting/,
    /due for 2 min/,
  ],
  [
    'work waits for its time',
    backlog({ waiting: { count: 1, isMore: false }, firstDueAtMs: NOW + 9 }),
    'good',
    /1 event is waiting/,
    /^$/,
  ],
  [
    'more than is counted',
    backlog({ waiting: { count: 10_000, isMore: true } }),
    'good',
    /more than 10,000 events/,
    /^$/,
  ],
  [
    'the target asks for rest',
    { ...backlog({ waiting: some }), rest: { holdUntilMs: NOW + 60_000, failures: 1 } },
    'busy',
    /asked for rest/,
    /in 1 min.*3 events are kept/,
  ],
  [
    'a rest that is over',
    { ...backlog({ waiting: some }), rest: { holdUntilMs: NOW - 1, failures: 1 } },
    'good',
    /^At work/,
    /^$/,
  ],
  ['nothing waits during a rest', { rest: { holdUntilMs: NOW + 60_000, failures: 1 } }, 'good', /^In step/, /^$/],
  [
    'the target refuses the credentials',
    backlog({ waiting: some, pauses: [pause('target_unauthorized')] }),
    'bad',
    /^Paused/,
    /refuses the credentials.*3 events are kept/,
  ],
  [
    'an operator has paused it',
    backlog({ pauses: [pause('paused_by_operator')] }),
    'bad',
    /^Paused/,
    /operator has paused/,
  ],
  ['stopped', { isStarted: false }, 'bad', /was stopped/, /starts the app again/],
  ['no Core', { state: stateWith(SETTINGS, {}) }, 'bad', /no address or token/, /Connect the tenant/],
  [
    'unusable settings',
    { state: stateWith({ target: 'rest' }) },
    'bad',
    /settings cannot be used/,
    /"Address" is missing/,
  ],
])('%s', (_what, parts, tone, headline, details) => {
  const answer = statusAnswer({ ...facts, ...parts });
  expect(answer).toMatchObject({ tone, headline: expect.stringMatching(headline) });
  expect((answer as { details: string[] }).details.join(' ')).toMatch(details);
  expect(JSON.stringify(answer)).not.toContain('hunter2');
});

const trace: EventTrace = {
  sequence: 1,
  tenant: 'x',
  id: 'e-1',
  type: 'policy.issue',
  root: 'policy:1',
  state: 'dead',
  tries: 3,
  occurredAtMs: NOW,
  receivedAtMs: NOW,
  endedAtMs: NOW,
  forgotten: false,
};

it('says why an event was given up, in words for the customer', () => {
  const dead = { ...trace, code: 'core_forbids_invoice' };
  const reason = expect.stringMatching(/account with which you connected .* Give it that right, then try again\.$/);
  expect(statusAnswer({ ...facts, dead: [dead], newest: [dead] })).toMatchObject({
    events: [{ reason }],
    deadLetters: [{ reason }],
  });
});

it('says of what the operator has purged that it is given up for good, and not to try it again', () => {
  const purged = { ...trace, state: 'purged' as const, code: 'status_422', forgotten: true };
  const reason = expect.stringMatching(/^The operator has given this event up for good; (?!.*again)/);
  expect(statusAnswer({ ...facts, newest: [purged] })).toMatchObject({ events: [{ reason, replayable: false }] });
});

describe('lag', () => {
  const delivered = (lagMs: number, parts: Partial<EventTrace> = {}): EventTrace => ({
    ...trace,
    state: 'delivered',
    tries: 0,
    endedAtMs: NOW + lagMs,
    ...parts,
  });

  it.each<[string, readonly EventTrace[], object | undefined]>([
    ['nothing was delivered', [delivered(5, { state: 'skipped' })], undefined],
    ['one', [delivered(7_000)], { typical: '7 s', slowest: '7 s', events: 1 }],
    [
      'the one in the middle is typical',
      [delivered(120_000), delivered(900), delivered(6_000)],
      { typical: '6 s', slowest: '2 min', events: 3 },
    ],
    ['a clock that is ahead', [delivered(-5_000)], { typical: 'under 1 s', slowest: 'under 1 s', events: 1 }],
  ])('%s', (_what, newest, lag) => {
    expect(statusAnswer({ ...facts, newest })).toMatchObject({ lag });
  });
});
