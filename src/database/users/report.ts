import { setTimeout as sleep } from 'node:timers/promises';
import type { UserEvent } from './handler';

/** What CloudFormation is told. */
export interface Outcome {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly PhysicalResourceId: string;
  /** @default - none, which only a success may have */
  readonly Reason?: string;
}

const ATTEMPTS = 3;
/** CloudFormation takes 4 KB in all. */
const REASON_CHARACTERS = 1_000;

/** Answers CloudFormation, which otherwise waits for an hour. */
export async function report(event: UserEvent, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...outcome, Reason: outcome.Reason?.slice(0, REASON_CHARACTERS) });
  for (let attempt = 1; ; attempt++) {
    try {
      // The signature of the address allows no content type.
      const answer = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
      if (answer.ok) return;
      throw new Error(`CloudFormation's address answered ${answer.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 500);
    }
  }
}
