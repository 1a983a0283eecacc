import { StandInProvider } from '../../sample/local/services/provider';
import { type Fault, HttpProxy, type ProxiedRequest, type ProxiedResponse } from '../../testing/src';

/**
 * What goes wrong with a call of the provider: a fault of the testing kit, or
 * - a number: the provider does nothing and answers with that status;
 * - `body`: the provider does nothing and answers 200 with that body;
 * - `chargesAfter`: the provider charges after so many milliseconds, and answers then;
 * - `failsAfterCharge`: the provider charges and answers 500.
 */
export type ProviderFault = Fault | number | { readonly body: string } | { readonly chargesAfter: number } | 'failsAfterCharge';

/** The payment provider of the sample behind the proxy of the testing kit, with the faults that the next calls have. */
export class Provider {
  public readonly authorizations: (string | undefined)[] = [];
  public declines = false;
  /** How many milliseconds pass before it answers. */
  public answersAfter = 0;
  /** How many more calls it answers, and the status of its answer to the others. */
  public answers: { most: number; otherwise: number } = { most: Infinity, otherwise: 429 };
  /** The only key that it accepts, if set. */
  public accepts?: string;
  private readonly faults: ProviderFault[] = [];
  private fault?: ProviderFault;
  private readonly standIn = new StandInProvider({ key: () => this.accepts ?? this.authorizations.at(-1)!.replace('Bearer ', '') });
  private readonly proxy = new HttpProxy({
    aws: [],
    others: [{ name: 'Provider', prefix: 'provider', call: request => this.call(request) }],
    faults: () => {
      this.fault = this.faults.shift();
      return typeof this.fault === 'object' && 'kind' in this.fault ? this.fault : undefined;
    },
  });
  private port!: number;

  public async start(): Promise<void> {
    this.port = await this.proxy.listen();
  }

  public stop(): void {
    this.proxy.close();
  }

  public get url(): string {
    return `http://127.0.0.1:${this.port}/provider`;
  }

  /** What was really taken from customers. */
  public get charges() {
    return this.standIn.charges;
  }

  /** The next call goes wrong. */
  public failNext(fault: ProviderFault): void {
    this.faults.push(fault);
  }

  /** Providers keep the keys for a day or so. */
  public forgetKeys(): void {
    this.standIn.forgetKeys();
  }

  public reset(): void {
    this.charges.length = this.authorizations.length = this.faults.length = 0;
    this.declines = false;
    this.answers = { most: Infinity, otherwise: 429 };
    this.accepts = undefined;
  }

  private async call(request: ProxiedRequest): Promise<ProxiedResponse> {
    const { fault } = this;
    this.authorizations.push(request.headers.authorization);
    if (--this.answers.most < 0) return { status: this.answers.otherwise, body: {} };
    if (this.answersAfter > 0) await passed(this.answersAfter);
    if (typeof fault === 'number') return { status: fault, body: Buffer.from('{"trace":"at provider.js:1"}') };
    if (typeof fault === 'object' && 'body' in fault) return { status: 200, body: Buffer.from(fault.body) };
    if (typeof fault === 'object' && 'chargesAfter' in fault) await passed(fault.chargesAfter);
    if (this.declines && request.method === 'POST') return { status: 201, body: { chargeId: 'ch_declined', status: 'declined' } };
    const answer = await this.standIn.call(request);
    return fault === 'failsAfterCharge' ? { status: 500, body: {} } : answer;
  }
}

async function passed(millis: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, millis));
}
