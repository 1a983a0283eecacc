import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { type Outcome, respond } from './cloud-formation-response';
import { runStatements } from './run-statements';
import type { UserEvent } from './user-event';

const client = new RDSDataClient({ maxAttempts: 3 });
/** The id of a user that could not be created. A rollback does not drop it: another user of that name can exist. */
const NOT_CREATED = 'not-made';
/** The time reserved for the response. */
const RESPONSE_MILLIS = 20_000;

/** Handles a request of CloudFormation, and responds also if it fails. */
export async function handler(event: UserEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const end = Date.now() + context.getRemainingTimeInMillis() - RESPONSE_MILLIS;
  await respond(event, await outcomeOf(event, end));
}

async function outcomeOf(event: UserEvent, end: number): Promise<Outcome> {
  const id = `user:${event.ResourceProperties.name}`;
  try {
    await change(event, id, end);
    return { Status: 'SUCCESS', PhysicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId! : id };
  } catch (error) {
    console.error(JSON.stringify({ level: 'ERROR', request: event.RequestType, user: event.ResourceProperties.name, error: String(error) }));
    return { Status: 'FAILED', PhysicalResourceId: event.PhysicalResourceId ?? NOT_CREATED, Reason: String(error) };
  }
}

async function change(event: UserEvent, id: string, end: number): Promise<void> {
  const { RequestType, ResourceProperties: now, OldResourceProperties: before } = event;
  if (RequestType === 'Delete') {
    if (event.PhysicalResourceId !== NOT_CREATED) await runStatements(client, now, now.drop, end, true);
  } else if (RequestType === 'Update' && before && event.PhysicalResourceId === id && before.clusterArn === now.clusterArn) {
    await runStatements(client, now, [...before.revoke, ...now.grant], end);
  } else {
    await runStatements(client, now, now.grant, end);
  }
}
