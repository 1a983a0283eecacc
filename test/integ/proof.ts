import { type AwsApiCall, ExpectedResult, type IApiCall, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicies, Stack, Validations } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { Profile, ProductionFunction, type ProductionFunctionProps } from '../../src';

/**
 * A stack for a real account, with what must be true of it once it is deployed. It is a sandbox: `cdk destroy` leaves
 * nothing behind.
 */
export class Proof {
  public readonly app = new App({
    // A log group that CDK makes for a plain function stays when the stack goes.
    context: { ...recommended, '@aws-cdk/aws-lambda:useCdkManagedLogGroup': false },
    analyticsReporting: false,
  });
  public readonly stack: Stack;
  public readonly test: IntegTest;

  /**
   * @param name The name of what is proven
   * @param create Makes the stack where that is what is proven; else it is a plain one in a sandbox
   */
  constructor(name: string, create: (app: App, id: string) => Stack = sandbox) {
    this.stack = create(this.app, `CplInteg${name}`);
    RemovalPolicies.of(this.stack).destroy(); // plain constructs know no profile
    Validations.of(this.stack).acknowledge({ id: 'Annotation::cdk-production-lambda:Profile.sandboxOfNobody', reason: 'it is destroyed at the end of the run' });
    this.test = new IntegTest(this.app, `${name}Test`, { testCases: [this.stack] });
  }

  /** A ProductionFunction of a few lines of JavaScript. */
  public function(id: string, body: string, props: Partial<ProductionFunctionProps> = {}): ProductionFunction {
    return new ProductionFunction(this.stack, id, {
      runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: lambda.Code.fromInline(`exports.handler = async event => { ${body} };`), ...props,
    });
  }

  /** A function invoked with a payload answers as expected. */
  public answers(fn: lambda.IFunction, payload: unknown, answer: unknown): IApiCall {
    return this.invoke(fn, payload, 'RequestResponse').expect(ExpectedResult.objectLike({ Payload: JSON.stringify(answer) }));
  }

  /** Sends an event to a function without waiting for it. */
  public sends(fn: lambda.IFunction, payload: unknown): IApiCall {
    return this.invoke(fn, payload, 'Event').expect(ExpectedResult.objectLike({ StatusCode: 202 }));
  }

  /** A call of AWS has the result, within five minutes. */
  public becomes(service: string, api: string, parameters: object, action: string, resources: string[], result: object): IApiCall {
    const call = this.test.assertions.awsApiCall(service, api, parameters).expect(ExpectedResult.objectLike(result)) as AwsApiCall;
    call.waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(15) });
    for (const provider of [call.provider, call.waiterProvider]) provider?.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: resources });
    return call;
  }

  /** A queue has at least one message. */
  public receives(queue: sqs.IQueue): IApiCall {
    const attributes = { QueueUrl: queue.queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] };
    return this.becomes('SQS', 'getQueueAttributes', attributes, 'sqs:GetQueueAttributes', [queue.queueArn], { Attributes: { ApproximateNumberOfMessages: '1' } });
  }

  private invoke(fn: lambda.IFunction, payload: unknown, InvocationType: string): IApiCall {
    const call = this.test.assertions.awsApiCall('Lambda', 'invoke', { FunctionName: fn.functionArn, InvocationType, Payload: JSON.stringify(payload) });
    call.provider.addToRolePolicy({ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: [fn.functionArn] });
    return call;
  }
}

function sandbox(app: App, id: string): Stack {
  const stack = new Stack(app, id);
  Profile.sandbox({ owner: 'integ' }).applyTo(stack);
  return stack;
}
