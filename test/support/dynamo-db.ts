import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsAnswer, awsError, DynamoDb as Engine, type FaultRule, HttpProxy } from '../../testing/src';

/** A call of the DynamoDB API. */
export interface Call {
  /** Such as PutItem. */
  readonly operation: string;
  readonly table: string;
  /** The id of the record; undefined if the call is not about one record. */
  readonly id?: string;
}

type Update = readonly [expression: string, value: object];

const NO_FAULT: FaultRule = () => undefined;
const NOTHING_DENIED: (call: Call) => boolean | Promise<boolean> = () => false;

/** The DynamoDB of the testing kit behind its proxy. */
export class DynamoDb {
  /** Calls that DynamoDB did, in order. */
  public readonly done: Call[] = [];
  /** The faults from now on. */
  public faults = NO_FAULT;
  /** The calls that IAM denies. */
  public denies = NOTHING_DENIED;
  private engine!: Engine;
  private proxy!: HttpProxy;
  private port!: number;

  public async start(...tables: string[]): Promise<void> {
    this.engine = await Engine.start(tables.map(name => ({ name })));
    const { name, target, about } = this.engine;
    this.proxy = new HttpProxy({ aws: [{ name, target, about, call: this.call.bind(this) }], faults: message => this.faults(message) });
    this.port = await this.proxy.listen();
  }

  public async stop(): Promise<void> {
    this.proxy.close();
    await this.engine.stop();
  }

  public get endpoint(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  public async items(table: string): Promise<Record<string, any>[]> {
    return (await this.engine.items(table)).map(item => unmarshall(item));
  }

  /** Makes every record of a table expire in the past; DynamoDB itself deletes them only hours later. */
  public async expire(table: string): Promise<void> {
    await this.update(table, await this.items(table), ['SET expiration = :value', { N: String(Math.floor(Date.now() / 1_000) - 1) }]);
  }

  /** Makes the time pass in which records in progress may not be repeated. */
  public async lapse(table: string): Promise<void> {
    const inProgress = (await this.items(table)).filter(({ status }) => status === 'INPROGRESS');
    await this.update(table, inProgress, ['SET in_progress_expiration = :value', { N: String(Date.now() - 1) }]);
  }

  private async update(table: string, items: readonly Record<string, any>[], [UpdateExpression, value]: Update): Promise<void> {
    await Promise.all(items.map(({ id }) => this.engine.call('UpdateItem', {
      TableName: table, Key: { id: { S: id } }, UpdateExpression, ExpressionAttributeValues: { ':value': value },
    })));
  }

  private async call(operation: string, input: any): Promise<AwsAnswer> {
    const call: Call = { operation, table: input.TableName, id: (input.Key ?? input.Item)?.id?.S };
    if (await this.denies(call)) return awsError('AccessDeniedException', 'denied by the test');
    const answer = await this.engine.call(operation, input);
    if (answer.status === 200) this.done.push(call);
    return answer;
  }
}
