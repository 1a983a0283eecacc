/**
 * Options of a smoke test: the event that is sent to the new version and the response that is expected.
 */
export interface SmokeTestOptions {
  /**
   * The event that the new version is invoked with, as JSON. Literal values only and no secrets, because the event is
   * readable in the template. The event is sent again if an attempt fails: mark it so that the function recognizes a test
   * and has no side effects.
   *
   * @default {}
   */
  readonly payload?: any;

  /**
   * The expected response, as JSON. The members of an object must exist and match, other members are allowed; a list must
   * have as many items, and each must match; other values must be equal. `ExpectedValue.STRING` and its siblings match any
   * value of a type. If an object or a list is expected and the response has a text, such as the `body` of a response to
   * API Gateway, the text is parsed as JSON.
   *
   * @default - any response without a function error, and with a `statusCode` below 400 if it has one
   */
  readonly expect?: any;

  /**
   * Maximum number of invocations: a cold start or a database that resumes can fail the first. The pauses between
   * attempts are 2, 4, 8, 16 … seconds, at most 30. At least 1, at most 10.
   *
   * @default 5
   */
  readonly attempts?: number;
}
