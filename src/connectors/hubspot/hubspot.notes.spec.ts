import { HUBSPOT_RECORDS, HubspotLife } from '../../../test/support/hubspot-life.js';
import type { CanonicalRecord, Relation } from '../../records/canonical-record.js';

const { party, policy, activity } = HUBSPOT_RECORDS;
const TO_POLICY: Relation = { name: 'policy', kind: 'policy', key: policy.key, required: true };

let life: HubspotLife;

afterEach(() => life.close());

describe.each([{ noteKeys: true }, { noteKeys: false }])('notes with %j', (plan) => {
  const note = { ...activity, relations: [TO_POLICY] };
  const longer: CanonicalRecord = { ...note, key: 'p-act-12' };

  beforeEach(async () => {
    life = await HubspotLife.open(plan);
    await life.bring(party);
    await life.bring(policy);
  });

  it('stand once, whatever is remembered, and change with their line', async () => {
    await life.bring(longer, note);
    await life.bring(note);
    const told = { ...note, fields: { ...note.fields, subject: 'Told anew' } };
    expect(await life.bring(told)).toMatchObject([{ outcome: 'delivered', change: 'updated' }]);
    expect(life.held(note.key)).toMatchObject([
      { tiedTo: [policy.key], fields: { hs_note_body: expect.stringContaining('Told anew') } },
    ]);
    expect(life.held('p-act-12')).toHaveLength(1);
  });

  it('wait for a record to stand under', async () => {
    life.standIn.deleteRecord(policy.key);
    expect(await life.bring({ ...note, relations: [{ ...TO_POLICY, required: false }] })).toEqual([
      { outcome: 'dependency', code: 'related_record_missing' },
    ]);
  });

  it('stand under what there is', async () => {
    life.standIn.deleteRecord(policy.key);
    const relations = [{ ...TO_POLICY, required: false }, ...activity.relations];
    expect(await life.bring({ ...note, relations })).toMatchObject([{ outcome: 'delivered' }]);
    expect(life.held(note.key)[0]?.tiedTo).toEqual([party.key]);
  });
});

it.each([
  ['the first', undefined],
  ['the older one, whose number is shorter', '9'],
])('notes that two writers made at the same moment become one: %s', async (_what, twinId) => {
  life = await HubspotLife.open({ noteKeys: false });
  await life.bring(party);
  const note = { ...activity, relations: activity.relations };
  await life.bring(note);
  const [first] = life.held(note.key);
  const { account } = life.standIn;
  const [from] = account.associations.filter((tie) => tie.from.type === 'notes');
  const twin = account.write(
    'notes',
    twinId ?? account.nextId(),
    account.objects.get('notes')?.get(from?.from.id ?? '')?.properties ?? {},
  );
  if (from) account.associate({ type: 'notes', id: twin.id }, from.to);
  expect(life.held(note.key)).toHaveLength(2);
  const oldest = twinId === undefined ? first?.id : `notes/${twinId}`;
  expect(await life.bring(note)).toMatchObject([{ targetId: oldest }]);
  expect(life.held(note.key)).toHaveLength(1);
});

it('of a record with more notes than are searched, only those that were found are written', async () => {
  life = await HubspotLife.open({ noteKeys: false });
  await life.bring(party);
  const note = { ...activity, relations: activity.relations };
  await life.bring(note);
  const { account } = life.standIn;
  const tie = account.associations.find(({ from }) => from.type === 'notes');
  for (let count = 1; count <= 5_000; count += 1) {
    const stranger = account.write('notes', account.nextId(), { hs_note_body: '<p>Called</p>' });
    if (tie) account.associate({ type: 'notes', id: stranger.id }, tie.to);
  }
  const another: CanonicalRecord = { ...note, key: 'p-act-12' };
  const asked = life.posts().length;
  expect(await life.bring(note, another)).toMatchObject([
    { outcome: 'delivered', change: 'updated' },
    { outcome: 'rejected', code: 'too_many_notes', advice: expect.stringContaining('5,000 notes') },
  ]);
  expect(
    life
      .posts()
      .slice(asked)
      .filter((path) => path.endsWith('/contacts/notes/batch/read')),
  ).toHaveLength(10);
  expect(life.held(another.key)).toEqual([]);
});
