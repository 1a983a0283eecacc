import { statisticOf } from '../../../src/release/power/traffic';

const sorted = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);

test.each([
  ['p50', 5], ['p25', 3], ['p99', 10], ['p90', 9], ['PR(:8)', 80], ['PR(8:)', 20], ['PR(2:4)', 20], ['Minimum', 1], ['Maximum', 10], ['Average', 5.5],
  ['Sum', 55], ['SampleCount', 10],
])('%s', (statistic, value) => {
  expect(statisticOf(statistic, sorted)).toBe(value);
});

test('no values have no statistic', () => {
  expect(statisticOf('p50', new Float64Array())).toBeNaN();
});

test('fails when the statistic is not simulated', () => {
  expect(() => statisticOf('IQM', sorted)).toThrow("the statistic 'IQM' is not simulated");
});
