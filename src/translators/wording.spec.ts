import { calledBy } from './wording.js';

describe('what an entity is called', () => {
  it.each([
    [{ locator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69', displayId: '100004500' }, '100004500'],
    [{ locator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69', displayId: 'CLM-2024-000123' }, 'CLM-2024-000123'],
    [{ locator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69' }, '…cefb69'],
    [{ locator: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69', displayId: 'd58a4ab0-8cbe-5160-8b5a-d1930dcefb69' }, '…cefb69'],
    [{ locator: '100004214' }, '100004214'],
  ])('%j is %s', (entity, expected) => {
    expect(calledBy(entity)).toBe(expected);
  });
});
