import { engineWith } from '../conformance/engine.js';
import { deliveryOf, FULL_RECORDS } from '../support/deliveries.js';
import { type SalesforceOptions, startSalesforce } from '../../sandbox/targets/salesforce/salesforce.ts';
import type { Delivery, Target, TargetResponse } from '../../src/connectors/connector.js';
import { salesforceConnector } from '../../src/connectors/salesforce/salesforce.connector.js';
import type { HttpRequest } from '../../src/http/exchange.js';
import type { CanonicalRecord } from '../../src/records/canonical-record.js';

/** The connector against an emulated org, where the conformance suite does not look. */

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function org(options: SalesforceOptions = {}, settings: Readonly<Record<string, string>> = {}) {
  const standIn = await startSalesforce(options);
  const engine = engineWith([salesforceConnector]);
  const open = () => {
    const process = engine.openProcess(standIn.hosts);
    closing.push(() => process.close());
    // Safe: the engine's structural types hide that this is the app's own target.
    return process.targets.targetFor(
      { tenant: 'abc' },
      {
        connector: salesforceConnector,
        connection: 'c',
        environment: 'production',
        values: { ...standIn.settings, ...settings },
      },
    ) as Target;
  };
  closing.push(() => standIn.close());
  const target = open();
  const paths = () =>
    standIn.requests().map(({ method, path }) => `${method} ${path.replace('/services/data/v67.0', '')}`);
  return { standIn, target, open, paths };
}

const party: CanonicalRecord = { ...FULL_RECORDS.party, relations: [], fields: { type: 'organization', name: 'Acme' } };
const person: CanonicalRecord = { ...FULL_RECORDS.party, relations: [], key: 'p-pty-78' };
const numbered = (number: number): CanonicalRecord => ({ ...party, key: `p-pty-${number}` });
const deliver = (target: Target, ...records: readonly CanonicalRecord[]) => {
  return salesforceConnector.deliver(
    records.map((record) => deliveryOf(record)),
    target,
  );
};

describe('Start', () => {
  it.each<SalesforceOptions>([
    {},
    { personAccounts: true },
    { flavour: 'fsc' },
    { flavour: 'fsc', multiCurrency: true },
  ])('is satisfied with an org that has the package: %j', async (options) => {
    const { target } = await org(options);
    expect(await salesforceConnector.verify(target)).toEqual({ ok: true });
    expect(await salesforceConnector.ensureSchema?.(target)).toEqual({ ok: true });
  });

  it.each<[SalesforceOptions, readonly string[]]>([
    [{}, ['Account.Socotra_Key__c is missing', 'The object Socotra_Policy__c is missing', 'set "Socotra Sync"']],
    [{ flavour: 'fsc' }, ['InsurancePolicy.Socotra_Key__c is missing', 'Deploy both packages', '"Socotra Sync FSC"']],
  ])('names what is missing where the package is not deployed: %j', async (options, words) => {
    const { target } = await org({ ...options, isDeployed: false });
    const said = await salesforceConnector.ensureSchema?.(target);
    expect(said).toMatchObject({ ok: false, cause: 'settings', code: 'salesforce_package_incomplete' });
    for (const word of words) expect(JSON.stringify(said)).toContain(JSON.stringify(word).slice(1, -1));
  });

  it('says that the client is refused', async () => {
    const { target } = await org({}, { 'client-secret': 'another-secret' });
    const said = await salesforceConnector.verify(target);
    expect(said).toMatchObject({ ok: false, cause: 'settings', message: expect.stringContaining('consumer key') });
    expect(JSON.stringify(said)).not.toContain('another-secret');
  });
});

describe('records', () => {
  it('of one object go in one call, at most 200 at a time', async () => {
    const { standIn, target, paths } = await org();
    const records = Array.from({ length: 450 }, (_one, index) => numbered(index));
    const results = await deliver(target, ...records);
    expect(results.filter(({ outcome }) => outcome === 'delivered')).toHaveLength(450);
    expect(standIn.records()).toHaveLength(450);
    expect(paths().filter((path) => path.startsWith('PATCH'))).toEqual(
      Array.from({ length: 3 }, () => 'PATCH /composite/sobjects/Account/Socotra_Key__c'),
    );
  });

  it('what is learnt about the org is asked once', async () => {
    const { target, paths } = await org();
    await deliver(target, party);
    const before = paths().length;
    await deliver(target, numbered(1));
    expect(paths().slice(before)).toEqual(['PATCH /composite/sobjects/Account/Socotra_Key__c']);
  });

  it('a person is an account first and then its contact, and costs organizations nothing', async () => {
    const { target, paths } = await org();
    await deliver(target, party);
    const before = paths().length;
    const results = await deliver(target, party, person);
    expect(results).toMatchObject([{ change: 'updated' }, { change: 'created' }]);
    expect(paths().slice(before)).toEqual([
      'PATCH /composite/sobjects/Account/Socotra_Key__c',
      'PATCH /composite/sobjects/Contact/Socotra_Key__c',
    ]);
  });

  /** The target, where every write to this object gets this answer; `written` names the objects of all writes. */
  function answering(target: Target, object: string, answer: TargetResponse) {
    const written: string[] = [];
    const request = async (asked: HttpRequest): Promise<TargetResponse> => {
      const name = /\/composite\/sobjects\/(\w+)/.exec(asked.url)?.[1];
      if (name !== undefined) written.push(name);
      return name === object ? answer : target.request(asked);
    };
    return { written, target: { ...target, request } };
  }

  const refused = { success: false, errors: [{ statusCode: 'DUPLICATES_DETECTED', message: 'x', fields: [] }] };
  const ofRow: TargetResponse = { kind: 'answer', status: 200, headers: {}, body: JSON.stringify([refused]) };

  it('a person whose contact is refused is not delivered', async () => {
    const { target } = await org();
    const { target: picky, written } = answering(target, 'Contact', ofRow);
    expect(await deliver(picky, person)).toMatchObject([{ outcome: 'rejected', code: 'duplicates_detected' }]);
    expect(written).toEqual(['Account', 'Contact']);
  });

  it('a person whose account is refused gets no contact', async () => {
    const { target } = await org();
    const { target: picky, written } = answering(target, 'Account', ofRow);
    expect(await deliver(picky, person)).toMatchObject([{ outcome: 'rejected', code: 'duplicates_detected' }]);
    expect(written).toEqual(['Account']);
  });

  it('of a second object are not sent after the org no longer answers', async () => {
    const { target } = await org();
    const { target: silent, written } = answering(target, 'Account', {
      kind: 'unreachable',
      code: 'timeout',
      permanent: false,
    });
    const gone = { outcome: 'unreachable', code: 'timeout' };
    expect(await deliver(silent, party, FULL_RECORDS.quote)).toEqual([gone, gone]);
    expect(written).toEqual(['Account']);
  });

  it('a call that is refused as a whole is halved until the bad row stands alone', async () => {
    const { standIn, target } = await org();
    await deliver(target, party);
    standIn.faults.answerWith({ status: 400, body: '[{"errorCode":"JSON_PARSER_ERROR","message":"?"}]' }, 3);
    const results = await deliver(target, ...[1, 2, 3, 4].map(numbered));
    expect(results.map(({ outcome }) => outcome)).toEqual(['rejected', 'delivered', 'delivered', 'delivered']);
  });

  it('whose field is refused go together a second time, without it', async () => {
    const { standIn, target, paths } = await org({ personAccounts: true });
    await deliver(target, party);
    standIn.faults.refuseField?.('party');
    const before = paths().length;
    const people = [1, 2, 3].map((number) => ({ ...person, key: `p-pty-9${number}` as const }));
    const results = await deliver(target, ...people, party);
    for (const result of results.slice(0, 3)) {
      expect(result).toMatchObject({ outcome: 'delivered' });
      expect(result).toHaveProperty(
        'refusedFields',
        expect.arrayContaining([{ field: 'Phone', code: 'string_too_long' }]),
      );
    }
    expect(results[3]).toMatchObject({ outcome: 'delivered', change: 'updated' });
    expect(paths().slice(before)).toHaveLength(2);
  });

  it('under one account written at the same time lock each other out, and are tried again', async () => {
    const { target, open, standIn } = await org({ locksParents: true });
    await deliver(target, party);
    const other = open();
    await deliver(other, party);
    const quote = (number: number): CanonicalRecord => ({ ...FULL_RECORDS.quote, key: `p-quo-${number}` });
    const results = await Promise.all([deliver(target, quote(1)), deliver(other, quote(2))]);
    const outcomes = results.flat();
    expect(outcomes.filter(({ outcome }) => outcome === 'delivered')).toHaveLength(1);
    expect(outcomes).toContainEqual({ outcome: 'retry', code: 'unable_to_lock_row' });
    await deliver(target, quote(1), quote(2));
    expect(standIn.records().filter(({ kind }) => kind === 'quote')).toHaveLength(2);
  });

  it('that end up at an object which the user does not see are rejected in words', async () => {
    const { target } = await org({ isDeployed: false });
    const policy: CanonicalRecord = { ...FULL_RECORDS.policy };
    expect(await deliver(target, policy)).toMatchObject([{ outcome: 'rejected', code: 'object_not_visible' }]);
  });
});

describe('a line of the timeline', () => {
  const about = (required: boolean): CanonicalRecord => ({
    ...FULL_RECORDS.activity,
    relations: [
      { name: 'invoice', kind: 'invoice', key: 'p-inv-1', required: false },
      { name: 'policyholder', kind: 'party', key: 'p-pty-77', required },
    ],
  });
  const lineWith = (record: CanonicalRecord, id?: string): Delivery => ({
    ...deliveryOf(record),
    relatedIds: new Map(id === undefined ? [] : [['p-pty-77', id]]),
  });

  it('hangs on the id that is known, without a question', async () => {
    const { standIn, target, paths } = await org();
    const [written] = await deliver(target, party);
    const before = paths().length;
    const id = written?.outcome === 'delivered' ? written.targetId : undefined;
    expect(await salesforceConnector.deliver([lineWith(about(false), id)], target)).toMatchObject([
      { change: 'created' },
    ]);
    expect(paths().slice(before)).toEqual(['PATCH /composite/sobjects/Task/Socotra_Key__c']);
    expect(standIn.records().find(({ kind }) => kind === 'activity')?.tiedTo).toEqual(['p-pty-77']);
  });

  it('hangs on what is found by its key', async () => {
    const { standIn, target } = await org();
    await deliver(target, party);
    await salesforceConnector.deliver([lineWith(about(false))], target);
    expect(standIn.records().find(({ kind }) => kind === 'activity')?.tiedTo).toEqual(['p-pty-77']);
  });

  it('stands alone where what it is about was never sent and is not needed', async () => {
    const { standIn, target } = await org();
    expect(await salesforceConnector.deliver([lineWith(about(false))], target)).toMatchObject([{ change: 'created' }]);
    expect(standIn.records()).toMatchObject([{ kind: 'activity', tiedTo: [] }]);
  });

  it.each<[string, Delivery]>([
    ['it is needed', lineWith(about(true))],
    ['it was there once', lineWith(about(false), '001NOBODY000000AAA')],
  ])('waits for what it is about where %s', async (_what, line) => {
    const { standIn, target } = await org();
    expect(await salesforceConnector.deliver([line], target)).toMatchObject([{ outcome: 'dependency' }]);
    expect(standIn.records()).toEqual([]);
  });
});

it('a person account keeps its type, a household is one record of ours', async () => {
  const { standIn, target } = await org({ personAccounts: true });
  await deliver(target, person);
  expect(standIn.records()).toMatchObject([
    { kind: 'party', fields: { LastName: 'Avery', PersonEmail: 'jordan@example.com' } },
  ]);
  const other = await org();
  await deliver(other.target, person);
  expect(other.standIn.records()).toMatchObject([
    { kind: 'party', fields: { Name: 'Jordan Avery', 'Contact.LastName': 'Avery' } },
  ]);
});

it('amounts arrive digit by digit, in the currency of the record where the org has several', async () => {
  const { standIn, target } = await org({ multiCurrency: true });
  await deliver(target, party, {
    ...FULL_RECORDS.quote,
    fields: { ...FULL_RECORDS.quote.fields, grossPremium: '1234567890.12' },
  });
  const quote = standIn.records().find(({ kind }) => kind === 'quote');
  expect(quote?.fields).toMatchObject({ Amount: 1234567890.12, CurrencyIsoCode: 'USD' });
});

it('another org behind the same settings is another account', async () => {
  const [one, two] = [await org(), await org()];
  const first = await salesforceConnector.identify?.(one.target);
  expect(first).toEqual({ ok: true, value: expect.stringMatching(/^00D\w{15}$/) });
  expect(await salesforceConnector.identify?.(one.open())).toEqual(first);
  expect(await salesforceConnector.identify?.(two.target)).not.toEqual(first);
});
