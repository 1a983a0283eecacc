import { compileExpression } from '../../../src/release/power/metric-math';

const values: Record<string, number> = { a: 6, b: 2, zero: 0, missing: NaN };
const evaluate = (text: string) => compileExpression(text)(id => values[id] ?? NaN);

test.each([
  ['1 + 2 * 3', 7], ['(1 + 2) * 3', 9], ['a / b - 1', 2], ['a - b - 1', 3], ['2 * a ^ 0.5', 2 * Math.sqrt(6)], ['-a + b', -4], ['-b ^ 2', -4], ['1e3 * .5', 500],
  ['a > b', 1], ['a <= b', 0], ['a == 6 AND b != 2', 0], ['a < b OR b >= 2', 1], ['a > 1 && b > 1 || zero', 1],
  ['IF(a > b, 10, 20)', 10], ['IF(zero, 10, 20)', 20], ['MAX([a, b])', 6], ['MIN([a / b, b])', 2], ['SUM([a, b, 1])', 9],
  ['ABS(b - a)', 4], ['LOG(a / 6)', 0], ['FILL(missing, 0) + 1', 1], ['FILL(a, 0)', 6],
])('%s is %d', (text, value) => {
  expect(evaluate(text)).toBeCloseTo(value, 12);
});

test.each(['missing + 1', 'missing > 1', 'a / zero', 'IF(missing, 1, 2)', 'unknown', 'LOG(missing)', 'IF(a < b, 10)'])('%s has no data', text => {
  expect(evaluate(text)).toBeNaN();
});

test('an array leaves out missing data', () => {
  expect(evaluate('MAX([missing, b])')).toBe(2);
});

test.each(['a +', '(a', 'a b', 'RATE(a)', 'a $ b', 'MAX([a, b)'])("fails when the expression is '%s'", text => {
  expect(() => evaluate(text)).toThrow(/is not part of the metric math that is evaluated/);
});
