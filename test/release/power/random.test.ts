import { normal, poisson, seeded } from '../../../src/release/power/random';

test('the same seed has the same numbers', () => {
  const [a, b, other] = [seeded(7), seeded(7), seeded(8)];
  const drawn = [a(), a(), a()];
  expect([b(), b(), b()]).toEqual(drawn);
  expect([other(), other(), other()]).not.toEqual(drawn);
});

function momentsOf(draw: () => number, count = 20_000): { mean: number; variance: number } {
  const drawn = Array.from({ length: count }, draw);
  const mean = drawn.reduce((sum, value) => sum + value, 0) / count;
  return { mean, variance: drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count };
}

test.each([0, 0.05, 1, 11.9, 12.1, 90, 2_000])('a Poisson number of mean %d has this mean and variance', mean => {
  const random = seeded(1);
  const moments = momentsOf(() => poisson(random, mean));
  const error = 5 * Math.sqrt(mean / 20_000);
  expect(Math.abs(moments.mean - mean)).toBeLessThanOrEqual(error);
  expect(Math.abs(moments.variance - mean)).toBeLessThanOrEqual(0.06 * mean + error);
});

test('a normal number has mean 0 and variance 1', () => {
  const random = seeded(2);
  const { mean, variance } = momentsOf(() => normal(random));
  expect(Math.abs(mean)).toBeLessThan(0.03);
  expect(Math.abs(variance - 1)).toBeLessThan(0.04);
});
