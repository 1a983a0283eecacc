import { daysBetween, maxConnections } from '../../src/limits';

test.each([
  ['postgresql', 1, 4, 823], ['postgresql', 0.5, 16, 2_000], ['postgresql', 1, 16, 3_360], ['postgresql', 1, 5, 1_669], ['postgresql', 1, 257, undefined],
  ['mysql', 0.5, 1, 90], ['mysql', 0, 256, 6_000],
] as const)('%s from %d to %d ACU has at most %d connections', (family, min, max, connections) => {
  expect(maxConnections(family, min, max)).toBe(connections);
});

test('days are counted in both directions', () => {
  expect([daysBetween('2026-11-23', '2027-03-01'), daysBetween('2026-11-23', '2026-11-23'), daysBetween('2026-11-23', '2026-11-22')]).toEqual([98, 0, -1]);
});
