import type { Cloud } from './cloud';
import type { BookedCharge } from './services/provider';
import { signatureOf } from '../provider/signature';

/** How long after a charge the money "arrives", and how long until a notice that was not taken is sent again. */
const AFTER_MS = 1_000;
const TRIES = 5;

/** Sends the provider's notices, signed, as the provider does: again and again until they are taken. */
export class Webhooks {
  private readonly timers = new Set<NodeJS.Timeout>();

  public send(cloud: Cloud, charge: BookedCharge, left = TRIES): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.post(cloud, charge).then(isTaken => { if (!isTaken && left > 1) this.send(cloud, charge, left - 1); }, () => undefined);
    }, AFTER_MS);
    this.timers.add(timer);
  }

  public stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
  }

  private async post(cloud: Cloud, { reference, chargeId }: BookedCharge): Promise<boolean> {
    const body = JSON.stringify({ payment: reference, chargeId });
    const headers = { 'content-type': 'application/json', 'x-signature': signatureOf(body, cloud.webhookSecret) };
    return (await fetch(`${cloud.url}/webhooks/provider`, { method: 'POST', headers, body })).status === 202;
  }
}
