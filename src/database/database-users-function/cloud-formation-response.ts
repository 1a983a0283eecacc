import { setTimeout as sleep } from 'node:timers/promises';
import type { UserEvent } from './user-event';

/** The result of a request. */
export interface Outcome {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly PhysicalResourceId: string;
  /** @default - none, allowed for a success only */
  readonly Reason?: string;
}

const ATTEMPTS = 3;
/** CloudFormation accepts a response of at most 4 KB. */
const REASON_CHARACTERS = 1_000;

/** Sends the response, without which CloudFormation waits for an hour. */
export async function respond(event: UserEvent, outcome: Outcome): Promise<void> {
  const { StackId, RequestId, LogicalResourceId } = event;
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...outcome, Reason: outcome.Reason?.slice(0, REASON_CHARACTERS) });
  for (let attempt = 1; ; attempt++) {
    try {
      // The presigned URL does not allow a content type.
      const response = await fetch(event.ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
      if (response.ok) return;
      throw new Error(`the response URL of CloudFormation returned ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(attempt * 500);
    }
  }
}
