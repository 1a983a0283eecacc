import { asNumber, durationOfProperty } from '../../graph';
import type { Resource } from '../../graph';
import type { Problem } from '../rule';

/** A known number outside the range that the service supports. */
export function outOfRange(at: Resource, property: string, min: number, max: number): Problem[] {
  const value = asNumber(at.get(property));
  const limit = (amount: number) => durationOfProperty(property, amount) ?? amount;
  return value !== undefined && (value < min || value > max)
    ? [{ at, property, must: `must be between ${limit(min)} and ${limit(max)}`, got: value }]
    : [];
}
