import type { Delivery, FaultRule } from '../../testing/src';
import type { Cloud } from '../local/cloud';

/** Sends requests to the app, and counts them. */
export class Requests {
  private readonly token: string;
  /** The faults of the requests that are under way, by the header that names each. */
  private readonly underWay = new Map<string, FaultRule>();

  constructor(private readonly cloud: Cloud, private readonly note: (what: string) => void) {
    this.token = cloud.demoToken('merchant-1');
  }

  public faultsOf(delivery: string): FaultRule | undefined {
    return this.underWay.get(delivery);
  }

  public post(key: string, body: unknown, { id, faults }: Pick<Delivery, 'id' | 'faults'>): Promise<{ status: number; body: any } | undefined> {
    return this.send('/payments', JSON.stringify(body), id, faults, { 'authorization': `Bearer ${this.token}`, 'idempotency-key': key });
  }

  public async hook(body: string, signature: string, delivery: string, faults: FaultRule): Promise<number | undefined> {
    return (await this.send('/webhooks/provider', body, `notice-${delivery}`, faults, { 'x-signature': signature }))?.status;
  }

  private async send(
    path: string, body: string, delivery: string, faults: FaultRule, own: Record<string, string>,
  ): Promise<{ status: number; body: any } | undefined> {
    this.note(path === '/payments' ? 'payment requests' : 'webhooks');
    this.underWay.set(delivery, faults);
    const headers = { 'content-type': 'application/json', 'x-delivery': delivery, ...own };
    try {
      const response = await fetch(`${this.cloud.url}${path}`, { method: 'POST', body, headers });
      return { status: response.status, body: await response.json().catch(() => undefined) };
    } catch {
      return undefined;
    } finally {
      this.underWay.delete(delivery);
    }
  }
}
