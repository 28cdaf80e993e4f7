import type { JsonObject } from '../../http/json.ts';
import type { Bench } from '../bench.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { expectThat } from '../expect-that.ts';
import { Family, KINDS, type Kind, newer, type SampleRecord } from '../samples.ts';

/** Fields that may be cleared, with values that are easily found again. */
const CLEARABLE: readonly (readonly [Kind, JsonObject])[] = [
  ['party', { email: 'gone.soon@example.com', phone: '+14155559876', birthDate: '1971-11-29' }],
  ['quote', { grossPremium: '7351.17', endDate: '2031-11-29' }],
  ['policy', { cancellationReason: 'Moved far away', balanceDue: '7351.17', lastChange: 'Struck by lightning' }],
  ['policy', { cancellationDate: '2031-11-29', pastDueSince: '2031-10-28' }],
  ['policy_change', { reason: 'Bought a boat', premiumChange: '7351.17' }],
  ['claim', { cause: 'meteorite', description: 'A hole in the roof', reserve: '7351.17' }],
];

/** How a record stands before and after it ended without having counted. A policy then has no status of its own. */
const ENDED: readonly (readonly [Kind, JsonObject, JsonObject])[] = [
  ['quote', { state: 'quoted' }, { state: 'discarded' }],
  ['policy', { status: 'quote' }, { status: 'quote' }],
  ['policy_change', { state: 'quoted' }, { state: 'discarded' }],
  ['invoice', { status: 'open' }, { status: 'void' }],
  ['claim', { status: 'open' }, { status: 'discarded' }],
];

/** What of a record is written: all that is known, nothing that is not, and the rest where something is refused. */
export const FIELDS_CASES: readonly ConformanceCase[] = [
  {
    name: 'sparse records of every kind are taken',
    needs: [],
    run: async (bench) => {
      const family = new Family();
      const records = KINDS.map((kind) => family.sparse(kind));
      await bench.bring(...records);
      await bench.expectOnce(...records);
    },
  },
  {
    name: 'null clears a field',
    needs: [],
    run: async (bench) => {
      for (const [kind, values] of CLEARABLE.filter(([one]) => bench.supports(one))) {
        const records = new Family().upTo(kind);
        const record = lastOf(records);
        const full = newer(record, { ...record.fields, ...values });
        await bench.bring(...records.slice(0, -1), full);
        const shown = await shownOf(bench, full, values);
        expectThat(kind !== 'party' || shown.includes('email'), 'The e-mail address of the party is not shown.');
        const nulls = Object.fromEntries(Object.keys(values).map((name) => [name, null]));
        await bench.bring(newer(full, { ...full.fields, ...nulls }));
        const left = await shownOf(bench, full, values);
        expectThat(left.length === 0, `The field ${left[0]} of the ${kind} is still shown.`);
      }
    },
  },
  {
    name: 'a field that is missing is left alone',
    needs: [],
    run: async (bench) => {
      for (const [kind, values] of CLEARABLE.filter(([one]) => bench.supports(one))) {
        const family = new Family();
        const records = family.upTo(kind);
        const record = lastOf(records);
        const full = newer(record, { ...record.fields, ...values });
        await bench.bring(...records.slice(0, -1), full);
        const shown = await shownOf(bench, full, values);
        const { type = null, ...few } = family.sparse(kind).fields;
        // A person stays a person.
        await bench.bring(newer(full, { ...few, ...(type !== null && { type: record.fields.type ?? type }) }));
        const lost = shown.filter(isNotIn(await shownOf(bench, full, values)));
        expectThat(lost.length === 0, `The field ${lost[0]} of the ${kind} was cleared although nobody asked.`);
      }
    },
  },
  {
    name: 'a record that ended before it counted is shown as ended, not deleted',
    needs: [],
    run: async (bench) => {
      for (const [kind, alive, ended] of ENDED.filter(([one]) => bench.supports(one))) {
        const records = new Family().upTo(kind);
        const sample = lastOf(records);
        const record = { ...sample, fields: { ...sample.fields, ...alive } };
        await bench.bring(...records.slice(0, -1), record);
        const [before] = await bench.expectOnce(record);
        if (before === undefined) continue;
        await bench.bring({ ...newer(record, ended), op: 'void', relations: [] });
        const [after] = await bench.expectOnce(record);
        const isShown = JSON.stringify(after?.fields) !== JSON.stringify(before.fields);
        expectThat(isShown, `Nothing at the ${kind} shows that it ended.`);
      }
    },
  },
  {
    name: 'the lines of an invoice stand once, however often it is written',
    needs: [],
    run: async (bench) => {
      const records = new Family().upTo('invoice');
      const invoice = lastOf(records);
      const withLines = (...amounts: readonly string[]) =>
        newer(invoice, {
          ...invoice.fields,
          lines: amounts.map((amount, index) => ({ key: `l${index}`, description: `Lightning ${index}`, amount })),
        });
      const expectLines = async () => {
        const [held] = await bench.expectOnce(invoice);
        const shown = JSON.stringify(held?.fields ?? {}).split('Lightning 0').length - 1;
        expectThat(shown <= 1, `A line of the invoice stands there ${shown} times.`);
      };
      await bench.bring(...records.slice(0, -1), withLines('1110.00', '90.75'));
      bench.loseMemory();
      await bench.bring(...records.slice(0, -1), withLines('1110.00', '90.75'));
      await expectLines();
      await bench.bring(...records.slice(0, -1), withLines('1200.75'));
      await expectLines();
    },
  },
  {
    name: "a field of the tenant's own that the target does not have costs no record",
    needs: [],
    run: async (bench) => {
      const party = new Family().record('party');
      const record = { ...party, fields: { ...party.fields, custom: { no_such_field_here: 'lucky' } } };
      const result = (await bench.deliverUntilDone(record)).get(record.key);
      const [held] = await bench.expectOnce(record);
      const isThere = JSON.stringify(held?.fields).includes('lucky');
      expectThat(isThere || result?.refusedFields !== undefined, 'Nobody is told that the field was left out.');
    },
  },
  {
    name: 'a refused field is left out and named, and the rest is written',
    needs: ['refuseField'],
    run: async (bench) => {
      for (const kind of (['party', 'policy', 'claim'] as const).filter((one) => bench.supports(one))) {
        const records = new Family().upTo(kind);
        const record = lastOf(records);
        await bench.bring(...records.slice(0, -1));
        const field = bench.fault('refuseField')(kind);
        const result = (await bench.deliverUntilDone(record)).get(record.key);
        expectThat(result?.outcome === 'delivered', `The ${kind} was not taken: ${JSON.stringify(result)}.`);
        const isNamed = result.refusedFields?.some((refused) => refused.field === field) === true;
        expectThat(isNamed, `${field} is not among what was left out: ${JSON.stringify(result.refusedFields)}.`);
        const [held] = await bench.expectOnce(record);
        expectThat(held?.fields[field] === undefined, `${field} stands in the target although it was refused.`);
        const known = kind === 'party' ? 'Jordan' : record.locator;
        expectThat(JSON.stringify(held?.fields).includes(known), `The rest of the ${kind} was not written.`);
      }
    },
  },
];

function lastOf(records: readonly SampleRecord[]): SampleRecord {
  const last = records.at(-1);
  if (last === undefined) throw new Error('A family has records.');
  return last;
}

/** Which of the fields the target shows, found by their values, whatever it calls them. */
async function shownOf(bench: Bench, record: SampleRecord, values: JsonObject): Promise<readonly string[]> {
  const [held] = await bench.expectOnce(record);
  if (held === undefined) return [];
  return Object.entries(values).flatMap(([name, value]) => (shownIn(held.fields, String(value)) ? [name] : []));
}

/** A date may be kept as the milliseconds of its midnight, an amount as a number. */
function shownIn(fields: JsonObject, value: string): boolean {
  const asDate = /^\d{4}-\d\d-\d\d$/.test(value) ? [String(Date.parse(value))] : [];
  const text = JSON.stringify(fields);
  return [value, ...asDate].some((form) => text.includes(form));
}

function isNotIn(names: readonly string[]): (name: string) => boolean {
  return (name) => !names.includes(name);
}
