import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from 'aws-lambda';

/** The event and the context of one call of Lambda. */
export interface Invocation {
  readonly event: unknown;
  readonly context: Context;
}

/** By name: a bundle may contain two copies of this package, for example one in the code that instruments a handler. */
const INVOCATIONS = Symbol.for('cdk-production-lambda-runtime.invocations');

/** Runs work as the current invocation. `observed` does so; a test or another wrapper of handlers can do it, too. */
export function runInvocation<R>(invocation: Invocation, work: () => R): R {
  return invocations().run(invocation, work);
}

/** The invocation in which this code runs; undefined outside of `observed` and `runInvocation`. */
export function currentInvocation(): Invocation | undefined {
  return invocations().getStore();
}

function invocations(): AsyncLocalStorage<Invocation> {
  const shared = globalThis as { [INVOCATIONS]?: AsyncLocalStorage<Invocation> };
  return shared[INVOCATIONS] ??= new AsyncLocalStorage<Invocation>();
}
