import { dayOf } from './day-of.js';

it.each([
  ['2025-02-01T01:30:00.000Z', 'America/New_York', '2025-01-31'],
  ['2025-02-01T01:30:00.000Z', 'UTC', '2025-02-01'],
  ['2025-01-31T15:30:00.000Z', 'Asia/Tokyo', '2025-02-01'],
  // In summer time, an hour before midnight.
  ['2025-07-31T21:30:00.000Z', 'Europe/Berlin', '2025-07-31'],
  ['2025-07-31T22:30:00.000Z', 'Europe/Berlin', '2025-08-01'],
  [null, 'Asia/Tokyo', null],
  [undefined, 'Asia/Tokyo', undefined],
])('%s is in %s the day %s', (instant, timeZone, day) => {
  expect(dayOf(instant, { timeZone })).toBe(day);
});
