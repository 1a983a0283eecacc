import * as fc from 'fast-check';
import { instanceMaxConnections, leastMaxConnections, maxConnections } from '../../src/limits';

const FAMILIES = ['postgresql', 'mysql'] as const;

test.each([
  ['postgresql', 1, 189], ['postgresql', 4, 823], ['postgresql', 8, 1_669], ['postgresql', 16, 3_360], ['postgresql', 256, 5_000],
  ['mysql', 1, 90], ['mysql', 4, 135], ['mysql', 8, 1_000], ['mysql', 64, 4_000], ['mysql', 256, 6_000],
] as const)('%s with at most %i ACU has the %i connections that AWS documents', (family, acu, connections) => {
  expect([leastMaxConnections(family, 1, acu), maxConnections(family, 1, acu)]).toEqual([connections, connections]);
});

test.each([[2, 400], [2.5, 506], [6, 1_246]])('PostgreSQL with at most %d ACU has %i, which lies between', (acu, connections) => {
  expect(leastMaxConnections('postgresql', 1, acu)).toBe(connections);
});

test.each([[2, 90], [7.5, 135], [12, 1_000]])('MySQL with at most %d ACU has at least %i', (acu, connections) => {
  expect(leastMaxConnections('mysql', 1, acu)).toBe(connections);
});

test.each([[0, 2_000], [0.5, 2_000], [1, 3_360]])('PostgreSQL that may shrink to %d ACU admits at most %i', (min, connections) => {
  expect(leastMaxConnections('postgresql', min, 16)).toBe(connections);
});

test.each(FAMILIES)('%s above 256 ACU is not known', family => {
  expect([leastMaxConnections(family, 1, 257), maxConnections(family, 1, 257)]).toEqual([undefined, undefined]);
});

test('more capacity never means fewer connections, and the lower bound is never above the upper', () => {
  const halves = fc.integer({ min: 2, max: 512 }).map(n => n / 2);
  fc.assert(fc.property(fc.constantFrom(...FAMILIES), halves, halves, fc.constantFrom(0, 0.5, 1), (family, a, b, min) => {
    const [less, more] = [Math.min(a, b), Math.max(a, b)];
    expect(leastMaxConnections(family, min, less)!).toBeLessThanOrEqual(leastMaxConnections(family, min, more)!);
    expect(leastMaxConnections(family, min, less)!).toBeLessThanOrEqual(maxConnections(family, min, less)!);
  }));
});

test.each([
  ['postgresql', 'r8g.large', 1_802], ['postgresql', 'db.r6g.xlarge', 3_604], ['postgresql', 'r8g.4xlarge', 5_000],
  ['postgresql', 'm8g.large', undefined], ['mysql', 'r8g.large', 1_069], ['mysql', 't4g.medium', undefined],
] as const)('%s on %s has %s', (family, type, connections) => {
  expect(instanceMaxConnections(family, type)).toBe(connections);
});
