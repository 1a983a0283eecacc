import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type AwsAnswer, type AwsService, read } from '../faults/aws-service';

const SIGNATURE = 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=00';

/** A table: its keys, or the key schema of a template. */
export interface TableDefinition {
  readonly name: string;
  /**
   * The partition key and, if there is one, the sort key: texts.
   *
   * @default - `id`
   */
  readonly keys?: readonly string[];
  readonly keySchema?: unknown;
  readonly attributes?: unknown;
}

/** DynamoDB (dynalite, a dev dependency of your project; data in memory), with the one parameter that Powertools sends and dynalite does not support. */
export class DynamoDb implements AwsService {
  public static async start(tables: readonly TableDefinition[]): Promise<DynamoDb> {
    const worker = new Worker(join(__dirname, 'dynalite-worker.cjs'));
    const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
    const db = new DynamoDb(worker, port);
    for (const { name, keys = ['id'], ...given } of tables) {
      const KeySchema = given.keySchema ?? keys.map((key, i) => ({ AttributeName: key, KeyType: i === 0 ? 'HASH' : 'RANGE' }));
      const AttributeDefinitions = given.attributes ?? keys.map(key => ({ AttributeName: key, AttributeType: 'S' }));
      const { status, body } = await db.call('CreateTable', { TableName: name, KeySchema, AttributeDefinitions, BillingMode: 'PAY_PER_REQUEST' });
      if (status !== 200) throw new Error(`table ${name}: ${JSON.stringify(body)}`);
    }
    return db;
  }

  public readonly name = 'DynamoDB';
  public readonly target = /^DynamoDB_/;
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(private readonly worker: Worker, private readonly port: number) {}

  public about(_operation: string, input: any): string {
    return String(input.TableName);
  }

  /** A failed condition returns the existing item if the request sets `ReturnValuesOnConditionCheckFailure`. */
  public async call(operation: string, input: any): Promise<AwsAnswer> {
    const answer = await this.send(operation, input);
    const isRefused = answer.status === 400 && String((answer.body as any).__type).endsWith('ConditionalCheckFailedException');
    if (!isRefused || input.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return answer;
    const key = input.Key ?? await this.keyOf(input.TableName, input.Item);
    const found = await this.send('GetItem', { TableName: input.TableName, Key: key, ConsistentRead: true });
    return { ...answer, body: { ...(answer.body as object), Item: (found.body as any).Item } };
  }

  /** All items of a table, as DynamoDB writes them. */
  public async items(table: string): Promise<Record<string, any>[]> {
    const items: Record<string, any>[] = [];
    for (let start: unknown; ;) {
      const { body } = await this.send('Scan', { TableName: table, ExclusiveStartKey: start });
      const page = body as { Items: Record<string, any>[]; LastEvaluatedKey?: unknown };
      items.push(...page.Items);
      start = page.LastEvaluatedKey;
      if (!start) return items;
    }
  }

  /** Deletes all items of a table, as their time to live does. */
  public async clear(table: string): Promise<number> {
    const items = await this.items(table);
    await Promise.all(items.map(async item => this.send('DeleteItem', { TableName: table, Key: await this.keyOf(table, item) })));
    return items.length;
  }

  public async stop(): Promise<void> {
    this.agent.destroy();
    await this.worker.terminate();
  }

  private async keyOf(table: string, item: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { body } = await this.send('DescribeTable', { TableName: table });
    const { Table: { KeySchema } } = body as { Table: { KeySchema: { AttributeName: string }[] } };
    return Object.fromEntries(KeySchema.map(({ AttributeName: name }) => [name, item[name]]));
  }

  private async send(operation: string, input: unknown): Promise<AwsAnswer> {
    const body = JSON.stringify(input);
    const headers = {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
      'authorization': SIGNATURE,
      'x-amz-date': '20260101T000000Z',
    };
    return new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: this.port, agent: this.agent, method: 'POST', path: '/', headers }, response => {
        read(response).then(text => resolve({ status: response.statusCode!, body: JSON.parse(text.toString()) }), reject);
      }).on('error', reject).end(body);
    });
  }
}
