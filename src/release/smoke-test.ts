import { Stack } from 'aws-cdk-lib';
import { deploymentGroupName, type HookSite } from './hook-site';
import { Shape } from './shape';
import { SmokeTestHook } from './smoke-test-hook';
import { TrafficHook } from './traffic-hook';
import { DEFAULTS, SMOKE_TEST } from '../limits';
import { sortedEntries } from '../private/sorted-keys';
import { refuse, requireRange } from '../private/validation';

/**
 * What is sent to the new version and what must come back.
 */
export interface SmokeTestOptions {
  /**
   * The event that the new version is invoked with, as JSON. Literal values only, and no secrets: it stands readable in
   * the template. Let the function know a probe by it where a real event would have effects, for it is sent again when
   * an attempt fails.
   *
   * @default {}
   */
  readonly payload?: any;

  /**
   * What the answer must contain, as JSON: an object's members must be there and match (others may be there too), a
   * list must have as many items and each must match, all else must be equal. `Shape.STRING` and its like match a kind
   * of value. Where an object or a list is expected and a text comes, as in the `body` of an answer to API Gateway, the
   * text is read as JSON.
   *
   * @default - any answer without a function error, and with a `statusCode` below 400 if it has one
   */
  readonly expect?: any;

  /**
   * How often the new version is invoked until its answer is right: a cold start or a database that resumes can spoil
   * the first. There are 2, 4, 8, 16 … seconds between attempts, at most 30. At least 1, at most 10.
   *
   * @default 5
   */
  readonly attempts?: number;
}

/**
 * A test that invokes the new version itself before it gets traffic.
 *
 * In the account appears one hook function for all smoke tests of a stack (more where their events exceed the 4 KB of
 * environment variables), with its role and log group, and for each tested alias a permission to invoke its new
 * version: the hook can invoke nothing else. CodeDeploy calls the hook, the hook asks CodeDeploy which version is being
 * released, invokes that version by its number, compares the answer and always reports `Succeeded` or `Failed`: after
 * an error of its own, when its five minutes run out, and when an answer can't be read too. On the way back to an old
 * version it tests nothing, so that nothing stands in the way.
 *
 * Refused: tokens in `payload` or `expect`, and a test of more than 3,800 bytes.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html
 * @example
 * new ProductionFunction(this, 'Pay', {
 *   runtime: lambda.Runtime.NODEJS_24_X,
 *   handler: 'index.handler',
 *   code: lambda.Code.fromAsset('handlers/pay'),
 *   release: {
 *     preTraffic: SmokeTest.invoke({
 *       payload: { requestContext: { http: { method: 'GET', path: '/health' } } },
 *       expect: { statusCode: 200, body: { status: 'ok', version: Shape.STRING } },
 *     }),
 *   },
 * });
 */
export class SmokeTest {
  /**
   * Invokes the new version and compares its answer.
   *
   * @param options The event and the answer that is expected
   */
  public static invoke(options: SmokeTestOptions = {}): TrafficHook {
    return TrafficHook._of(site => bind(site, options));
  }

  private constructor() { }
}

function bind(site: HookSite, options: SmokeTestOptions): string {
  const at = site.alias.node.path;
  requireRange(at, 'attempts', options.attempts, 1, SMOKE_TEST.attemptsMax, 'more attempts do not fit into the time of the hook');
  const test = {
    payload: literal(site, 'payload', options.payload ?? {}),
    ...options.expect !== undefined && { expect: literal(site, 'expect', options.expect) },
    attempts: options.attempts ?? DEFAULTS.SmokeTest.attempts.value,
  };
  const key = deploymentGroupName(site.alias);
  const bytes = Buffer.byteLength(JSON.stringify({ [key]: test }));
  if (bytes > SMOKE_TEST.testsMaxBytes) {
    refuse(at, `'payload' and 'expect' must be at most ${SMOKE_TEST.testsMaxBytes} bytes together, got ${bytes}; send a smaller event, or use a hook of your own`);
  }
  return SmokeTestHook.serve(site, key, test);
}

function literal(site: HookSite, prop: string, value: unknown): unknown {
  const rendered = render(value);
  const text = JSON.stringify(rendered);
  if (text === undefined || text !== JSON.stringify(Stack.of(site.alias).resolve(rendered))) {
    refuse(site.alias.node.path, `'${prop}' must be literal JSON, got a token; the hook serves all functions of the stack and may wait for none of them`);
  }
  return JSON.parse(text);
}

function render(value: unknown): unknown {
  if (value instanceof Shape) return value._render();
  if (Array.isArray(value)) return value.map(render);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(sortedEntries(value as { [key: string]: unknown }).map(([key, part]) => [key, render(part)]));
}
