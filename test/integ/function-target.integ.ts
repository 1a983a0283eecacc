import * as events from 'aws-cdk-lib/aws-events';
import { Proof } from './proof';
import { FailureQueue, FunctionTarget } from '../../src';

/** A rule invokes the alias, and the failed event is sent to the failure queue. */
export const proof = new Proof('FunctionTarget');
const fails = proof.function('Fails', "throw new Error('as asked');", { retryAttempts: 0 });
const source = 'cdk-production-lambda.integ';
new events.Rule(proof.stack, 'Rule', { eventPattern: { source: [source] }, targets: [FunctionTarget.forRule(fails)] });

const put = proof.test.assertions.awsApiCall('EventBridge', 'putEvents', { Entries: [{ Source: source, DetailType: 'order', Detail: '{}' }] });
const bus = proof.stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
put.provider.addToRolePolicy({ Effect: 'Allow', Action: ['events:PutEvents'], Resource: [bus] });
put.next(proof.receives(FailureQueue.getOrCreate(proof.stack)));
