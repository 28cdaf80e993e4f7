import type { CoreRefusal } from '../core/core-client.js';
import type { MappingProblemReason } from '../core/resolve-mapping.js';
import type { PauseCode } from '../sync/pauses.js';
import type { TenantReadiness } from '../tenants/tenant-reader.js';
import { LINE_REASONS, lineReasonFor, type LineWithCodes } from './line-reasons.js';
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

/** As {@link PAUSES}: why nothing can be read for a tenant, and what the catch-up makes of each refusal of Core. */
const BLOCKS: Readonly<Record<Extract<TenantReadiness, { kind: 'blocked' }>['code'], true>> = {
  settings_invalid: true,
  core_not_connected: true,
  unknown_key: true,
};
const REFUSALS: Readonly<Record<CoreRefusal['kind'], readonly string[]>> = {
  not_found: ['core_not_found'],
  retry: ['core_status_500', 'core_answered_html', 'core_answer_not_json'],
  unavailable: ['core_status_503', 'core_timeout', 'core_econnrefused', 'core_calls_limited', 'state_unavailable'],
  unauthorized: ['core_unauthorized', 'aux_data_unauthorized'],
  forbidden: ['core_forbidden'],
  malformed: ['core_malformed', 'aux_data_malformed'],
};

const MAPPING_PROBLEMS: Readonly<Record<MappingProblemReason, true>> = {
  not_a_path: true,
  names_a_group: true,
  product_differs: true,
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
    ['retry', 'core_calls_limited', 'had its allowance'],
    ['retry', 'core_econnreset', 'cannot be reached'],
    ['retry', 'cert_has_expired', 'certificate'],
    ['dead', 'unable_to_verify_leaf_signature', 'certificate'],
    ['dead', 'not_found_yet', 'had not come'],
    ['retry', 'status_429', 'asks for rest'],
    ['retry', 'status_500', 'The target is not well'],
    ['skipped', 'no_locator', 'names nothing'],
    ['paused', 'paused_by_operator', 'Somebody paused'],
  ])('%s %s', (where, code, words) => {
    expect(reasonFor(where, code)?.meaning).toContain(words);
  });

  it.each<[LineWithCodes, string, string]>([
    ['catchup.cursor_not_mirrored', 'core_forbidden', 'auxiliary data'],
    ['catchup.cursor_not_mirrored', 'core_status_503', 'a later look'],
    ['catchup.failed', 'core_forbidden', 'may not read the event stream'],
    ['catchup.failed', 'core_not_connected', 'cannot be used'],
    ['catchup.failed', 'core_econnrefused', 'does not answer'],
    ['state.unavailable', 'status_502', 'this status'],
    ['tenant.start_refused', 'status_500', 'could not be used'],
  ])('%s %s', (where, code, words) => {
    expect(lineReasonFor(where, code)?.meaning).toContain(words);
  });

  it.each(Object.keys(PAUSES))('knows what helps a tenant paused with %s', (code) => {
    expect(reasonFor('paused', code)?.remedy).toBeDefined();
  });

  it.each([...Object.keys(BLOCKS), ...Object.values(REFUSALS).flat(), 'unexpected_error'])(
    'knows what helps where an event stream cannot be read because of %s',
    (code) => {
      expect(lineReasonFor('catchup.failed', code)?.remedy).toBeDefined();
    },
  );

  it.each(Object.keys(MAPPING_PROBLEMS))('knows what helps where a mapping cannot be read because of %s', (code) => {
    expect(lineReasonFor('mapping.unresolved', code)?.remedy).toBeDefined();
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
    expect(reasonFor('retry', 'unable_to_lock_row')).toBeUndefined();
    expect(reasonFor('skipped', 'status_422')).toBeUndefined();
    expect(reasonFor('dead', 'xstatus_422')).toBeUndefined();
  });

  it('says what helps for every dead letter', () => {
    expect(REASONS.filter(({ where, remedy }) => where === 'dead' && remedy === undefined)).toEqual([]);
  });

  it('is made of sentences', () => {
    for (const { meaning, remedy = 'X.' } of [...REASONS, ...LINE_REASONS]) {
      expect([meaning, remedy].every((text) => /^[`A-Z].*\.$/s.test(text))).toBe(true);
    }
  });
});
