import { restEndsAtMs, type TenantRest } from '../queue/tenant-rest.js';
import { broken, coreWorking, held, isNewPause, paused, type PauseCode, working } from './pauses.js';

const MINUTE = 60_000;

function isResting(rest: TenantRest | undefined, version: string, nowMs: number): boolean {
  return rest !== undefined && restEndsAtMs(rest, version) > nowMs;
}

/** How long from now on the tenant rests, in steps. */
function restOf(rest: TenantRest | undefined, nowMs: number, stepMs: number): number {
  let untilMs = nowMs;
  while (isResting(rest, 'v1', untilMs)) untilMs += stepMs;
  return (untilMs - nowMs) / stepMs;
}

describe('how a tenant rests', () => {
  it('is held until the time is over; the longest hold counts', () => {
    const rest = held(held(undefined, 5_000, 0), 2_000, 0);
    expect([isResting(rest, 'v1', 4_999), isResting(rest, 'v1', 5_000)]).toEqual([true, false]);
    expect(isResting(undefined, 'v1', 0)).toBe(false);
  });

  it('is held for a second at least, whatever the target said', () => {
    const rest = held(undefined, 10_000, 10_000);
    expect([isResting(rest, 'v1', 10_999), isResting(rest, 'v1', 11_000)]).toEqual([true, false]);
  });

  it('lasts longer each time the target does not answer, until it took something', () => {
    const waits: number[] = [];
    let rest: TenantRest | undefined;
    for (let now = 0, round = 0; round < 8; round++) {
      rest = broken(rest, now);
      const seconds = restOf(rest, now, 1_000);
      waits.push(seconds);
      now += seconds * 1_000;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(working(rest, 10 * MINUTE)).toBeUndefined();
  });

  it('is a failure of the target also while it is held because the target was throttling', () => {
    const rest = broken(held(undefined, 30_000, 0), 0);
    expect(rest).toEqual({ holdUntilMs: 30_000, failures: 1 });
  });

  it.each<[PauseCode, string, boolean]>([
    ['target_unauthorized', 'v1', false],
    ['target_unauthorized', 'v2', true],
    ['settings_invalid', 'v1', true],
  ])('after target_unauthorized of v1, a pause for %s of %s is news: %s', (code, version, isNews) => {
    expect(isNewPause(undefined, code, version)).toBe(true);
    expect(isNewPause(paused(undefined, 'target_unauthorized', 'v1', 0), code, version)).toBe(isNews);
  });

  it('is tried again by itself when paused, less and less often, at the latest every quarter of an hour', () => {
    const waits: number[] = [];
    let rest: TenantRest | undefined;
    for (let now = 0, round = 0; round < 7; round++) {
      // Four roots in hand at the same time find the same out.
      for (let root = 0; root < 4; root++) rest = paused(rest, 'target_unauthorized', 'v1', now);
      const minutes = restOf(rest, now, MINUTE);
      waits.push(minutes);
      now += minutes * MINUTE;
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15, 15]);
  });

  it('is over for the version of a tenant that has changed something', () => {
    const rest = paused(undefined, 'unknown_key', 'v1', 0);
    expect([isResting(rest, 'v1', 1), isResting(rest, 'v2', 1)]).toEqual([true, false]);
  });

  it('pauses every version that was found not to work, so that replicas do not wake each other up', () => {
    const rest = paused(paused(undefined, 'unknown_key', 'v1', 0), 'unknown_key', 'v2', 0);
    expect([isResting(rest, 'v1', 1), isResting(rest, 'v2', 1)]).toEqual([true, true]);
    const many = Array.from({ length: 20 }, (_, index) => `v${index}`);
    const full = many.reduce<TenantRest | undefined>((now, version) => paused(now, 'unknown_key', version, 0), rest);
    expect(full?.pause?.versions).toEqual(many.slice(-8));
  });

  it('keeps a hold although something was taken', () => {
    const rest = working(held(paused(undefined, 'settings_invalid', 'v1', 0), 10 * MINUTE, 0), MINUTE);
    expect(rest).toEqual({ holdUntilMs: 10 * MINUTE, failures: 0 });
    expect(isResting(rest, 'v1', MINUTE)).toBe(true);
  });

  it.each<[PauseCode, boolean]>([
    ['target_unauthorized', true],
    ['target_gone', true],
    ['core_unauthorized', false],
    ['settings_invalid', false],
  ])('when only Core has answered, a pause for %s stays: %s', (code, stays) => {
    expect(coreWorking(paused(undefined, code, 'v1', 0), 1) !== undefined).toBe(stays);
  });

  it('when only Core has answered, a target that was silent is not forgotten', () => {
    const silent = broken(broken(undefined, 0), 10_000);
    const rest = coreWorking(silent, 20_000);
    expect(restOf(broken(rest, 20_000), 20_000, 1_000)).toBe(4);
  });

  it('when only Core has answered, nothing is left of a hold that is over', () => {
    expect(coreWorking(held(undefined, 5_000, 0), 6_000)).toBeUndefined();
  });

  it('counts what several roots in hand find out together once', () => {
    const rest = broken(broken(broken(undefined, 0), 100), 200);
    expect(restOf(rest, 0, 1_000)).toBe(1);
    expect(restOf(broken(rest, 1_000), 1_000, 1_000)).toBe(2);
  });
});
