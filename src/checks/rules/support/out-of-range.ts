import { asNumber } from '../../graph';
import type { Resource } from '../../graph';
import type { Problem } from '../rule';

/** A known number outside the range that the service supports. */
export function outOfRange(at: Resource, property: string, min: number, max: number): Problem[] {
  const value = asNumber(at.get(property));
  return value !== undefined && (value < min || value > max)
    ? [{ at, property, must: `must be between ${min} and ${max}`, got: value }]
    : [];
}
