import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Proof } from './proof';
import { PrivateNetwork } from '../../src';

/** A function without a route to the internet reaches the queue for which it has permission, through the endpoint of SQS. */
export const proof = new Proof('PrivateNetwork');
const network = new PrivateNetwork(proof.stack, 'Network');
const queue = new sqs.Queue(proof.stack, 'Queue', { enforceSSL: true });
const send = `
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: 'hello' }));
  const outside = await fetch('https://example.com', { signal: AbortSignal.timeout(3000) }).then(() => 'reached', () => 'not reached');
  return { outside };`;
const fn = proof.function('Send', send, { vpc: network, environment: { QUEUE_URL: queue.queueUrl } });
queue.grantSendMessages(fn);

proof.answers(fn, {}, { outside: 'not reached' }).next(proof.receives(queue));
