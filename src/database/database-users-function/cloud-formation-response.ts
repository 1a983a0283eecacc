import { setTimeout as sleep } from 'node:timers/promises';
import type { UserEvent } from './user-event';

/** The result of a request. */
export interface Outcome {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly PhysicalResourceId: string;
  /** @default - none, allowed for a success only */
  readonly Reason?: string;
}

const ATTEMPTS = 6;
const ATTEMPT_MILLIS = 3_000;
const FIRST_PAUSE_MILLIS = 250;
/** CloudFormation accepts a response of at most 4 KB. */
const RESPONSE_BYTES = 4_000;

/** Sends the response, without which CloudFormation waits for an hour. An attempt that gets no answer is given up for the next one. */
export async function respond(event: UserEvent, outcome: Outcome): Promise<void> {
  const body = bodyOf(event, outcome);
  for (let attempt = 1; ; attempt++) {
    try {
      // The presigned URL does not allow a content type.
      const response = await fetch(event.ResponseURL, {
        method: 'PUT', body, headers: { 'content-type': '' }, signal: AbortSignal.timeout(ATTEMPT_MILLIS),
      });
      await response.body?.cancel(); // an unread body would occupy the connection
      if (response.ok) return;
      throw new Error(`the response URL of CloudFormation returned ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1));
    }
  }
}

/** The response, with a reason that is shortened until both fit. */
function bodyOf({ StackId, RequestId, LogicalResourceId }: UserEvent, { Reason, ...outcome }: Outcome): string {
  const response = { StackId, RequestId, LogicalResourceId, ...outcome };
  if (Reason === undefined) return JSON.stringify(response);
  const characters = [...Reason.slice(0, RESPONSE_BYTES)]; // not halves of a surrogate pair
  for (;;) {
    const body = JSON.stringify({ ...response, Reason: characters.join('') });
    if (Buffer.byteLength(body) <= RESPONSE_BYTES || characters.length === 0) return body;
    characters.length = Math.floor(characters.length * 0.9);
  }
}
