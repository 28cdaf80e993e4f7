import { localDate, longDate } from './local-date.js';

const LOS_ANGELES = 'America/Los_Angeles';

describe('a local day', () => {
  it.each([
    ['term start, local midnight', 1717225200000, LOS_ANGELES, '2024-06-01', '1 Jun 2024'],
    ['the same instant in UTC', 1717225200000, 'UTC', '2024-06-01', '1 Jun 2024'],
    ['invoice due, last millisecond of the day', 1717311599999, LOS_ANGELES, '2024-06-01', '1 Jun 2024'],
    ['the same instant in UTC', 1717311599999, 'UTC', '2024-06-02', '2 Jun 2024'],
    ['one millisecond later', 1717311600000, LOS_ANGELES, '2024-06-02', '2 Jun 2024'],
    ['September, which ICU may call Sept', 1725174000000, LOS_ANGELES, '2024-09-01', '1 Sep 2024'],
    ['winter time', 1735689599999, 'Europe/Berlin', '2025-01-01', '1 Jan 2025'],
    ['before the epoch', -2208988800000, 'UTC', '1900-01-01', '1 Jan 1900'],
    ['an unknown zone counts as UTC', 1717311599999, 'Mars/Olympus_Mons', '2024-06-02', '2 Jun 2024'],
    ['no zone counts as UTC', 1717311599999, '', '2024-06-02', '2 Jun 2024'],
  ])('%s', (_, instantMs, timeZone, day, sentence) => {
    expect([localDate(instantMs, timeZone), longDate(instantMs, timeZone)]).toEqual([day, sentence]);
  });

  it('stays right for more zones than are kept', () => {
    for (let zone = 0; zone < 200; zone += 1) localDate(0, `Unknown/Zone${zone}`);
    expect(localDate(1717311599999, LOS_ANGELES)).toBe('2024-06-01');
  });
});
