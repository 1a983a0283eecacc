import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BeginTransactionCommand, ExecuteStatementCommand, RDSDataClient } from '@aws-sdk/client-rds-data';
import { propertiesOf } from './properties';
import { handler } from '../../../src/database/database-users-function/handler';
import type { UserEvent } from '../../../src/database/database-users-function/user-event';

interface Failure {
  /** A part of the statement. */
  readonly at: string;
  readonly name: string;
  readonly message?: string;
  readonly code?: string;
}

/** A Data API and the response URL of CloudFormation, for the handler in this process. */
export class Deployment {
  /** A deployment for the tests of a file. */
  public static forTests(reset: () => void): Deployment {
    const deployment = new Deployment();
    beforeAll(async () => deployment.start());
    afterAll(async () => deployment.stop());
    beforeEach(() => {
      reset();
      deployment.reset();
    });
    afterEach(() => jest.restoreAllMocks());
    return deployment;
  }

  public sent: { sql: string; database?: string; transactionId?: string }[] = [];
  /** The errors that the Data API returns, each once. */
  public failures: Failure[] = [];
  /** The first columns of the rows that the database returns, by a part of the statement. */
  public rows: Record<string, (string | undefined)[]> = {};
  public responses: any[] = [];
  public bodies: string[] = [];
  /** The status codes of CloudFormation's responses; 0 is no response. */
  public statuses: number[] = [];
  private server!: Server;

  public async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', part => parts.push(part)).on('end', () => {
        const body = Buffer.concat(parts).toString();
        this.bodies.push(body);
        this.responses.push({ method: request.method, type: request.headers['content-type'], ...JSON.parse(body) });
        const status = this.statuses.shift() ?? 200;
        if (status > 0) response.writeHead(status).end('<Error/>');
      });
    });
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  /** Forgets everything, and replaces the client of the Data API. */
  public reset(): void {
    Object.assign(this, { sent: [], failures: [], rows: {}, responses: [], bodies: [], statuses: [] });
    jest.spyOn(console, 'error').mockImplementation();
    jest.spyOn(console, 'log').mockImplementation();
    jest.spyOn(RDSDataClient.prototype, 'send').mockImplementation(async (command: any) => this.answer(command));
  }

  public async deliver(event: Partial<UserEvent>, remaining = 300_000): Promise<any> {
    const ResponseURL = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/response`;
    const ResourceProperties = propertiesOf('postgresql', 'pay', 'app');
    await handler({
      RequestType: 'Create', ResponseURL, StackId: 'stack', RequestId: 'request', LogicalResourceId: 'User', ResourceProperties, ...event,
    }, { getRemainingTimeInMillis: () => remaining });
    return this.responses[this.responses.length - 1];
  }

  public get statements(): string[] {
    return this.sent.map(({ sql }) => sql);
  }

  private answer(command: any): object {
    const sql: string = command instanceof ExecuteStatementCommand ? command.input.sql! : command.constructor.name.replace('Command', '');
    this.sent.push({ sql, database: command.input.database, transactionId: command.input.transactionId });
    const failure = this.failures.findIndex(({ at }) => sql.includes(at));
    if (failure >= 0) {
      const [{ name, message = name, code }] = this.failures.splice(failure, 1);
      throw Object.assign(new Error(message), { name, code });
    }
    if (command instanceof BeginTransactionCommand) return { transactionId: 't1' };
    const [, values] = Object.entries(this.rows).find(([part]) => sql.includes(part)) ?? [];
    return values ? { records: values.map(value => [value === undefined ? { isNull: true } : { stringValue: value }]) } : {};
  }
}
