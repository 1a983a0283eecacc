import type { Range } from '../cost/arithmetic';
import { isExact } from '../cost/arithmetic';

// a formatter that is kept is a hundred times as fast as toLocaleString
const NUMBER = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const SMALL = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 });

/** `45 s`, `10 min`, `4 h`, `14 d`: the largest unit without a remainder. */
export function duration(seconds: number): string {
  for (const [size, unit] of [[86_400, 'd'], [3_600, 'h'], [60, 'min']] as const) {
    if (seconds >= 2 * size && seconds % size === 0) return `${seconds / size} ${unit}`;
    if (seconds === size) return `1 ${unit}`;
  }
  return `${number(seconds)} s`;
}

/** At most two decimals, with a separator for thousands. */
export function number(value: number): string {
  return NUMBER.format(Number(value.toFixed(2)));
}

/** Four significant digits for small factors, such as the price of a GB-second. */
export function factor(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.01) return value.toPrecision(4).replace(/\.?0+(e|$)/, '$1').replace(/e-(\d+)$/, ' × 10^-$1');
  return number(value);
}

export function bytes(value: number): string {
  if (value >= 1_048_576) return `${number(value / 1_048_576)} MB`;
  return value >= 1_024 ? `${number(value / 1_024)} KB` : `${value} bytes`;
}

export function rangeText(range: Range, show: (value: number) => string = number): string {
  return isExact(range) || show(range.min) === show(range.max) ? show(range.max) : `${show(range.min)}–${show(range.max)}`;
}

/** `0.90 USD`, `12–48 USD`. */
export function dollars(range: Range): string {
  return `${rangeText(range, money)} USD`;
}

/** Without cents from 100 dollars on, for a summary. */
export function roundDollars(range: Range): string {
  return `${rangeText(range, value => (value >= 100 ? number(Math.round(value)) : money(value)))} USD`;
}

function money(value: number): string {
  return (value === 0 || value >= 0.01 ? CENTS : SMALL).format(value);
}
