import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';

/** A call of the DynamoDB API on its way. */
export interface Call {
  /** Such as PutItem. */
  readonly operation: string;
  readonly table: string;
  /** The id of the record; undefined if the call is not about one record. */
  readonly id?: string;
}

/**
 * What goes wrong with a call:
 * - `refused`: DynamoDB does nothing and answers with an error;
 * - `unheard`: DynamoDB does it, and the answer never arrives;
 * - `lost`: the call never arrives, and neither does an answer.
 */
export type Fault = 'refused' | 'unheard' | 'lost';

const healthy = (_call: Call): Fault | undefined | Promise<Fault | undefined> => undefined;

/** Lets the first call that matches go wrong, and no other. */
export function once(fault: Fault, matches: (call: Call) => boolean): (call: Call) => Fault | undefined {
  let isBroken = false;
  return call => {
    if (isBroken || !matches(call)) return undefined;
    isBroken = true;
    return fault;
  };
}

/** A DynamoDB API (dynalite) behind a line on which calls can go wrong. */
export class DynamoDb {
  /** Calls that DynamoDB did, in order. */
  public readonly done: Call[] = [];
  private fault = healthy;
  private client!: DynamoDBDocumentClient;
  private readonly store = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  private readonly line = createServer((incoming, outgoing) => void this.pass(incoming, outgoing));

  public async start(...tables: string[]): Promise<void> {
    await Promise.all([listen(this.store), listen(this.line)]);
    const client = new DynamoDBClient({ endpoint: this.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
    this.client = DynamoDBDocumentClient.from(client);
    for (const TableName of tables) {
      await client.send(new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }));
    }
  }

  public stop(): void {
    this.client.destroy();
    for (const server of [this.line, this.store]) {
      server.closeAllConnections();
      server.close();
    }
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${port(this.line)}`;
  }

  /** Lets calls go wrong from now on; nothing does where no argument is given. */
  public breakWhere(fault = healthy): void {
    this.fault = fault;
  }

  public async items(TableName: string): Promise<Record<string, any>[]> {
    return (await this.client.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [];
  }

  /** Makes every record of a table expire in the past; DynamoDB itself deletes them only hours later. */
  public async expire(TableName: string): Promise<void> {
    for (const { id } of await this.items(TableName)) {
      await this.client.send(new UpdateCommand({
        TableName,
        Key: { id },
        UpdateExpression: 'SET expiration = :past',
        ExpressionAttributeValues: { ':past': Math.floor(Date.now() / 1_000) - 1 },
      }));
    }
  }

  /** Makes the time pass in which records in progress may not be repeated. */
  public async lapse(TableName: string): Promise<void> {
    for (const { id, status } of await this.items(TableName)) {
      if (status !== 'INPROGRESS') continue;
      await this.client.send(new UpdateCommand({
        TableName, Key: { id }, UpdateExpression: 'SET in_progress_expiration = :past', ExpressionAttributeValues: { ':past': Date.now() - 1 },
      }));
    }
  }

  private async pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const { TableName, Key, Item } = JSON.parse(body.toString());
    const call: Call = { operation: String(incoming.headers['x-amz-target']).split('.')[1], table: TableName, id: (Key ?? Item)?.id?.S };
    const fault = await this.fault(call);
    if (fault === 'lost') return;
    if (fault === 'refused') {
      outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException', message: 'broken by the test' }));
      return;
    }
    const answer = await this.forward(incoming, body);
    if (answer.status === 200) this.done.push(call);
    if (fault !== 'unheard') outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  private async forward(incoming: IncomingMessage, body: Buffer) {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ port: port(this.store), method: incoming.method, path: incoming.url, headers: incoming.headers }, resolve).on('error', reject).end(body);
    });
    return { status: response.statusCode!, headers: response.headers, body: await read(response) };
  }
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
}

function port(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
