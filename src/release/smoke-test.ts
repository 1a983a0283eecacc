import { Stack } from 'aws-cdk-lib';
import { ExpectedValue } from './expected-value';
import { deploymentGroupName, type HookBinding } from './hook-binding';
import { SmokeTestHook } from './smoke-test-hook';
import type { SmokeTestOptions } from './smoke-test-props';
import { TrafficHook } from './traffic-hook';
import { DEFAULTS, SMOKE_TEST } from '../defaults';
import { sortedEntries } from '../private/template-json';
import { refuse, requireRange } from '../private/validation';

/**
 * A test that invokes a new version before it receives traffic.
 *
 * Creates one hook function for all smoke tests of a stack, with its role and log group (more than one if their events
 * exceed the 4 KB of environment variables), and for each tested alias a permission to invoke its new version. The hook
 * has no other permission to invoke a function. CodeDeploy invokes the hook. The hook reads from CodeDeploy which version
 * is released, invokes that version by its number, compares the response and always reports `Succeeded` or `Failed`: also
 * after an error of its own, after its timeout of five minutes, and after a response that it cannot read. During a
 * rollback it tests nothing, so that a test cannot block the rollback.
 *
 * Throws an error if `payload` or `expect` contains tokens, or if a test is larger than 3,800 bytes.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 * @example
 * const payload: { [key: string]: any } = { 'requestContext': { http: { method: 'GET', path: '/health' } } };
 * const expect: { [key: string]: any } = { 'statusCode': 200, 'body': { status: 'ok', version: ExpectedValue.STRING } };
 * new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 *   release: { preTraffic: SmokeTest.invoke({ payload, expect }) },
 * });
 */
export class SmokeTest {
  /**
   * Invokes the new version and compares its response.
   *
   * @param options The event and the expected response
   */
  public static invoke(options: SmokeTestOptions = {}): TrafficHook {
    return TrafficHook._of(binding => bind(binding, options));
  }

  private constructor() { }
}

function bind(binding: HookBinding, options: SmokeTestOptions): string {
  const { path } = binding.alias.node;
  requireRange(path, 'attempts', options.attempts, 1, SMOKE_TEST.attemptsMax, { above: 'more attempts exceed the timeout of the hook' });
  const test = {
    payload: literal(binding, 'payload', options.payload ?? {}),
    ...options.expect !== undefined && { expect: literal(binding, 'expect', options.expect) },
    attempts: options.attempts ?? DEFAULTS.SmokeTest.attempts.value,
  };
  const key = deploymentGroupName(binding.alias);
  const bytes = Buffer.byteLength(JSON.stringify({ [key]: test }));
  if (bytes > SMOKE_TEST.testsMaxBytes) {
    refuse(path, `'payload' and 'expect' must be at most ${SMOKE_TEST.testsMaxBytes} bytes together, got ${bytes}; `
      + 'send a smaller event, or use TrafficHook.fromFunction()');
  }
  return SmokeTestHook.addTest(binding, key, test);
}

function literal(binding: HookBinding, prop: string, value: unknown): unknown {
  const rendered = render(value);
  const text = JSON.stringify(rendered);
  if (text === undefined || text !== JSON.stringify(Stack.of(binding.alias).resolve(rendered))) {
    refuse(binding.alias.node.path, `'${prop}' must be literal JSON, got a token; `
      + 'the hook tests all functions of the stack and must not depend on any of them');
  }
  return JSON.parse(text);
}

function render(value: unknown): unknown {
  if (value instanceof ExpectedValue) return value._render();
  if (Array.isArray(value)) return value.map(render);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(sortedEntries(value as { [key: string]: unknown }).map(([key, part]) => [key, render(part)]));
}
