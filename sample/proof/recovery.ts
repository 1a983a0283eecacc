import type { Notices } from './notices';
import { STUCK_SECONDS } from './pace';
import { passed } from './passed';
import type { FaultPlan } from '../../testing/src';
import type { Cloud } from '../local/cloud';

/** Runs the reconciliation once; undefined if it failed. */
export type Reconcile = () => Promise<{ booked: number; abandoned: number; published: number } | undefined>;

/** In how many runs, a minute apart in the stack, the reconciliation must have booked what the provider has charged. */
const REVIEWS = 4;
const ROUNDS = 20;
/** After how many rounds in which the same messages fail there is no use in another one. */
const IN_VAIN_MAX = 2;

/** What happens once nothing goes wrong any more, and the passing of time. */
export class Recovery {
  public notices!: Notices;
  /** Payments that were charged and not booked after the reviews. */
  public readonly notReviewed: string[] = [];

  constructor(
    private readonly cloud: Cloud, private readonly plan: FaultPlan, private readonly reconcile: Reconcile, private readonly listedMillis: number,
  ) {}

  /** Nothing goes wrong any more, time passes, an operator sends the dead letters again: then all must come right. */
  public async run(): Promise<void> {
    await this.notices.sent();
    await this.charged();
    await this.reviewed();
    let inVain = 0;
    for (let round = 0, isWork = true, before = Infinity; isWork && round < ROUNDS && inVain < IN_VAIN_MAX; round++) {
      await this.cloud.ledger.query("UPDATE payments SET touched_at = touched_at - interval '2 days' WHERE status = 'pending'");
      await this.cloud.ledger.query("UPDATE outbox SET created_at = created_at - interval '2 days' WHERE published_at IS NULL");
      const done = await this.reconcile();
      await this.notices.sent();
      const moved = await this.drained();
      inVain = moved > 0 && moved >= before ? inVain + 1 : 0;
      before = moved;
      isWork = moved > 0 || done === undefined || done.booked + done.abandoned + done.published > 0;
    }
  }

  /** Idempotency records expire, and the provider forgets its keys: the ledger alone remembers. */
  public async daysPass(): Promise<void> {
    const { db, provider, stack } = this.cloud;
    for (const [table] of stack.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
      this.plan.count('records expired', await db.clear(table));
    }
    provider.forgetKeys();
  }

  public settlements() {
    const { queues } = this.cloud;
    const queue = queues.all().find(({ name, definition }) => definition.deadLetters && name.startsWith('Settlements'))!;
    const deadLetters = queues.queue(queue.definition.deadLetters!.queue);
    return { queue, deadLetters };
  }

  /** Until the provider has made and listed all charges. */
  private async charged(): Promise<void> {
    while (this.cloud.provider.underWay > 0) await passed(50);
    await passed(this.listedMillis);
  }

  /** Payments get old enough for a review, and not so old that they are given up: what was charged must be booked in a few runs. */
  private async reviewed(): Promise<void> {
    await this.cloud.ledger.query(`UPDATE payments SET touched_at = touched_at - interval '${STUCK_SECONDS + 1} seconds' WHERE status = 'pending'`);
    let left: string[] = [];
    for (let run = 0; run < REVIEWS; run++) {
      await this.reconcile();
      left = await this.chargedAndPending();
      if (left.length === 0) return;
    }
    this.notReviewed.push(...left);
  }

  private async chargedAndPending(): Promise<string[]> {
    const pending = new Set((await this.cloud.ledger.query<{ id: string }>("SELECT id FROM payments WHERE status = 'pending'")).map(({ id }) => id));
    return this.cloud.provider.charges.map(({ reference }) => reference).filter(reference => pending.has(reference));
  }

  /** Works the queue off, the dead letters once more; the poison stays there. */
  private async drained(): Promise<number> {
    const { queue, deadLetters } = this.settlements();
    while (queue.messages.size > 0 || this.cloud.isPolling) {
      if (!this.cloud.isPolling) queue.show();
      await passed(20);
    }
    const moved = deadLetters.moveTo(queue, message => !this.notices.isPoison(message));
    if (moved > 0) this.plan.count('redriven by hand', moved);
    return moved;
  }
}
