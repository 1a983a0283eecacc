/**
 * What a part of a smoke test's answer must be where its value can't be known beforehand.
 *
 * @example
 * declare const fn: lambda.Function;
 * new CanaryAlias(this, 'Live', {
 *   function: fn,
 *   preTraffic: SmokeTest.invoke({ payload: { probe: true }, expect: { id: Shape.STRING, total: 0 } }),
 * });
 */
export class Shape {
  /** Any text. */
  public static readonly STRING = new Shape('string');
  /** Any number. */
  public static readonly NUMBER = new Shape('number');
  /** True or false. */
  public static readonly BOOLEAN = new Shape('boolean');
  /** A list of anything, also an empty one. */
  public static readonly LIST = new Shape('list');
  /** An object with any members. */
  public static readonly OBJECT = new Shape('object');
  /** Anything but null or nothing. */
  public static readonly PRESENT = new Shape('present');

  private constructor(private readonly kind: string) { }

  /**
   * As the hook reads it.
   *
   * @internal
   */
  public _render(): object {
    return { $shape: this.kind };
  }
}
