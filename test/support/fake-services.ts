import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** SQS, EventBridge and Secrets Manager on the loopback address: what is sent to them is kept, what is asked for is there. */
export class FakeServices {
  public readonly messages: { QueueUrl: string; MessageBody: string }[] = [];
  public readonly events: { DetailType: string; Detail: any; EventBusName: string }[] = [];
  public readonly secrets: Record<string, string> = {};
  /** The operations that were called, in order. */
  public readonly asked: string[] = [];
  /** Operations that answer with an error, such as PutEvents. */
  public readonly broken = new Set<string>();
  /** How many events the next PutEvents answers as failed. */
  public refusedEvents = 0;
  /** Which events, by their id, PutEvents answers as failed; none if it is absent. */
  public refuses?: (id: string) => boolean;
  private readonly server = createServer(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    const input = JSON.parse(await text(request));
    this.asked.push(operation);
    const { status = 200, body } = this.broken.has(operation) ? { status: 400, body: { __type: 'AccessDeniedException', message: 'broken by the test' } } : this.answer(operation, input);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });

  public async start(): Promise<void> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  public reset(): void {
    this.messages.length = this.events.length = this.refusedEvents = 0;
    this.broken.clear();
    this.refuses = undefined;
  }

  /** A queue here: the SDK sends a message to the host in the queue's URL, whatever the endpoint. */
  public get queueUrl(): string {
    return `${this.url}/111122223333/settlements`;
  }

  private get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public get environment(): Record<string, string> {
    const { url } = this;
    return { AWS_ENDPOINT_URL_SQS: url, AWS_ENDPOINT_URL_EVENTBRIDGE: url, AWS_ENDPOINT_URL_SECRETS_MANAGER: url };
  }

  private answer(operation: string, input: any): { status?: number; body: object } {
    if (operation === 'GetSecretValue') return { body: { SecretString: this.secrets[input.SecretId], Name: input.SecretId } };
    if (operation === 'SendMessage') {
      this.messages.push(input);
      return { body: { MessageId: `message-${this.messages.length}`, MD5OfMessageBody: createHash('md5').update(input.MessageBody).digest('hex') } };
    }
    const entries = input.Entries as { Detail: string; DetailType: string; EventBusName: string }[];
    const failed = this.refusedEvents;
    this.refusedEvents = 0;
    const isRefused = entries.map(({ Detail }, i) => i < failed || this.refuses?.(JSON.parse(Detail).id));
    const taken = entries.filter((_, i) => !isRefused[i]);
    this.events.push(...taken.map(entry => ({ ...entry, Detail: JSON.parse(entry.Detail) })));
    return {
      body: {
        FailedEntryCount: entries.length - taken.length,
        Entries: entries.map((_, i) => isRefused[i] ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' } : { EventId: `event-${i}` }),
      },
    };
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
