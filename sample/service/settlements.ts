import { announced, type Once, type Parts } from './parts';
import type { Settlement } from '../domain/settlement';
import type { Deadline } from 'cdk-production-lambda-runtime';

/** A notice in the queue. */
export interface Notice {
  readonly messageId: string;
  readonly settlement: Settlement;
}

export interface SettlementsParts extends Parts {
  readonly once: Once<Notice>;
}

/** Books settlements, each notice once. A notice that arrives in a second message finds its payment settled and changes nothing. */
export class Settlements {
  public readonly settle: (notice: Notice, deadline: Deadline) => Promise<string>;

  constructor(parts: SettlementsParts) {
    this.settle = parts.once(async ({ settlement }: Notice, deadline: Deadline) => {
      const { id } = await announced(parts, await parts.ledger.settle(settlement, deadline), deadline);
      return id;
    });
  }
}
