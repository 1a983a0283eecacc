/** A number that the template determines only between two bounds. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** One factor of a product: `9 alarm metrics`, `0.10 USD per alarm metric`. */
export interface Factor {
  readonly label: string;
  readonly value: Range;
}

/** An amount in US dollars with its arithmetic: the product of its factors. */
export interface CostLine {
  readonly label: string;
  /** The resource path of a line about one resource. */
  readonly subject?: string;
  readonly factors: readonly Factor[];
  readonly amount: Range;
  /** The page with the price. */
  readonly source: string;
}

/** Lines with their sum. */
export interface CostGroup {
  readonly label: string;
  readonly lines: readonly CostLine[];
  readonly amount: Range;
}

export const ZERO: Range = { min: 0, max: 0 };

export function exactly(value: number): Range {
  return { min: value, max: value };
}

export function range(min: number, max: number): Range {
  return { min: Math.min(min, max), max: Math.max(min, max) };
}

export function sum(ranges: readonly Range[]): Range {
  return ranges.reduce((total, { min, max }) => ({ min: total.min + min, max: total.max + max }), ZERO);
}

/** The product of non-negative ranges. */
export function product(ranges: readonly Range[]): Range {
  return ranges.reduce((total, { min, max }) => ({ min: total.min * min, max: total.max * max }), exactly(1));
}

export function isExact({ min, max }: Range): boolean {
  return min === max;
}

export function line(label: string, factors: readonly Factor[], source: string, subject?: string): CostLine {
  return { label, subject, factors, amount: product(factors.map(({ value }) => value)), source };
}

export function group(label: string, lines: readonly CostLine[]): CostGroup {
  return { label, lines, amount: sum(lines.map(({ amount }) => amount)) };
}
