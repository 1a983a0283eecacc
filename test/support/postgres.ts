import { type ChildProcess, fork } from 'node:child_process';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../sample/data/migrate';
import { MIGRATIONS } from '../../sample/data/schema';
import { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

/**
 * What goes wrong with a message to the database:
 * - `lost`: it never arrives, and the connection is cut;
 * - `unheard`: the database does it, and the connection is cut before the answer arrives;
 * - `silent`: it never arrives, and the connection stays open.
 */
export type Cut = 'lost' | 'unheard' | 'silent';

const healthy = (_sent: string): Cut | undefined => undefined;

/** Lets the first message that contains the text go wrong, and no other. */
export function cutOnce(cut: Cut, text: string): (sent: string) => Cut | undefined {
  let isDone = false;
  return sent => {
    if (isDone || !sent.includes(text)) return undefined;
    isDone = true;
    return cut;
  };
}

/** A PostgreSQL (PGlite) with the ledger's schema, behind a line on which connections can be cut. */
export class Postgres {
  /** All that was sent to the database, in order. */
  public readonly sent: string[] = [];
  private process!: ChildProcess;
  private realPort!: number;
  private admin!: Client;
  private last: Promise<unknown> = Promise.resolve();
  private readonly sockets = new Set<Socket>();
  private cut = healthy;
  private readonly line = createServer(socket => this.pass(socket));

  public async start(): Promise<void> {
    this.process = fork(join(__dirname, 'postgres-process.cjs'));
    this.realPort = await new Promise<number>((resolve, reject) => this.process.once('message', resolve).once('exit', reject));
    this.admin = new Client({ host: '127.0.0.1', port: this.realPort, user: 'postgres', ssl: false });
    await this.admin.connect();
    for (const role of ['pay', 'settle', 'reconcile']) await this.rows(`CREATE ROLE ${role} LOGIN`);
    await new Promise<void>(resolve => this.line.listen(0, '127.0.0.1', resolve));
    const database = this.database('migrate');
    await migrate(database, MIGRATIONS);
    await database.end();
    this.sent.length = 0;
  }

  /** What a function in the VPC would find in its environment. */
  public get environment(): Record<string, string> {
    return { PGHOST: '127.0.0.1', PGPORT: String(this.port), PGDATABASE: 'ledger', PGUSER: 'pay', PGSSLMODE: 'disable' };
  }

  public database(user = 'pay'): PostgresDatabase {
    return new PostgresDatabase({ host: '127.0.0.1', port: this.port, database: 'ledger', user, password: '', tls: false });
  }

  public cutWhere(cut = healthy): void {
    this.cut = cut;
  }

  /** Cuts every connection, as a failover of the cluster does. */
  public cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  public async rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    const result = this.last.then(() => this.admin.query(sql, values));
    this.last = result.catch(() => undefined);
    return (await result).rows as T[];
  }

  public async stop(): Promise<void> {
    this.cutAll();
    await new Promise(resolve => this.line.close(resolve));
    await this.admin.end();
    this.process.kill();
  }

  private get port(): number {
    return (this.line.address() as AddressInfo).port;
  }

  private pass(client: Socket): void {
    const server = connect(this.realPort, '127.0.0.1');
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => {
        this.sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', data => {
      this.sent.push(data.toString('latin1'));
      const cut = this.cut(data.toString('latin1'));
      if (cut === 'lost') client.destroy();
      if (cut === 'lost' || cut === 'silent') return;
      if (cut === 'unheard') server.removeAllListeners('data').on('data', () => client.destroy());
      server.write(data);
    });
    server.on('data', data => client.write(data));
  }
}
