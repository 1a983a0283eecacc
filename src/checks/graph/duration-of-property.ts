import { asNumber } from './value';
import type { Value } from './value';
import { DURATION_PROPERTIES } from '../../aws';
import { durationText } from '../../private/duration-text';

/**
 * The value of a property that is a duration, as people write it. Undefined for other properties and values, such as -1
 * (unlimited).
 */
export function durationOfProperty(property: string, value: Value): string | undefined {
  const unit = DURATION_PROPERTIES.get(property.slice(property.lastIndexOf('.') + 1));
  const amount = asNumber(value);
  return unit === undefined || amount === undefined || amount < 0 ? undefined : durationText(amount * unit);
}
