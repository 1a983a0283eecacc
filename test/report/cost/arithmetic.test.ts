import * as fc from 'fast-check';
import { exactly, group, isExact, line, product, range, sum, ZERO } from '../../../src/report/cost/arithmetic';
import type { Range } from '../../../src/report/cost/arithmetic';

const bound = fc.double({ min: 0, max: 1e6, noNaN: true });
const ranges = fc.tuple(bound, bound).map(([a, b]) => range(a, b));
const isOrdered = ({ min, max }: Range) => min <= max;

test('a range is ordered, and an exact one has one value', () => {
  expect(range(3, 1)).toEqual({ min: 1, max: 3 });
  expect(isExact(exactly(2))).toBe(true);
  expect(isExact(range(1, 2))).toBe(false);
});

test('sums and products of ordered ranges are ordered', () => {
  fc.assert(fc.property(fc.array(ranges, { maxLength: 6 }), list => isOrdered(sum(list)) && isOrdered(product(list))));
});

test('the amount of a line is the product of its factors', () => {
  fc.assert(fc.property(fc.array(ranges, { minLength: 1, maxLength: 5 }), values => {
    const { amount } = line('x', values.map(value => ({ label: 'f', value })), 'https://aws.amazon.com/');
    expect(amount.min).toBe(values.reduce((n, { min }) => n * min, 1));
    expect(amount.max).toBe(values.reduce((n, { max }) => n * max, 1));
  }));
});

test('the amount of a group is the sum of its lines', () => {
  fc.assert(fc.property(fc.array(ranges, { maxLength: 6 }), values => {
    const lines = values.map(value => line('x', [{ label: 'f', value }], 'https://aws.amazon.com/'));
    expect(group('g', lines).amount).toEqual(values.reduce((total, value) => ({ min: total.min + value.min, max: total.max + value.max }), ZERO));
  }));
});

test('a larger factor never makes a smaller product', () => {
  fc.assert(fc.property(ranges, ranges, bound, (a, b, more) => {
    const larger = product([{ min: a.min, max: a.max + more }, b]);
    return larger.max >= product([a, b]).max && larger.min >= product([a, b]).min;
  }));
});
