import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Charge } from '../../sample/provider/provider';

/**
 * What goes wrong with a call of the provider:
 * - `lost`: it never arrives;
 * - `unheard`: the provider charges, and the answer never arrives;
 * - `silent`: the provider charges, and the connection stays open and silent;
 * - a number: the provider does nothing and answers with that status;
 * - a text: the provider does nothing and answers 200 with that body;
 * - `chargesAfter`: the provider charges after so many milliseconds, and answers then;
 * - `chargedAndSays`: the provider charges and answers with that status.
 */
export type ProviderFault = 'lost' | 'unheard' | 'silent' | number | { body: string } | { chargesAfter: number } | { chargedAndSays: number };

interface StandInCharge extends Charge {
  readonly reference: string;
}

/** A payment provider: one charge for each Idempotency-Key, as long as it remembers the key. */
export class ProviderStandIn {
  /** What was really taken from customers. */
  public readonly charges: StandInCharge[] = [];
  public readonly authorizations: (string | undefined)[] = [];
  public declines = false;
  /** How many milliseconds pass before it answers. */
  public answersAfter = 0;
  /** The only key that it accepts, if set. */
  public accepts?: string;
  private readonly keys = new Map<string, StandInCharge>();
  private readonly faults: ProviderFault[] = [];
  private readonly server = createServer((request, response) => void this.serve(request, response));

  public async start(): Promise<void> {
    await new Promise<void>(resolve => this.server.listen(0, '127.0.0.1', resolve));
  }

  public stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The next call goes wrong. */
  public failNext(fault: ProviderFault): void {
    this.faults.push(fault);
  }

  /** Providers keep the keys for a day or so. */
  public forgetKeys(): void {
    this.keys.clear();
  }

  public reset(): void {
    this.charges.length = this.authorizations.length = this.faults.length = 0;
    this.declines = false;
    this.accepts = undefined;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (this.answersAfter > 0) await new Promise(resolve => setTimeout(resolve, this.answersAfter));
    const fault = this.faults.shift();
    this.authorizations.push(request.headers.authorization);
    if (fault === 'lost') return void request.socket.destroy();
    if (typeof fault === 'number') return void response.writeHead(fault).end('{"trace":"at provider.js:1"}');
    if (typeof fault === 'object' && 'body' in fault) return void response.writeHead(200).end(fault.body);
    if (this.accepts !== undefined && request.headers.authorization !== `Bearer ${this.accepts}`) return void response.writeHead(401).end('{}');
    if (typeof fault === 'object' && 'chargesAfter' in fault) await new Promise(resolve => setTimeout(resolve, fault.chargesAfter));
    const answer = request.method === 'POST' ? this.charge(String(request.headers['idempotency-key']), JSON.parse(body)) : this.find(request.url!);
    if (fault === 'unheard') return void request.socket.destroy();
    if (fault === 'silent') return;
    if (typeof fault === 'object' && 'chargedAndSays' in fault) return void response.writeHead(fault.chargedAndSays).end('{}');
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  private charge(key: string, { reference }: { reference: string }): StandInCharge {
    const known = this.keys.get(key);
    if (known) return known;
    const charge = { chargeId: `ch_${reference.slice(0, 8)}_${this.charges.length}`, status: this.declines ? 'declined' : 'succeeded', reference } as const;
    this.keys.set(key, charge);
    if (!this.declines) this.charges.push(charge);
    return charge;
  }

  private find(url: string): { charges: StandInCharge[] } {
    const reference = new URL(url, this.url).searchParams.get('reference');
    return { charges: this.charges.filter(charge => charge.reference === reference) };
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
