import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Answer } from '../http/multi-value-headers';
import { type WebhookApiOptions, webhookApi } from '../http/webhook-api';
import { type LambdaHandler, logger, observed, required, tracer } from 'cdk-production-lambda-runtime';
import { secret } from 'cdk-production-lambda-runtime/secrets';

/** The parts, configured by the stack. */
export function webhookParts(): WebhookApiOptions {
  const queue = tracer.captureAWSv3Client(new SQSClient());
  const QueueUrl = required('SETTLEMENTS_QUEUE_URL');
  return {
    accept: async settlement => {
      await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(settlement) }));
    },
    secret: secret('WEBHOOK_SECRET'),
    logger,
  };
}

/** The function behind the provider's webhook. */
export function webhookHandler(parts: WebhookApiOptions): LambdaHandler<unknown, Answer> {
  return observed(webhookApi(parts));
}
