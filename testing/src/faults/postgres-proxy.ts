import { connect, createServer, type Server, type Socket } from 'node:net';
import { DELAY_MS, type Fault, type FaultRule, type ProcessControl } from './fault';

/** Message types of the frontend after which it waits for an answer. */
const ENDS = new Set(['Q', 'S']);
const SSL_REQUEST = 80877103;

export interface PostgresProxyOptions extends ProcessControl {
  readonly host: string;
  readonly port: number;
  readonly faults: FaultRule;
}

/**
 * A proxy before PostgreSQL that knows where one statement ends and the next begins. A fault happens before the server has
 * received a statement, or after the server has executed it.
 *
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class PostgresProxy {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly options: PostgresProxyOptions) {
    this.server = createServer(socket => this.accept(socket));
  }

  public listen(): Promise<number> {
    return new Promise(resolve => this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as { port: number }).port)));
  }

  public close(): void {
    this.cut();
    this.server.close();
  }

  /** Closes the connections, as a server does that restarts. */
  public cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(client: Socket): void {
    const upstream = connect({ host: this.options.host, port: this.options.port });
    const line = new Line(client, upstream, this.options);
    for (const [socket, other] of [[client, upstream], [upstream, client]]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', chunk => line.fromClient(chunk));
    upstream.on('data', chunk => line.fromServer(chunk));
  }
}

class Line {
  private pending: Buffer = Buffer.alloc(0);
  private unit: Buffer[] = [];
  private statement = '';
  private isStarted = false;
  /** What happens once the server has done the statement that is on its way. */
  private after?: { readonly fault: Fault; answer: Buffer };
  private isDead = false;

  constructor(private readonly client: Socket, private readonly upstream: Socket, private readonly options: PostgresProxyOptions) {}

  public fromClient(chunk: Buffer): void {
    this.pending = Buffer.concat([this.pending, chunk]);
    for (let frame = this.nextFrame(); frame; frame = this.nextFrame()) this.take(frame);
  }

  public fromServer(chunk: Buffer): void {
    if (this.isDead) return;
    if (!this.after) return void this.client.write(chunk);
    this.after.answer = Buffer.concat([this.after.answer, chunk]);
    if (isReadyForQuery(this.after.answer)) this.happen(this.after.fault);
  }

  private nextFrame(): Buffer | undefined {
    const head = this.isStarted ? 1 : 0;
    if (this.pending.length < head + 4) return undefined;
    const length = head + this.pending.readInt32BE(head);
    if (this.pending.length < length) return undefined;
    const frame = this.pending.subarray(0, length);
    this.pending = this.pending.subarray(length);
    return frame;
  }

  private take(frame: Buffer): void {
    if (this.isDead) return;
    if (!this.isStarted) {
      if (frame.length === 8 && frame.readInt32BE(4) === SSL_REQUEST) return void this.client.write('N');
      this.isStarted = true;
      return void this.pass([frame], 'connect');
    }
    const type = String.fromCharCode(frame[0]);
    if (type === 'P') this.statement = frame.toString('utf8', frame.indexOf(0, 5) + 1, frame.length).split('\0')[0];
    if (type === 'Q') this.statement = frame.toString('utf8', 5, frame.length - 1);
    this.unit.push(frame);
    if (type === 'p' || type === 'X' || type === 'H') return this.flush();
    if (!ENDS.has(type)) return;
    const unit = this.unit;
    this.unit = [];
    this.pass(unit, nameOf(this.statement));
  }

  private flush(): void {
    for (const frame of this.unit) this.upstream.write(frame);
    this.unit = [];
  }

  private pass(unit: Buffer[], what: string): void {
    const planned = this.options.faults({ service: 'PostgreSQL', what, statement: this.statement });
    if (planned?.kind === 'freeze') this.options.freeze?.();
    if (planned?.kind === 'demote') return void this.upstream.write(readOnly(unit[0]));
    if (planned?.kind === 'delay') return void setTimeout(() => this.upstream.write(Buffer.concat(unit)), DELAY_MS);
    const fault = planned && !['freeze', 'twice'].includes(planned.kind) ? planned : undefined;
    if (fault?.when === 'before') return this.happen(fault);
    if (fault) this.after = { fault, answer: Buffer.alloc(0) };
    this.upstream.write(Buffer.concat(unit));
  }

  private happen({ kind }: Fault): void {
    this.isDead = true;
    if (kind === 'kill' && this.options.kill) return this.options.kill();
    if (kind === 'silence') return; // until the environment is given up
    if (kind === 'reject') this.client.end(fatal('57P01', 'terminating connection due to administrator command'));
    else this.client.destroy();
    this.upstream.destroy();
  }
}

/** `INSERT payments`, `UPDATE payments`, `COMMIT`: the verb and the table, which is enough to distinguish statements. */
export function nameOf(statement: string): string {
  const text = statement.trim().replace(/\s+/g, ' ');
  const verb = /^\w+/.exec(text)?.[0].toUpperCase() ?? '';
  const table = /\b(?:INTO|FROM|UPDATE|TABLE)\s+(?:ONLY\s+)?"?([\w.]+)/i.exec(text)?.[1];
  return table ? `${verb} ${table}` : verb;
}

/** Whether the last whole message is the server's ReadyForQuery. */
function isReadyForQuery(answer: Buffer): boolean {
  for (let at = 0; at + 5 <= answer.length;) {
    const end = at + 1 + answer.readInt32BE(at + 1);
    if (end > answer.length) return false;
    if (answer[at] === 0x5a) return true;
    at = end;
  }
  return false;
}

/** The first message of a connection, for a session that can only read, as every session of a reader can. */
function readOnly(startup: Buffer): Buffer {
  const parameters = Buffer.concat([startup.subarray(4, -1), Buffer.from('options\0-c default_transaction_read_only=on\0\0')]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(parameters.length + 4);
  return Buffer.concat([length, parameters]);
}

function fatal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const frame = Buffer.alloc(5 + fields.length);
  frame.write('E');
  frame.writeInt32BE(4 + fields.length, 1);
  fields.copy(frame, 5);
  return frame;
}
