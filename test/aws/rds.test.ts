import * as fc from 'fast-check';
import { instanceMaxConnections, leastMaxConnections, maxConnections, versionsInstead } from '../../src/aws';

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

test.each([
  ['postgresql', '16.1', false], ['postgresql', '15.3', false], ['postgresql', '15.2', true], ['postgresql', '13.11', false], ['postgresql', '13.10', true], ['postgresql', '12.22', true],
  ['postgresql', '19.1', false], ['postgresql', 'unknown', false],
  ['mysql', '8.0.mysql_aurora.3.07.0', false], ['mysql', '8.0.mysql_aurora.3.06.1', true], ['mysql', '5.7.mysql_aurora.2.12.0', true], ['mysql', '8.4.mysql_aurora.8.4.0', false],
] as const)('%s %s is too old for the Data API: %s', (family, version, isTooOld) => {
  expect(versionsInstead('Data API', family, version)).toEqual(!isTooOld ? undefined : family === 'mysql' ? ['3.07'] : ['13.11', '14.8', '15.3', '16.1', '17.4', '18.3']);
});

test.each([
  ['postgresql', '15.7', undefined], ['postgresql', '15.6', ['13.15', '14.12', '15.7', '16.3']], ['postgresql', '17.4', undefined],
  ['mysql', '8.0.mysql_aurora.3.08.0', undefined], ['mysql', '8.0.mysql_aurora.3.07.1', ['3.08']],
] as const)('%s %s pauses, or others do: %j', (family, version, others) => {
  expect(versionsInstead('auto-pause', family, version)).toEqual(others);
});

test.each([
  ['postgresql', 1, 4, 823], ['postgresql', 0.5, 16, 2_000], ['postgresql', 1, 16, 3_360], ['postgresql', 1, 5, 1_669], ['postgresql', 1, 257, undefined],
  ['mysql', 0.5, 1, 90], ['mysql', 0, 256, 6_000],
] as const)('%s from %d to %d ACU has at most %d connections', (family, min, max, connections) => {
  expect(maxConnections(family, min, max)).toBe(connections);
});
