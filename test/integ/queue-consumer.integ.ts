import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Proof } from './proof';
import { QueueConsumer } from '../../src';

/** Of two messages, one is processed, and only the failed one is moved to the dead-letter queue. */
export const proof = new Proof('QueueConsumer');
const dead = new sqs.Queue(proof.stack, 'Dead', { retentionPeriod: Duration.days(14), enforceSSL: true });
const queue = new sqs.Queue(proof.stack, 'Queue', { enforceSSL: true, visibilityTimeout: Duration.seconds(12), deadLetterQueue: { queue: dead, maxReceiveCount: 5 } });
const work = proof.function('Work', "return { batchItemFailures: event.Records.filter(r => r.body === 'bad').map(r => ({ itemIdentifier: r.messageId })) };", { timeout: Duration.seconds(2) });
new QueueConsumer(proof.stack, 'Consumer', { function: work, queue });

const send = proof.test.assertions.awsApiCall('SQS', 'sendMessageBatch', {
  QueueUrl: queue.queueUrl, Entries: ['good', 'bad'].map(MessageBody => ({ Id: MessageBody, MessageBody })),
});
send.provider.addToRolePolicy({ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [queue.queueArn] });
send.next(proof.receives(dead));
