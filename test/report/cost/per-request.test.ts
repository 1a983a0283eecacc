import * as fc from 'fast-check';
import { exactly, sum } from '../../../src/report/cost/arithmetic';
import type { Range } from '../../../src/report/cost/arithmetic';
import { computeLines } from '../../../src/report/cost/per-request';
import type { Compute } from '../../../src/report/cost/per-request';
import { PRICES } from '../../../src/report/cost/prices';
import type { Prices } from '../../../src/report/cost/prices';
import { sayIn } from '../../../src/report/model/phrases';

const say = sayIn('en');

function compute(changes: Partial<Compute>): Compute {
  return {
    requests: exactly(1_000_000),
    durationMillis: exactly(100),
    memoryGb: 0.5,
    coldStartPercent: exactly(0),
    initMillis: exactly(0),
    isArm: false,
    isProvisioned: false,
    ...changes,
  };
}

/** Requests, duration and INIT in US dollars. */
function parts(changes: Partial<Compute>, prices: Prices = PRICES): number[] {
  return computeLines(compute(changes), prices, say).map(({ amount }) => amount.max);
}

/**
 * The examples of AWS subtract the free tier, which the report leaves out: 1,000,000 requests and 400,000 GB-seconds.
 *
 * @see https://aws.amazon.com/lambda/pricing/
 */
describe('the worked examples of the pricing page of Lambda', () => {
  const free = { requests: 1_000_000, gbSeconds: 400_000 };

  function charge(requests: number, seconds: number, memoryMb: number, prices: Prices = PRICES): { compute: number; requests: number } {
    const use = { requests: exactly(requests), durationMillis: exactly(seconds * 1_000), memoryGb: memoryMb / 1_024 };
    const [ofRequests, duration] = parts(use, prices);
    const [ofFree] = parts({ requests: exactly(free.requests) }, prices);
    return { compute: duration - free.gbSeconds * prices.lambdaGbSecondX86.value, requests: ofRequests - ofFree };
  }

  test('512 MB, 3 million requests of 1 s, at 0.00001667 USD: 18.34 and 0.40 USD', () => {
    const prices = { ...PRICES, lambdaGbSecondX86: { ...PRICES.lambdaGbSecondX86, value: 0.00001667 } };
    const found = charge(3_000_000, 1, 512, prices);
    expect(found.compute).toBeCloseTo(18.34, 2);
    expect(found.requests).toBeCloseTo(0.40, 6);
    expect(found.compute + found.requests).toBeCloseTo(18.74, 2);
  });

  test('mobile backend: 1,536 MB, 3 million requests of 120 ms: 2.33 and 0.40 USD', () => {
    const found = charge(3_000_000, 0.12, 1_536);
    expect(found.compute).toBeCloseTo(2.33, 2);
    expect(found.compute + found.requests).toBeCloseTo(2.73, 2);
  });
});

test('INIT is charged as duration, for the share of cold requests', () => {
  const [, , init] = parts({ coldStartPercent: exactly(1), initMillis: exactly(500), memoryGb: 1 });
  expect(init).toBeCloseTo(1_000_000 * 0.01 * 0.5 * PRICES.lambdaGbSecondX86.value, 9);
});

test('provisioned concurrency has its own duration price, and no INIT in a request', () => {
  const lines = computeLines(compute({ isProvisioned: true, isArm: true, coldStartPercent: exactly(5), initMillis: exactly(900) }), PRICES, say);
  expect(lines).toHaveLength(2);
  expect(lines[1].amount.max).toBeCloseTo(1_000_000 * 0.1 * 0.5 * PRICES.provisionedRunGbSecondArm.value, 9);
});

test('arm64 costs a fifth less than x86_64', () => {
  expect(parts({ isArm: true })[1] / parts({})[1]).toBeCloseTo(0.8, 3);
});

const total = (changes: Partial<Compute>) => sum(computeLines(compute(changes), PRICES, say).map(({ amount }) => amount));
const positive = fc.double({ min: 0, max: 1e5, noNaN: true });

describe('the cost rises with', () => {
  const rises = (of: (value: number) => Partial<Compute>) => fc.assert(fc.property(positive, positive, (value, more) => {
    const [less, larger] = [total(of(value)), total(of(value + more))];
    return larger.min >= less.min && larger.max >= less.max;
  }));

  test('the traffic', () => rises(value => ({ requests: exactly(value) })));
  test('the memory', () => rises(value => ({ memoryGb: value })));
  test('the duration', () => rises(value => ({ durationMillis: exactly(value) })));
  test('the cold starts', () => rises(value => ({ coldStartPercent: exactly(value / 1_000), initMillis: exactly(300) })));
});

test('a range of the input is a range of the cost, with the same bounds', () => {
  const between = (durationMillis: Range) => total({ durationMillis });
  expect(between({ min: 10, max: 20 })).toEqual({ min: between(exactly(10)).min, max: between(exactly(20)).max });
});
