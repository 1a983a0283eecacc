import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { bindCustomHook } from './custom-hook';
import type { HookBinding } from './hook-binding';

/**
 * A function that CodeDeploy invokes before a new version receives its first request, or after it receives all requests.
 *
 * A release waits for the result of the hook. It rolls back if the result is `Failed` or does not arrive within an hour.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html#appspec-hooks-lambda
 * @example
 * declare const probe: ProductionFunction;
 * declare const fn: lambda.Function;
 * new CanaryAlias(this, 'Live', { function: fn, postTraffic: TrafficHook.fromFunction(probe) });
 */
export class TrafficHook {
  /**
   * A function of your own. CodeDeploy invokes it with `DeploymentId` and `LifecycleEventHookExecutionId`. It must report
   * `Succeeded` or `Failed` with `codedeploy:PutLifecycleEventHookExecutionStatus` within an hour, ideally within minutes.
   *
   * The function is allowed to report for this deployment group, and CodeDeploy is allowed to invoke the function. For an
   * imported function CDK warns that you must grant both permissions.
   *
   * Throws an error if the function is the released function itself, is in another stack, or depends on the alias (by its
   * environment, a grant or an event source): the alias depends on its hook, so CloudFormation could create neither. Use
   * `alias.version`, which has no dependencies, to test the new version.
   *
   * @param hook The function
   */
  public static fromFunction(hook: lambda.IFunction): TrafficHook {
    return new TrafficHook(binding => bindCustomHook(binding, hook));
  }

  /**
   * A hook that `bind` creates for an alias.
   *
   * @internal
   */
  public static _of(bind: (binding: HookBinding) => string): TrafficHook {
    return new TrafficHook(bind);
  }

  private constructor(private readonly bind: (binding: HookBinding) => string) { }

  /**
   * Creates what the hook needs and returns the name of the function to invoke.
   *
   * @internal
   */
  public _bind(binding: HookBinding): string {
    return this.bind(binding);
  }
}
