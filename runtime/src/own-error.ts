/** By name: a handler in ES modules and a CommonJS module that it imports have two copies of this package, whose classes differ. */
const OWN = Symbol.for('cdk-production-lambda-runtime.error');

/** An error of this package. */
export class OwnError extends Error {
  constructor(message?: string, options?: ErrorOptions) {
    super(message, options);
    Object.defineProperty(this, OWN, { value: true }); // not enumerable: no line of a log contains it
  }
}

/** Whether this or another copy of the package has created an error. */
export function isOwnError(error: unknown): error is Error {
  return typeof error === 'object' && error !== null && OWN in error;
}
