import { inputOf, NOON_1_SEP_2024_MS, policyOf } from '../../../test/support/translation-input.js';
import type { PremiumReport } from '../../core/entities.js';
import { premiumReportDiscard } from './premiumReport.discard.js';
import { premiumReportReverse } from './premiumReport.reverse.js';
import { premiumReportUpdate } from './premiumReport.update.js';

const READ_AT_MS = NOON_1_SEP_2024_MS + 5_000;

function inputWith(report: Partial<PremiumReport>) {
  const premiumReport: PremiumReport = { locator: '500', state: 'draft', createdMs: 1, ...report };
  return inputOf({ snapshot: { policy: policyOf(), premiumReport } });
}

it('a discarded report is void for good, also while Core still shows a draft', () => {
  const input = inputWith({ updatedMs: READ_AT_MS + 70 });
  const event = { ...input.event, type: 'premiumReport.discard' } as const;
  expect(premiumReportDiscard.translate({ ...input, event })).toMatchObject({
    records: [
      { kind: 'policy' },
      { kind: 'premium_row', op: 'void', fields: { state: 'discarded' }, sourceUpdatedAtMs: READ_AT_MS + 71 },
      { kind: 'activity' },
    ],
  });
});

it.each([
  ['draft', 'upsert'],
  ['issued', 'upsert'],
  ['discarded', 'void'],
])('a report that Core shows as %s: %s', (state, op) => {
  const input = inputWith({ state });
  const event = { ...input.event, type: 'premiumReport.update' } as const;
  expect(premiumReportUpdate.translate({ ...input, event })).toMatchObject({
    records: [{ kind: 'policy' }, { kind: 'premium_row', op, fields: { state }, sourceUpdatedAtMs: 1 }, {}],
  });
});

it('a reversed report did count: it is not void', () => {
  const input = inputWith({ state: 'reversed' });
  const event = { ...input.event, type: 'premiumReport.reverse' } as const;
  expect(premiumReportReverse.translate({ ...input, event })).toMatchObject({
    records: [{ kind: 'policy' }, { kind: 'premium_row', op: 'upsert', fields: { state: 'reversed' } }, {}],
  });
});
