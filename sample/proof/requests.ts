import type { Cloud } from '../local/cloud';

/** Sends requests to the app, and counts them. */
export class Requests {
  private readonly token: string;

  constructor(private readonly cloud: Cloud, private readonly note: (what: string) => void) {
    this.token = cloud.demoToken('merchant-1');
  }

  public post(key: string, body: unknown, delivery: string): Promise<{ status: number; body: any } | undefined> {
    return this.send('/payments', JSON.stringify(body), { 'authorization': `Bearer ${this.token}`, 'idempotency-key': key, 'x-delivery': delivery });
  }

  public async hook(body: string, signature: string, delivery: string): Promise<number | undefined> {
    return (await this.send('/webhooks/provider', body, { 'x-signature': signature, 'x-delivery': delivery }))?.status;
  }

  private async send(path: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: any } | undefined> {
    this.note(path === '/payments' ? 'payment requests' : 'webhooks');
    try {
      const response = await fetch(`${this.cloud.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
      return { status: response.status, body: await response.json().catch(() => undefined) };
    } catch {
      return undefined;
    }
  }
}
