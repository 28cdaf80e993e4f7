import { inputOf, policyholderOf } from '../../../test/support/translation-input.js';
import type { Policyholder } from '../../core/entities.js';
import type { MappedValues } from '../../core/mapped-values.js';
import { partyRecord } from './party-record.js';

interface Row {
  readonly what: string;
  readonly values?: Policyholder['values'];
  readonly mapped?: MappedValues;
  readonly fields: object;
}

const ROWS: readonly Row[] = [
  {
    what: 'the names of the default configuration',
    values: { first_name: ['Jordan'], last_name: ['Avery'], email: ['j@example.test'], phone: ['+1'] },
    fields: {
      type: 'person',
      name: 'Jordan Avery',
      firstName: 'Jordan',
      lastName: 'Avery',
      email: 'j@example.test',
      phone: '+1',
    },
  },
  {
    what: 'a company by its name, with the person beside it',
    values: { company_name: ['Avery Ltd'], last_name: ['Avery'] },
    fields: { type: 'organization', name: 'Avery Ltd', companyName: 'Avery Ltd', lastName: 'Avery' },
  },
  {
    what: 'a mapped value before the default one',
    values: { last_name: ['Avery'], surname: ['Avery-Lee'] },
    mapped: { 'party-last-name': ['Avery-Lee'] },
    fields: { type: 'person', name: 'Avery-Lee', lastName: 'Avery-Lee' },
  },
  {
    what: 'nothing for a mapped field without a value, even where a default name has one',
    values: { first_name: ['Jordan'], email: ['old@example.test'] },
    mapped: { 'party-email': [] },
    fields: { type: 'person', name: 'Jordan', firstName: 'Jordan' },
  },
  {
    what: 'several distinct values as one text',
    mapped: { 'party-email': ['a@example.test', ' b@example.test', 'a@example.test', ''] },
    fields: { type: 'person', name: 'holder-1', email: 'a@example.test; b@example.test' },
  },
  {
    what: 'the generated number where nobody has a name',
    values: { policyholder_id: ['100004190'] },
    fields: { type: 'person', name: '100004190' },
  },
  { what: 'the locator as the last name of all', fields: { type: 'person', name: 'holder-1' } },
  {
    what: 'only the parts of the address that are known',
    values: { address: ['1 Main St'], zip: ['94103'], state: ['CA'], first_name: ['Jo'] },
    fields: {
      type: 'person',
      name: 'Jo',
      firstName: 'Jo',
      address: { street: '1 Main St', region: 'CA', postalCode: '94103' },
    },
  },
  ...[
    ['a plain day', '1988-03-14', '1988-03-14'],
    ['an instant, as the day in the tenant’s zone', '1988-03-14T02:00:00Z', '1988-03-13'],
    ['milliseconds', '574300800000', '1988-03-13'],
    ['milliseconds before 1970', '-31536000000', '1968-12-31'],
  ].map(([what, text, birthDate]) => ({
    what: `${what} as the day of birth`,
    values: { last_name: ['A'], date_of_birth: [String(text)] },
    fields: { type: 'person', name: 'A', lastName: 'A', birthDate },
  })),
  ...['14/03/1988', '1988', '1988-99-99T00:00:00Z'].map((text) => ({
    what: `no day of birth for ${text}`,
    values: { last_name: ['A'], date_of_birth: [text] },
    fields: { type: 'person', name: 'A', lastName: 'A' },
  })),
];

describe('partyRecord', () => {
  it.each(ROWS)('takes $what', ({ values = {}, mapped = {}, fields }) => {
    expect(partyRecord(inputOf({ mapped }), policyholderOf(values)).fields).toStrictEqual(fields);
  });
});
