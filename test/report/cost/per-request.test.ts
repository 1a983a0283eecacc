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
