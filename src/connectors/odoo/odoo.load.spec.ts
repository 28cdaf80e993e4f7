import { deliveryOf, FULL_RECORDS } from '../../../test/support/deliveries.ts';
import type { Odoo, OdooCall } from './odoo.api.js';
import { type Cells, type LoadEntry, loadRows, upsertRows } from './odoo.load.js';

/** An Odoo that gives these answers to `load`, one after the other, and keeps what it was sent. */
function odooWith(...answers: readonly unknown[]) {
  const calls: OdooCall[] = [];
  const odoo: Odoo = {
    call: (call) => {
      calls.push(call);
      return Promise.resolve({ ok: true, value: answers[calls.length - 1] });
    },
    searchRead: () => Promise.resolve({ ok: true, value: [] }),
  };
  return { calls, place: { odoo, model: 'res.partner', essential: new Set(['id']) } };
}

function entry(name: string, lines?: readonly Cells[]): LoadEntry {
  const key = `p-pty-${name}` as const;
  const delivery = deliveryOf({ ...FULL_RECORDS.party, key });
  return { delivery, row: { cells: { id: `socotra_sync.${key}`, name }, ...(lines && { lines }) } };
}

const saved = (...ids: readonly number[]) => ({ ids, messages: [] });
const refused = (...messages: readonly object[]) => ({
  ids: false,
  messages: messages.map((message) => ({ type: 'error', ...message })),
});
const idOf = ({ row }: LoadEntry) => row.cells.id;
const idsIn = ({ args }: OdooCall) => (args?.data as readonly (readonly string[])[]).map(([id]) => id);

const [A, B, C] = [entry('a'), entry('b'), entry('c')];
const UNEXPLAINED = { outcome: 'retry', code: 'load_unexplained' };

describe('an answer with another number of ids than rows', () => {
  it('is no success of any row', async () => {
    const { place } = odooWith(saved(1));
    expect(await upsertRows(place, [A, B])).toEqual([UNEXPLAINED, UNEXPLAINED]);
  });

  it('is no success of rows of our own either', async () => {
    const { place } = odooWith(saved(1));
    const rows = [A.row, B.row];
    expect(await loadRows(place.odoo, place.model, rows)).toEqual({ ok: false, failure: UNEXPLAINED });
  });
});

describe('when nothing is saved', () => {
  it('because the database was busy, no row is judged', async () => {
    const { place, calls } = odooWith(
      refused({ record: 0, message: 'Nobody likes it' }, { record: 1, message: 'could not serialize access' }),
    );
    const busy = { outcome: 'retry', code: 'serialization_failure' };
    expect(await upsertRows(place, [A, B])).toEqual([busy, busy]);
    expect(calls).toHaveLength(1);
  });

  it('the rows that Odoo names are left out, and the others saved', async () => {
    const { place, calls } = odooWith(refused({ record: 1, message: 'Nobody likes it' }), saved(1, 3));
    expect(await upsertRows(place, [A, B, C])).toMatchObject([
      { outcome: 'delivered', targetId: '1' },
      { outcome: 'rejected', code: 'record_refused' },
      { outcome: 'delivered', targetId: '3' },
    ]);
    expect(calls.map(idsIn)).toEqual([[A, B, C].map(idOf), [A, C].map(idOf)]);
  });

  it('a warning about a row is no refusal of it', async () => {
    const { place } = odooWith(
      refused({ type: 'warning', record: 0, message: 'Odd' }, { record: 1, message: 'Nobody likes it' }),
      saved(1),
    );
    expect(await upsertRows(place, [A, B])).toMatchObject([{ outcome: 'delivered' }, { outcome: 'rejected' }]);
  });

  it('a line belongs to the record above it', async () => {
    const lines = ['1', '2'].map((price) => ({ price }));
    const [first, second] = [entry('a', lines), entry('b', lines)];
    const { place } = odooWith(refused({ record: 1, message: 'Nobody likes it' }), saved(2));
    expect(await upsertRows(place, [first, second])).toMatchObject([
      { outcome: 'rejected' },
      { outcome: 'delivered', targetId: '2' },
    ]);
  });

  it('of several refusals of a row the first counts', async () => {
    const missing = "No matching record found for external id 'socotra_sync.p-pty-x' in field 'Partner'";
    const { place } = odooWith(refused({ record: 0, message: missing }, { record: 0, message: 'Nobody likes it' }));
    expect(await upsertRows(place, [A])).toEqual([{ outcome: 'dependency', code: 'related_record_missing' }]);
  });
});
