import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { daysBetween, RUNTIME_ENDS } from '../../src/aws';

/** Runtimes of CDK for which neither the documentation nor cfn-lint has a date yet. */
const WITHOUT_DATE = ['java8.al2023', 'java11.al2023', 'java17.al2023'];

test('days are counted in both directions', () => {
  expect([daysBetween('2026-11-23', '2027-03-01'), daysBetween('2026-11-23', '2026-11-23'), daysBetween('2026-11-23', '2026-11-22')]).toEqual([98, 0, -1]);
});

describe('the dates of the runtimes', () => {
  test('contain every runtime of CDK', () => {
    const names = new Set(Runtime.ALL.map(({ name }) => name).filter(name => name !== Runtime.FROM_IMAGE.name));
    expect(names.size).toBeGreaterThan(40);
    expect([...names].filter(name => !Object.hasOwn(RUNTIME_ENDS, name))).toEqual(WITHOUT_DATE);
  });

  test.each(Object.entries(RUNTIME_ENDS))('%s has ISO dates in their order and a successor that is a runtime without an earlier date', (_, { deprecated, createBlocked, successor }) => {
    for (const date of [deprecated, createBlocked ?? deprecated]) expect(new Date(date).toISOString().slice(0, 10)).toBe(date);
    expect(daysBetween(deprecated, createBlocked ?? deprecated)).toBeGreaterThanOrEqual(0);
    if (successor.startsWith('the next') || WITHOUT_DATE.includes(successor)) return;
    expect(daysBetween(deprecated, RUNTIME_ENDS[successor].deprecated)).toBeGreaterThanOrEqual(0);
  });
});
