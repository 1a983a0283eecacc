import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { FunctionRole } from './function-role';
import type { ProductionFunctionProps } from './production-function-props';
import { DEFAULTS } from '../defaults';
import { FailureQueue } from '../failure';
import { checkedDestination } from '../private/async-destination';
import { findLoops } from '../private/async-loops';
import { eventInvokeConfigOf, removeEventInvokeConfig } from '../private/cdk-internals';
import { isStated } from '../private/stated-props';
import { refuse } from '../private/validation';

const D = DEFAULTS.ProductionFunction;

/**
 * The configuration of asynchronous invocation of the alias. CDK applies the same props to $LATEST, where they do not
 * affect callers of the alias.
 */
export class AsyncConfig {
  private options: lambda.EventInvokeConfigOptions;
  private replaced = false;
  private grantToFailureQueue?: iam.PolicyStatement;

  constructor(
    private readonly owner: lambda.IFunction, private readonly role: FunctionRole, private readonly props: ProductionFunctionProps,
  ) {
    const { onFailure, onSuccess, maxEventAge, retryAttempts } = props;
    this.options = { onFailure, onSuccess, maxEventAge, retryAttempts };
    owner.node.addValidation({ validate: () => findLoops(owner) });
  }

  /** Replaces the defaults with options that the user sets later. */
  public replace(options: lambda.EventInvokeConfigOptions): void {
    const existing = Object.entries(this.options).filter(([, value]) => value !== undefined).map(([prop]) => `'${prop}'`);
    if (this.replaced || existing.length > 0) {
      refuse(this.owner.node.path, "'configureAsyncInvoke()' must be the only configuration of asynchronous invocation, "
        + `got ${existing.join(', ') || 'an earlier call'}; set all options in one place`);
    }
    if (this.props.durableConfig && (options.onFailure ?? options.onSuccess)) {
      refuse(this.owner.node.path, "durable functions do not support destinations, got 'onFailure' or 'onSuccess'; use 'deadLetterQueue'");
    }
    this.replaced = true;
    this.options = options;
    removeEventInvokeConfig(this.owner);
    if (this.grantToFailureQueue) this.role.withdraw(this.grantToFailureQueue);
  }

  /** Passes the whole configuration to `configureAsyncInvoke` of CDK. */
  public apply(configure: (options: lambda.EventInvokeConfigOptions) => void): void {
    configure({
      onSuccess: this.options.onSuccess && checkedDestination(this.owner, 'onSuccess', this.options.onSuccess),
      onFailure: this.options.onFailure ? checkedDestination(this.owner, 'onFailure', this.options.onFailure) : this.failureQueue(),
      retryAttempts: this.options.retryAttempts ?? D.retryAttempts.value,
      maxEventAge: this.options.maxEventAge ?? Duration.seconds(D.maxEventAgeSeconds.value),
    });
  }

  /** Withdraws the default destination for failed events. */
  public withdrawDefault(): void {
    const config = eventInvokeConfigOf(this.owner);
    if (!this.grantToFailureQueue || !config) return;
    this.role.withdraw(this.grantToFailureQueue);
    const { onSuccess } = config.destinationConfig as lambda.CfnEventInvokeConfig.DestinationConfigProperty;
    config.destinationConfig = onSuccess && { onSuccess };
  }

  /** The stack's queue, with the one permission that a destination requires instead of the three that CDK grants. */
  private failureQueue(): lambda.IDestination | undefined {
    // Lambda would deliver each failed event twice: to the author's queue or topic and to this one.
    if (this.props.durableConfig || isStated('failedEvents', this.props)) return undefined;
    const queue = FailureQueue.getOrCreate(this.owner);
    this.grantToFailureQueue = new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
    this.role.addOwn(this.grantToFailureQueue);
    return { bind: () => ({ destination: queue.queueArn }) };
  }
}
