import { endpointBreakEven, provisionedBreakEven } from '../../../src/report/cost/break-even';
import { PRICES } from '../../../src/report/cost/prices';

test('provisioned concurrency pays from 60 % of use on, on both architectures', () => {
  expect(provisionedBreakEven(PRICES, false)).toBeCloseTo(0.6, 3);
  expect(provisionedBreakEven(PRICES, true)).toBeCloseTo(0.6, 3);
});

test('provisioned concurrency never pays if its requests cost as much as on demand', () => {
  const prices = { ...PRICES, provisionedRunGbSecondX86: PRICES.lambdaGbSecondX86 };
  expect(provisionedBreakEven(prices, false)).toBe(Infinity);
});

test('at the break-even, both cost the same', () => {
  const { provisionedGbSecondX86: standing, provisionedRunGbSecondX86: run, lambdaGbSecondX86: onDemand } = PRICES;
  const share = provisionedBreakEven(PRICES, false);
  expect(standing.value + share * run.value).toBeCloseTo(share * onDemand.value, 12);
});

test('five endpoint zones cost as much per hour as a NAT gateway with its address', () => {
  expect(endpointBreakEven(PRICES, 1)).toBeCloseTo(5, 9);
});
