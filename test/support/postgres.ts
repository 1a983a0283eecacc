import { migrate } from '../../sample/data/migrate';
import { MIGRATIONS } from '../../sample/data/schema';
import { type FaultRule, type Message, Postgres as Engine, PostgresProxy } from '../../testing/src';
import { PostgresDatabase } from 'cdk-production-lambda-runtime/postgres';

const DATABASE = 'ledger';
const NO_FAULT: FaultRule = () => undefined;

/** The PostgreSQL of the testing kit with the ledger's schema, behind its proxy. */
export class Postgres {
  /** All that was sent to the database, in order. */
  public readonly sent: Message[] = [];
  /** The faults from now on. */
  public faults = NO_FAULT;
  private engine!: Engine;
  private proxy!: PostgresProxy;
  private port!: number;

  public async start(): Promise<void> {
    this.engine = await Engine.start(DATABASE, ['migrate', 'pay', 'settle', 'reconcile']);
    await this.rows(`ALTER DATABASE ${DATABASE} OWNER TO migrate`);
    this.proxy = new PostgresProxy({
      host: this.engine.host,
      port: this.engine.port,
      faults: message => {
        this.sent.push(message);
        return this.faults(message);
      },
    });
    this.port = await this.proxy.listen();
    const database = this.database('migrate');
    await migrate(database, MIGRATIONS);
    await database.end();
    this.sent.length = 0;
  }

  /** What a function in the VPC would find in its environment. */
  public get environment(): Record<string, string> {
    return { PGHOST: '127.0.0.1', PGPORT: String(this.port), PGDATABASE: DATABASE, PGUSER: 'pay', PGSSLMODE: 'disable' };
  }

  public database(user = 'pay'): PostgresDatabase {
    return new PostgresDatabase({ host: '127.0.0.1', port: this.port, database: DATABASE, user, password: '', tls: false });
  }

  /** Closes every connection, as a failover of the cluster does. */
  public cutAll(): void {
    this.proxy.cut();
  }

  public async rows<T extends object>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.engine.query<T>(sql, values);
  }

  public async stop(): Promise<void> {
    this.proxy.close();
    await this.engine.stop();
  }
}
