import { PRICES, PRICES_AS_OF } from '../../../src/report/cost/prices';

test.each(Object.entries(PRICES))('%s has a unit and a page of AWS', (_, { value, unit, source }) => {
  expect(value).toBeGreaterThan(0);
  expect(unit).not.toBe('');
  expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/[\w/-]+\/pricing\/$/);
});

test.each(Object.entries(PRICES))('%s is compared in a month that is not after the table', (_, { compared = PRICES_AS_OF }) => {
  expect(compared).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
  expect(compared <= PRICES_AS_OF).toBe(true);
});

test('the prices have a date', () => {
  expect(PRICES_AS_OF).toMatch(/^20\d\d-\d\d$/);
});
