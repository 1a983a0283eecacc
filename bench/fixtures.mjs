import fs from 'node:fs';
import path from 'node:path';
import { WORK } from './measure.mjs';

/** N TypeScript handlers that each use three clients of the SDK, and N folders with JavaScript for the contender that bundles nothing. */
export function handlers(count) {
  const folder = path.join(WORK, 'handlers', String(count));
  if (fs.existsSync(path.join(folder, 'plain', `h${count - 1}`))) return folder;
  for (let i = 0; i < count; i++) {
    fs.mkdirSync(path.join(folder, 'plain', `h${i}`), { recursive: true });
    fs.writeFileSync(path.join(folder, 'plain', `h${i}`, 'index.js'), `exports.handler = async () => ${i};`);
    fs.writeFileSync(path.join(folder, `h${i}.ts`), `import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const [table, bucket, queue] = [new DynamoDBClient({}), new S3Client({}), new SQSClient({})];

interface Payment { readonly id: string; readonly amount: number }

export const handler = async (payment: Payment): Promise<string> => {
  await table.send(new GetItemCommand({ TableName: 'payments', Key: { id: { S: payment.id } } }));
  await bucket.send(new PutObjectCommand({ Bucket: 'receipts', Key: payment.id, Body: String(payment.amount) }));
  await queue.send(new SendMessageCommand({ QueueUrl: 'https://queue', MessageBody: payment.id }));
  return \`\${payment.id}: ${i}\`;
};
`);
  }
  return folder;
}

/** A typical production handler: Powertools' logger and metrics, and three clients of the SDK. */
export function productionHandler() {
  const file = path.join(WORK, 'production', 'pay.ts');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const logger = new Logger({ serviceName: 'payments' });
const metrics = new Metrics({ namespace: 'payments', serviceName: 'payments' });
const [table, bucket, queue] = [new DynamoDBClient({}), new S3Client({}), new SQSClient({})];

export const handler = async (payment: { id?: string }): Promise<string> => {
  logger.info('paying', { payment });
  metrics.addMetric('Paid', 'Count', 1);
  metrics.publishStoredMetrics();
  if (payment.id === undefined) return 'nothing to pay';
  await table.send(new GetItemCommand({ TableName: 'payments', Key: { id: { S: payment.id } } }));
  await bucket.send(new PutObjectCommand({ Bucket: 'receipts', Key: payment.id, Body: 'paid' }));
  await queue.send(new SendMessageCommand({ QueueUrl: 'https://queue', MessageBody: payment.id }));
  return payment.id;
};
`);
  fs.writeFileSync(path.join(path.dirname(file), 'empty.ts'), 'export const handler = async (): Promise<string> => "nothing to pay";\n');
  return path.dirname(file);
}
