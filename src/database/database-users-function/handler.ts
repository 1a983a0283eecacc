import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { type Outcome, respond } from './cloud-formation-response';
import type { UserEvent } from './user-event';
import { idOf, serve } from './user-requests';
import { durationText } from '../../private/duration-text';

/** A statement of the Data API ends after 45 seconds. */
const REQUEST_MILLIS = 50_000;
const client = new RDSDataClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: REQUEST_MILLIS, throwOnRequestTimeout: true },
});
/** The id of a user that could not be created. */
const NOT_CREATED = 'not-made';
/** The time reserved for the response. */
const RESPONSE_MILLIS = 30_000;

/** Handles a request of CloudFormation, and responds also if it fails or takes too long. */
export async function handler(event: UserEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const outcome = await inTime(context, async signal => serve(client, event, signal)).then(() => successOf(event), error => failureOf(event, error));
  await respond(event, outcome);
}

/** Rejects when the time for the work is over, also while a request has no answer. */
async function inTime(context: { getRemainingTimeInMillis(): number }, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const remaining = context.getRemainingTimeInMillis();
  const allowed = Math.max(remaining - RESPONSE_MILLIS, remaining / 2);
  const abort = new AbortController();
  let timer: NodeJS.Timeout;
  const outOfTime = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the database did not finish the statements within ${durationText(Math.round(allowed / 1000))}`));
      abort.abort();
    }, allowed);
  });
  return Promise.race([outOfTime, work(abort.signal)]).finally(() => clearTimeout(timer));
}

function successOf(event: UserEvent): Outcome {
  return { Status: 'SUCCESS', PhysicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId ?? NOT_CREATED : idOf(event.ResourceProperties) };
}

function failureOf(event: UserEvent, error: unknown): Outcome {
  console.error(JSON.stringify({ level: 'ERROR', request: event.RequestType, user: event.ResourceProperties?.name, error: String(error) }));
  return { Status: 'FAILED', PhysicalResourceId: event.PhysicalResourceId ?? NOT_CREATED, Reason: String(error) };
}
