/**
 * A placeholder in the expected response of a smoke test, for a value that is not known in advance.
 *
 * @example
 * declare const fn: lambda.Function;
 * new CanaryAlias(this, 'Live', {
 *   function: fn,
 *   preTraffic: SmokeTest.invoke({ payload: { probe: true }, expect: { id: ExpectedValue.STRING, total: 0 } }),
 * });
 */
export class ExpectedValue {
  /** Any text. */
  public static readonly STRING = new ExpectedValue('string');
  /** Any number. */
  public static readonly NUMBER = new ExpectedValue('number');
  /** True or false. */
  public static readonly BOOLEAN = new ExpectedValue('boolean');
  /** Any list, also an empty one. */
  public static readonly LIST = new ExpectedValue('list');
  /** An object with any members. */
  public static readonly OBJECT = new ExpectedValue('object');
  /** Any value except null; it must exist. */
  public static readonly PRESENT = new ExpectedValue('present');

  private constructor(private readonly kind: string) { }

  /**
   * The form that the hook function reads.
   *
   * @internal
   */
  public _render(): object {
    return { $shape: this.kind };
  }
}
