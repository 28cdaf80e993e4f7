import type { PauseCode } from '../sync/pauses.js';
import { reasonFor, type ReasonPlace, REASONS } from './reasons.js';

/** Every code there is: the compiler says when one is missing here. */
const PAUSES: Readonly<Record<PauseCode, true>> = {
  settings_invalid: true,
  core_not_connected: true,
  core_unauthorized: true,
  target_unauthorized: true,
  target_gone: true,
  unknown_key: true,
};

describe('reasons in words', () => {
  it.each<[ReasonPlace, string, string]>([
    ['dead', 'status_422', 'refused the record for good'],
    ['dead', 'status_503', 'was not well for so long'],
    ['dead', 'core_status_500', 'Core could not give this'],
    ['dead', 'core_forbids_invoice', 'may not read this in Core'],
    ['dead', 'core_answer_unreadable_claim', 'not Connected Core'],
    ['retry', 'core_status_503', 'the whole tenant rests'],
    ['retry', 'core_status_500', 'is not well'],
    ['retry', 'status_429', 'asks for rest'],
    ['retry', 'status_500', 'The target is not well'],
    ['skipped', 'no_locator', 'names nothing'],
    ['paused', 'paused_by_operator', 'Somebody paused'],
  ])('%s %s', (where, code, words) => {
    expect(reasonFor(where, code)?.meaning).toContain(words);
  });

  it.each(Object.keys(PAUSES))('knows what helps a tenant paused with %s', (code) => {
    expect(reasonFor('paused', code)?.remedy).toBeDefined();
  });

  it.each([
    'login_not_synced',
    'no_locator',
    'not_found_in_core',
    'never_delivered',
    'outside_profile',
    'newer_already_there',
  ])('knows why %s was skipped', (code) => {
    expect(reasonFor('skipped', code)).toBeDefined();
  });

  it('does not guess', () => {
    expect(reasonFor('dead', 'valueerror')).toBeUndefined();
    expect(reasonFor('skipped', 'status_422')).toBeUndefined();
    expect(reasonFor('dead', 'xstatus_422')).toBeUndefined();
  });

  it('says what helps for every dead letter', () => {
    expect(REASONS.filter(({ where, remedy }) => where === 'dead' && remedy === undefined)).toEqual([]);
  });

  it('is made of sentences', () => {
    for (const { meaning, remedy = 'X.' } of REASONS) {
      expect([meaning, remedy].every((text) => /^[`A-Z].*\.$/s.test(text))).toBe(true);
    }
  });
});
