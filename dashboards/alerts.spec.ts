import { AlertWatch } from './alerts.ts';

const NOW_MS = Date.parse('2026-11-22T12:00:00Z');
const MINUTE_MS = 60_000;

/** The names of the rules that ring at noon, where this was the last that the app wrote. */
function ringing(event: string, fields: Readonly<Record<string, string | number>>): readonly string[] {
  const watch = new AlertWatch();
  // Without a sign of life its silence would ring too.
  for (const one of [{ event: 'app.pulse' }, { event, ...fields }]) {
    watch.add({ text: JSON.stringify(one), timeMs: NOW_MS - 5_000, fields: one });
  }
  return watch.at(NOW_MS).map(({ alert }) => alert);
}

describe('late work', () => {
  it.each<[string, number, readonly string[]]>([
    ['due', 1, ['SocotraSyncLate']],
    ['due', 16, ['SocotraSyncLate', 'SocotraSyncLateForLong']],
    ['retrying', 16, ['SocotraSyncLate', 'SocotraSyncLateForLong']],
    ['resting', 16, ['SocotraSyncLate', 'SocotraSyncLateForLong']],
    ['paused', 16, ['SocotraSyncTenantPaused']],
    ['stopped', 60, []],
    ['not_called', 60, ['SocotraSyncLate']],
  ])('of a tenant that is %s, for %i minutes', (state, minutes, expected) => {
    expect(ringing('tenant.late', { tenant: 't', state, pastDueMs: minutes * MINUTE_MS })).toEqual(expected);
  });
});

it('rings for an event stream that still cannot be read after an hour, not for one that could at the second try', () => {
  const failed = (retryInMs: number) => ringing('catchup.failed', { tenant: 't', code: 'core_forbidden', retryInMs });
  expect(failed(30_000)).toEqual([]);
  expect(failed(300_000)).toEqual(['SocotraSyncCatchUpFails']);
});

it.each<[string, readonly string[]]>([
  ['queue_unavailable', ['SocotraSyncCannotStore']],
  ['state_unavailable', ['SocotraSyncCannotStore']],
  ['shutting_down', []],
])('rings for webhooks that are answered 503, not at each deployment: %s', (code, expected) => {
  expect(ringing('webhook.refused', { status: 503, code })).toEqual(expected);
});
