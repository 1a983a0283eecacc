import { execFileSync } from 'node:child_process';
import { ExecuteStatementCommand, type RDSDataClient } from '@aws-sdk/client-rds-data';
import { MARKER } from '../../src/database/user-statements';

const socket = process.env.MYSQL_SOCKET ?? '';
if (socket === '') throw new Error('MYSQL_SOCKET is not set: these tests are run by .ci/mysql');

/** Runs SQL as a user, on the server that .ci/mysql starts. Returns the rows as lines; throws an error with the message of the server. */
export function sql(user: string, text: string): string[] {
  try {
    const lines = execFileSync('mariadb', ['--no-defaults', '--socket', socket, '--user', user, '--skip-column-names', '--default-character-set=utf8mb4'], { input: text, stdio: 'pipe' });
    return lines.toString().split('\n').filter(line => line !== '');
  } catch (error) {
    throw new Error((error as { stderr: Buffer }).stderr.toString().trim());
  }
}

/** The error of the server, or undefined if the statement succeeds. */
export function errorOf(user: string, text: string): string | undefined {
  try {
    sql(user, text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** MariaDB has no plugin of AWS and no comments on users: the test remembers who has one. Everything else runs as it is. */
export class DataApi {
  public readonly marked = new Set<string>();
  /** Statements that fail. */
  public failing?: (statement: string) => boolean;

  public readonly client = { send: async (command: object) => this.execute(command) } as unknown as RDSDataClient;

  private execute(command: object): object {
    if (!(command instanceof ExecuteStatementCommand)) throw new Error('MySQL has no transaction for these statements');
    const statement = command.input.sql!;
    if (this.failing?.(statement)) throw new Error('it was to fail');
    const asked = /^SELECT attribute FROM information_schema.user_attributes WHERE user = '(\w+)' AND host = '%'$/.exec(statement);
    if (asked) return { records: sql('root', `SELECT user FROM mysql.user WHERE user = '${asked[1]}' AND host = '%'`).map(user => [this.attributesOf(user)]) };
    const [, marked] = /^(?:CREATE|ALTER) USER (?:IF NOT EXISTS )?'(\w+)'.*COMMENT '/.exec(statement) ?? [];
    if (!statement.startsWith('ALTER USER')) sql('root', statement.replace(" IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL", ''));
    if (marked) this.marked.add(marked);
    return {};
  }

  private attributesOf(user: string): object {
    return this.marked.has(user) ? { stringValue: JSON.stringify({ comment: MARKER }) } : { isNull: true };
  }
}
