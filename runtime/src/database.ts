import { AsyncLocalStorage } from 'node:async_hooks';
import { Deadline } from './deadline';
import { onShutdown } from './shutdown';

/** Sends a statement, and returns its rows. */
export type Query = <R extends object>(text: string, values?: readonly unknown[]) => Promise<R[]>;

/** The result of one statement. */
export interface StatementResult {
  readonly rows: object[];
  /** What the server did, as it names it. Some servers answer a commit of a failed transaction with a rollback. */
  readonly command?: string;
}

const CONNECT_MILLIS = 3_000;
const STATEMENT_MILLIS = 5_000;
const ROLLBACK_MILLIS = 500;
const BEGIN = 'BEGIN';

/**
 * The single connection of an execution environment. It is opened on first use, reused between invocations, and opened again after it was
 * lost. One transaction uses it at a time; the others wait. Statements end at the deadline of the invocation, at most after five seconds.
 *
 * The session has no state, so that RDS Proxy can reuse the connection to the database after each transaction: no `SET`, no named
 * prepared statement, no temporary table, no lock of the session. Your statements must not create such a state either.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
 */
export abstract class Database<C extends object> {
  private connection?: C;
  private last: Promise<unknown> = Promise.resolve();
  private closesOnShutdown = false;
  /** The transaction in whose work code runs. */
  private readonly current = new AsyncLocalStorage<{ isOpen: boolean }>();

  /** Runs one statement that can be repeated: it is sent again if the connection was lost while the environment was frozen. */
  public query<R extends object>(text: string, values: readonly unknown[] = [], deadline = Deadline.current()): Promise<R[]> {
    return this.alone(async () => (await this.first(text, values, deadline)).rows as R[]);
  }

  /**
   * Runs the work in one transaction. The transaction is rolled back if the work throws or the deadline passes, at the latest just
   * before the commit. A commit whose response was lost also throws, although it may have succeeded: a repetition must be safe. The work
   * must use the query that it receives: other statements would wait for the end of the transaction, and are rejected.
   */
  public transaction<T>(work: (query: Query) => Promise<T>, deadline = Deadline.current()): Promise<T> {
    return this.alone(async () => {
      const { connection } = await this.first(BEGIN, [], deadline);
      const transaction = { isOpen: true };
      let ended: Error | undefined;
      const query: Query = async <R extends object>(text: string, values: readonly unknown[] = []) => {
        if (ended) throw ended;
        if (!transaction.isOpen) throw new Error('the transaction has ended; await its statements in its work');
        try {
          return (await this.sendOn(connection, text, values, deadline)).rows as R[];
        } catch (error) {
          if (this.endsTransaction(error)) ended = new Error('the transaction was rolled back by the server', { cause: error });
          throw error;
        }
      };
      try {
        const result = await this.current.run(transaction, async () => work(query)).finally(() => { transaction.isOpen = false; });
        if (ended) throw ended;
        const { command = 'COMMIT' } = await this.sendOn(connection, 'COMMIT', [], deadline);
        if (command !== 'COMMIT') throw new Error('the transaction had failed and was rolled back');
        return result;
      } catch (error) {
        await this.rollBack(connection);
        throw error;
      }
    });
  }

  /** Closes the connection. It is opened again when it is needed. */
  public async end(): Promise<void> {
    await this.alone(async () => {
      const connection = this.connection;
      this.connection = undefined;
      if (connection) await this.disconnect(connection);
    });
  }

  /** Opens a connection, whose later errors and end are reported to `onLost`. */
  protected abstract connect(timeoutMillis: number, onLost: (connection: C) => void): Promise<C>;

  /** Runs one statement. */
  protected abstract send(connection: C, text: string, values: readonly unknown[], timeoutMillis: number): Promise<StatementResult>;

  /** Closes a connection, which may be lost already. */
  protected abstract disconnect(connection: C): Promise<void>;

  /** Whether the connection is of no more use after an error. */
  protected abstract isLost(error: unknown): boolean;

  /** Whether the driver has waited for the whole time of the statement, after which the server may still execute it. */
  protected isTimeout(_error: unknown): boolean {
    return false;
  }

  /**
   * Whether the server has rolled the whole transaction back because of an error, and would execute the statements that follow outside of
   * it. A server that rejects them instead, as PostgreSQL does, needs no answer here.
   */
  protected endsTransaction(_error: unknown): boolean {
    return false;
  }

  /** Waits for the previous transaction, successful or not. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.current.getStore()?.isOpen) {
      return Promise.reject(new Error("statements of a transaction must use the 'query' that its work receives, got one of the database"));
    }
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /**
   * A reused connection may have been closed while the environment was frozen: then the statement is repeated on a new one. The lost
   * connection may have executed it, so it must be one that can be repeated, as BEGIN can. A statement whose time is over is not
   * repeated, because the server may still execute it. Only BEGIN is: a connection that was cut without a word does not answer.
   */
  private async first(text: string, values: readonly unknown[], deadline?: Deadline): Promise<StatementResult & { connection: C }> {
    const kept = this.connection;
    if (kept) {
      try {
        return { ...await this.sendOn(kept, text, values, deadline), connection: kept };
      } catch (error) {
        if (this.connection === kept || (text !== BEGIN && this.isTimeout(error))) throw error;
      }
    }
    deadline?.require(1, 'a connection');
    const connection = this.connection = await this.connect(deadline?.limit(CONNECT_MILLIS) ?? CONNECT_MILLIS, lost => this.forget(lost));
    if (!this.closesOnShutdown) onShutdown(() => this.end());
    this.closesOnShutdown = true;
    return { ...await this.sendOn(connection, text, values, deadline), connection };
  }

  /** A transaction belongs to the connection on which it began. */
  private async sendOn(connection: C, text: string, values: readonly unknown[], deadline?: Deadline): Promise<StatementResult> {
    deadline?.require(1, 'a statement');
    if (connection !== this.connection) throw new Error('the connection was lost');
    try {
      return await this.send(connection, text, values, deadline?.limit(STATEMENT_MILLIS) ?? STATEMENT_MILLIS);
    } catch (error) {
      if (this.isLost(error)) this.forget(connection);
      throw error;
    }
  }

  private async rollBack(connection: C): Promise<void> {
    if (connection === this.connection) await this.send(connection, 'ROLLBACK', [], ROLLBACK_MILLIS).catch(() => this.forget(connection));
  }

  /** Discards a connection in an unknown state; the server rolls back its open transaction. */
  private forget(connection: C): void {
    if (connection === this.connection) this.connection = undefined;
    this.disconnect(connection).catch(() => undefined);
  }
}
