import { daysBetween } from '../../src/aws';

test('days are counted in both directions', () => {
  expect([daysBetween('2026-11-23', '2027-03-01'), daysBetween('2026-11-23', '2026-11-23'), daysBetween('2026-11-23', '2026-11-22')]).toEqual([98, 0, -1]);
});
