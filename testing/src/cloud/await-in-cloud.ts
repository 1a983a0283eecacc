import { awaitValue, type WaitOptions } from './wait';

/** A client of the AWS SDK v3. */
interface Client {
  send(command: unknown): Promise<any>;
}

export interface AwaitOptions extends WaitOptions {
  /**
   * The client.
   *
   * @default - a client with the credentials and the Region of the environment
   */
  readonly client?: Client;
}

/** A client and a command of an SDK package that the test's project has. */
function sdk(name: string): any {
  try {
    return require(name);
  } catch (cause) {
    throw new Error(`the test needs the package ${name}; install it: npm install --save-dev ${name}`, { cause });
  }
}

/**
 * Waits until a log group has an event that a CloudWatch Logs filter pattern matches, and returns its message.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export async function awaitLog(
  { logGroup, pattern, since = new Date(Date.now() - 60_000) }: { logGroup: string; pattern: string; since?: Date }, options: AwaitOptions = {},
): Promise<string> {
  const { CloudWatchLogsClient, FilterLogEventsCommand } = sdk('@aws-sdk/client-cloudwatch-logs');
  const client: Client = options.client ?? new CloudWatchLogsClient({});
  return awaitValue(`a log event like ${pattern} in ${logGroup}`, async seen => {
    // A page can be empty and have a successor.
    for (let nextToken: string | undefined; ;) {
      const command = new FilterLogEventsCommand({ logGroupName: logGroup, filterPattern: pattern, startTime: since.getTime(), nextToken });
      const page = await client.send(command);
      const [event] = page.events ?? [];
      if (event) return event.message as string;
      nextToken = page.nextToken;
      if (!nextToken) return void seen('no event');
    }
  }, options);
}

/** Waits until a table has an item that `isAwaited` accepts, and returns it in DynamoDB's own format. Reads are consistent. */
export async function awaitItem(
  { table, key, isAwaited = () => true }: { table: string; key: Record<string, unknown>; isAwaited?: (item: Record<string, any>) => boolean },
  options: AwaitOptions = {},
): Promise<Record<string, any>> {
  const { DynamoDBClient, GetItemCommand } = sdk('@aws-sdk/client-dynamodb');
  const client: Client = options.client ?? new DynamoDBClient({});
  return awaitValue(`the item ${JSON.stringify(key)} of ${table}`, async seen => {
    const { Item: item } = await client.send(new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }));
    if (item && isAwaited(item)) return item;
    seen(item ? `the item ${JSON.stringify(item)}` : 'no item');
    return undefined;
  }, options);
}

/**
 * Waits until a queue has a message that `isAwaited` accepts, deletes the message and returns its body. Other messages are visible
 * again after the visibility timeout: give each test a queue of its own, for example an `EventProbe`.
 */
export async function awaitMessage(
  { queueUrl, isAwaited = () => true }: { queueUrl: string; isAwaited?: (body: string) => boolean }, options: AwaitOptions = {},
): Promise<string> {
  const { SQSClient, ReceiveMessageCommand, DeleteMessageCommand } = sdk('@aws-sdk/client-sqs');
  const client: Client = options.client ?? new SQSClient({});
  return awaitValue(`a message of ${queueUrl}`, async seen => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }));
    const found = Messages.find(({ Body }: { Body: string }) => isAwaited(Body));
    if (Messages.length > 0) seen(`other messages, the last ${Messages.at(-1).Body}`);
    if (!found) return undefined;
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: found.ReceiptHandle }));
    return found.Body as string;
  }, options);
}
