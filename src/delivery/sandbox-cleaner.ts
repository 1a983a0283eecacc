import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SandboxCleanerProps } from './sandbox-cleaner-props';
import { DEFAULTS } from '../defaults';
import { FailureQueue, FunctionTarget } from '../failure';
import { LeastPrivilegeRole } from '../permission';
import { createDeployTimeFunction } from '../private/deploy-time-function';
import { flattenReference } from '../private/template-json';
import { Profile } from '../profile';

const D = DEFAULTS.SandboxCleaner;

/**
 * Deletes the sandboxes of an account and Region the day after they expire: every EphemeralStack with `expires`.
 *
 * Creates a rule that invokes a function every day at 03:00 UTC, and the function with its role and log group. By default the function
 * deletes nothing: it logs each stack that it would delete. Set `dryRun` to false after you have read the log of a run.
 *
 * The function deletes a stack if it has the tags `owner` and `expires`, the day in `expires` is over (UTC), and the template has the
 * metadata that `Profile.sandbox()` writes. It logs one line for each of these stacks. If it cannot delete a stack (termination
 * protection, no execution role, or a deletion that failed since the last run), the run fails, with the stacks and the reasons in its
 * error. Lambda sends a failed run to the FailureQueue of the stack, which has an alarm. A stack that is being changed waits for the
 * next run.
 *
 * The role can delete stacks with both tags only, and no other resource: CloudFormation deletes the resources of a stack with the
 * execution role of the stack, which the CDK passed at the deployment. Stacks that were deployed with the credentials of the caller have no
 * such role. The role reads the list of all stacks, because IAM cannot scope this list to tags. A principal that can set both tags and
 * the metadata of a stack can let it be deleted.
 *
 * Create one in each account and Region with sandboxes, in a stack that is no sandbox.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 * @example
 * new SandboxCleaner(this, 'Cleaner', { dryRun: false });
 */
export class SandboxCleaner extends Construct {
  /**
   * The function. Its invocation by hand starts a run.
   */
  public readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: SandboxCleanerProps = {}) {
    super(scope, id);
    const { dryRun = D.dryRun.value, schedule = events.Schedule.expression(D.schedule.value) } = props;
    const logGroup = new logs.LogGroup(this, 'Logs', { retention: Profile.of(this).logRetention, removalPolicy: RemovalPolicy.DESTROY });
    const role = new LeastPrivilegeRole(this, 'Role');
    logGroup.grantWrite(role);
    this.allowDeletion(role);
    this.function = createDeployTimeFunction(this, {
      description: `Deletes stacks of sandboxes that have expired${dryRun ? ' (dry run)' : ''}`,
      asset: 'sandbox-cleaner',
      memorySize: D.memorySize.value,
      timeoutSeconds: D.timeoutSeconds.value,
      environment: { DRY_RUN: String(dryRun) },
      logGroup,
      role,
      noDeadLetterQueue: 'failed runs are sent to the FailureQueue of the stack, the on-failure destination',
    });
    this.function.configureAsyncInvoke({
      onFailure: new destinations.SqsDestination(FailureQueue.getOrCreate(this)),
      retryAttempts: D.retryAttempts.value,
      maxEventAge: Duration.seconds(D.maxEventAgeSeconds.value),
    });
    new events.Rule(this, 'Schedule', { schedule, targets: [FunctionTarget.forRule(this.function)] });
  }

  private allowDeletion(role: LeastPrivilegeRole): void {
    role.allowWildcard(new iam.PolicyStatement({ actions: ['cloudformation:DescribeStacks'], resources: ['*'] }),
      'the list of all stacks is read to find the expired stacks');
    const stacks = Stack.of(this).formatArn({ service: 'cloudformation', resource: 'stack', resourceName: '*/*' });
    role.addToPrincipalPolicy(new iam.PolicyStatement({
      actions: ['cloudformation:DeleteStack', 'cloudformation:GetTemplateSummary'],
      resources: [stacks],
      conditions: { StringLike: { 'aws:ResourceTag/expires': '????-??-??', 'aws:ResourceTag/owner': '?*' } },
    }));
    Validations.of(role).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${flattenReference(Stack.of(this).resolve(stacks))}]`,
      reason: 'the condition allows stacks with the tags of a sandbox only',
    });
  }
}
