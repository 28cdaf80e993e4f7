import { differenceOf, isSameValue } from './difference.js';

it.each<[string, string, boolean]>([
  ['In force', 'In force', true],
  ['In force', 'in force', false],
  ['', '', true],
  ['', ' ', true],
  ['x', '', false],
  ['1100.00', '1100', true],
  ['1100.00', '1100.0', true],
  ['-0.50', '-0.5', true],
  ['1100.00', '1100.01', false],
  // More digits than a float holds.
  ['9007199254740993', '9007199254740992', false],
  ['100004200', '100004200', true],
  ['2024-05-21T15:30:00.000Z', '2024-05-21T15:30:00.000+0000', true],
  ['2024-05-21T15:30:00.000Z', '2024-05-21T17:30:00+02:00', true],
  ['2024-05-21 15:30:00', '2024-05-21T15:30:00.000Z', true],
  ['2024-05-21T15:30:00Z', '2024-05-21T15:30:01Z', false],
  ['2024-05-21', '2024-05-22', false],
  ['line\none', 'line\r\none', true],
])('%j and %j are the same: %s', (a, b, same) => {
  expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([same, same]);
});

it('what would change comes first, and the rest stays in its order', () => {
  const wanted = { number: '1', status: 'Cancelled', premium: '10.00', reason: '' };
  const held = { number: '1', status: 'In force', premium: '10' };
  expect(differenceOf({ wanted, held })).toEqual([
    { field: 'status', wanted: 'Cancelled', held: 'In force', differs: true },
    { field: 'number', wanted: '1', held: '1', differs: false },
    { field: 'premium', wanted: '10.00', held: '10', differs: false },
    { field: 'reason', wanted: '', held: '', differs: false },
  ]);
});

it('of a record that is new, everything that is not empty would change', () => {
  expect(differenceOf({ wanted: { number: '1', reason: '' } })).toEqual([
    { field: 'number', wanted: '1', differs: true },
    { field: 'reason', wanted: '', differs: false },
  ]);
});
