import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { HookSite } from './hook-site';
import { bindOwnHook } from './own-hook';

/**
 * What CodeDeploy runs before the first request reaches a new version, or after the last has moved to it.
 *
 * A release waits for the hook's answer, and goes back when the answer is `Failed` or does not come within an hour.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-lambda
 * @example
 * declare const probe: ProductionFunction;
 * declare const fn: lambda.Function;
 * new CanaryAlias(this, 'Live', { function: fn, postTraffic: TrafficHook.fromFunction(probe) });
 */
export class TrafficHook {
  /**
   * A function of your own. It is called with `DeploymentId` and `LifecycleEventHookExecutionId`, and must report
   * `Succeeded` or `Failed` by `codedeploy:PutLifecycleEventHookExecutionStatus` within an hour, best within minutes.
   *
   * The function is allowed to report for this release group, and CodeDeploy to invoke the function; of an imported
   * function CDK warns what must be granted by hand. Refused: the
   * released function itself, a function of another stack, and a function that waits for the alias (by its
   * environment, a grant or an event source): the alias waits for its hook, and so none of them could be made. Test the
   * new version, `alias.version`, which waits for nothing.
   *
   * @param hook The function
   */
  public static fromFunction(hook: lambda.IFunction): TrafficHook {
    return new TrafficHook(site => bindOwnHook(site, hook));
  }

  /**
   * A hook made of what it does to an alias.
   *
   * @internal
   */
  public static _of(bind: (site: HookSite) => string): TrafficHook {
    return new TrafficHook(bind);
  }

  private constructor(private readonly bind: (site: HookSite) => string) { }

  /**
   * Makes and grants what the hook needs, and returns the name of the function to call.
   *
   * @internal
   */
  public _bind(site: HookSite): string {
    return this.bind(site);
  }
}
