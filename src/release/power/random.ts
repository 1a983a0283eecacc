/** A source of random numbers in (0, 1) that is the same for the same seed. */
export interface Random {
  (): number;
}

/** L'Ecuyer's combination of two multiplicative generators, with a period of 2 × 10^18. */
export function seeded(seed: number): Random {
  let first = 1 + Math.abs(seed) % 2_147_483_561;
  let second = 1 + Math.abs(seed) * 7 % 2_147_483_397;
  return () => {
    first = 40_014 * first % 2_147_483_563;
    second = 40_692 * second % 2_147_483_399;
    const difference = first - second;
    return (difference < 1 ? difference + 2_147_483_562 : difference) / 2_147_483_563;
  };
}

/** A number of events of a Poisson process with the given mean. */
export function poisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  return mean < 12 ? poissonByInversion(random, mean) : poissonByRejection(random, mean);
}

function poissonByInversion(random: Random, mean: number): number {
  let probability = Math.exp(-mean);
  let sum = probability;
  const drawn = random();
  let count = 0;
  while (drawn > sum && count < 200) {
    count++;
    probability *= mean / count;
    sum += probability;
  }
  return count;
}

/** Hörmann's transformed rejection PTRS, which is exact. */
function poissonByRejection(random: Random, mean: number): number {
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const accepted = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor((2 * a / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= accepted) return count;
    if (count < 0 || (distance < 0.013 && v > distance)) continue;
    const bound = count * Math.log(mean) - mean - logFactorial(count);
    if (Math.log(v) + Math.log(inverseAlpha) - Math.log(a / distance ** 2 + b) <= bound) return count;
  }
}

/** Stirling's series for ln(n!), exact to ten digits. */
function logFactorial(n: number): number {
  let x = n + 1;
  let shift = 0;
  while (x < 10) shift += Math.log(x++);
  const inverse = 1 / x ** 2;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - inverse * (1 / 360 - inverse / 1_260)) / x - shift;
}

/** A number of a standard normal distribution (Box and Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
