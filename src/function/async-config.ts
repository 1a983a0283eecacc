import { Duration } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { FunctionRole } from './function-role';
import type { ProductionFunction, ProductionFunctionProps } from './production-function';
import { FailureQueue } from '../failure';
import { DEFAULTS } from '../limits';
import { checkedDestination } from '../private/async-destination';
import { findLoops } from '../private/async-loops';
import { refuse } from '../private/validation';

const D = DEFAULTS.ProductionFunction;
const CHILD = 'EventInvokeConfig';

/** How the alias treats asynchronous events. CDK puts the same props on $LATEST, where no caller of the alias has them. */
export class AsyncConfig {
  private chosen: lambda.EventInvokeConfigOptions;
  private replaced = false;
  private grantToFailureQueue?: iam.PolicyStatement;

  constructor(private readonly owner: ProductionFunction, private readonly role: FunctionRole, private readonly props: ProductionFunctionProps) {
    const { onFailure, onSuccess, maxEventAge, retryAttempts } = props;
    this.chosen = { onFailure, onSuccess, maxEventAge, retryAttempts };
    owner.node.addValidation({ validate: () => findLoops(owner) });
  }

  /** Takes a later choice of the user in place of the defaults. */
  public replace(options: lambda.EventInvokeConfigOptions): void {
    const stated = Object.entries(this.chosen).filter(([, value]) => value !== undefined).map(([prop]) => `'${prop}'`);
    if (this.replaced || stated.length > 0) {
      refuse(this.owner.node.path, `asynchronous events are configured already by ${stated.join(', ') || 'configureAsyncInvoke()'}; state all of it in one place`);
    }
    if (this.props.durableConfig && (options.onFailure ?? options.onSuccess)) {
      refuse(this.owner.node.path, "durable functions do not support destinations, got 'onFailure' or 'onSuccess'; use 'deadLetterQueue'");
    }
    this.replaced = true;
    this.chosen = options;
    this.owner.node.tryRemoveChild(CHILD);
    if (this.grantToFailureQueue) this.role.withdraw(this.grantToFailureQueue);
  }

  /** Hands the whole configuration to `configureAsyncInvoke` of CDK. */
  public apply(configure: (options: lambda.EventInvokeConfigOptions) => void): void {
    configure({
      onSuccess: this.chosen.onSuccess && checkedDestination(this.owner, 'onSuccess', this.chosen.onSuccess),
      onFailure: this.chosen.onFailure ? checkedDestination(this.owner, 'onFailure', this.chosen.onFailure) : this.failureQueue(),
      retryAttempts: this.chosen.retryAttempts ?? D.retryAttempts.value,
      maxEventAge: this.chosen.maxEventAge ?? Duration.seconds(D.maxEventAgeSeconds.value),
    });
  }

  /** The stack's queue, with the one permission that a destination needs instead of the three that CDK grants. */
  private failureQueue(): lambda.IDestination | undefined {
    if (this.props.durableConfig) return undefined;
    const queue = FailureQueue.of(this.owner);
    this.grantToFailureQueue = new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
    this.role.addOwn(this.grantToFailureQueue);
    return { bind: () => ({ destination: queue.queueArn }) };
  }
}
