/* eslint-disable no-bitwise -- a generator of random numbers is made of bits */
import { createHash } from 'node:crypto';

/**
 * Numbers derived from a seed. Each part of a run uses a stream of its own, with a name of its own, so the same seed gives the
 * same plan in any order of events.
 */
export class Random {
  private state: number;

  constructor(private readonly seed: string) {
    this.state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  /** The stream of one part. */
  public of(...name: (string | number)[]): Random {
    return new Random([this.seed, ...name].join('/'));
  }

  /** From 0 to below 1 (mulberry32). */
  public next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  public between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  public chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the keys of `weights`, the heavier the likelier. */
  public pick<T extends string>(weights: Record<T, number>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) if ((left -= weight) < 0) return key;
    return entries[entries.length - 1][0];
  }
}
