import type { Customers } from './customers';
import type { FaultPlan } from '../../testing/src';
import type { Cloud } from '../local/cloud';

export interface IncidentsOptions {
  readonly cloud: Cloud;
  readonly customers: Customers;
  readonly plan: FaultPlan;
  /** How many customers left while the provider was out of order. */
  readonly outage: number;
  readonly releases: Readonly<Record<string, string>>;
  /** Whether a new environment runs the next version. */
  readonly isNext: () => boolean;
  readonly areSecretsRotated: boolean;
  /** Whether the functions have read their secrets: nothing happens before. */
  readonly isWarm: () => boolean;
}

/** What happens once in a run, at a time of its own. */
export class Incidents {
  private readonly plan: (readonly [number, () => void | Promise<void>])[];
  private victim?: number;

  constructor(private readonly options: IncidentsOptions) {
    this.plan = [[0.2, () => this.release()], [0.35, () => this.rotation()]];
  }

  /** Lets happen what is due when so much of the traffic has come. */
  public async due(share: number): Promise<void> {
    while (this.plan.length > 0 && this.plan[0][0] <= share && this.options.isWarm()) await this.plan.shift()![1]();
  }

  /** Whether the process that works on this customer's request is killed once the provider has charged. */
  public isVictim(customer: number): boolean {
    return customer === this.victim;
  }

  /**
   * The ledger after an outage of the provider: payments that were entered, never charged and never repeated. After them comes one
   * that is charged and not booked: what waits must not hide it from the reconciliation.
   */
  public async outage(next: (options: { givesUp: boolean }) => Promise<void>): Promise<void> {
    const { cloud, customers, outage } = this.options;
    if (outage === 0 || this.victim !== undefined) return;
    await cloud.ledger.query(
      `INSERT INTO payments (id, merchant, idempotency_key, amount, currency, customer, status, taken_at, touched_at)
       SELECT md5('outage ' || n), 'merchant-1', 'outage-' || n, 1, 'EUR', 'customer', 'pending', now(), now() FROM generate_series(1, ${outage}) n`);
    this.options.plan.count('entered in an outage by hand', outage);
    this.victim = customers.intents.length;
    await next({ givesUp: true });
  }

  /** A canary: some new environments of a function run its next version, which reads and writes another payload. */
  private release(): void {
    const { cloud, plan, releases, isNext } = this.options;
    for (const [prefix, folder] of Object.entries(releases)) {
      cloud.function(prefix).release(folder, isNext);
      plan.count('versions released by hand');
    }
  }

  private rotation(): void {
    const { cloud, plan, areSecretsRotated } = this.options;
    if (!areSecretsRotated) return;
    cloud.secrets.rotate();
    plan.count('secrets rotated by hand');
  }
}
