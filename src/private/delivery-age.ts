import type { IConstruct } from 'constructs';

const AGES = new WeakMap<IConstruct, number>();

/** Remembers for how long something may go on delivering one event to a function before Lambda accepts it. */
export function noteDeliveryAge(fn: IConstruct, seconds: number): void {
  AGES.set(fn, Math.max(deliveryAgeOf(fn), seconds));
}

/** The longest time that was noted for the function, in seconds. */
export function deliveryAgeOf(fn: IConstruct): number {
  return AGES.get(fn) ?? 0;
}
