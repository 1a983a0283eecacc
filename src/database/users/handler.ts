import { RDSDataClient } from '@aws-sdk/client-rds-data';
import { type Outcome, report } from './report';
import { type Place, run } from './run';

/** What the resource of a login holds: the statements were written at synth. */
export interface UserProperties extends Place {
  readonly name: string;
  /** Makes the login and gives it its privileges. */
  readonly grant: string[];
  /** Takes back the privileges. */
  readonly revoke: string[];
  /** Takes the login away. */
  readonly drop: string[];
}

/** What CloudFormation sends. */
export interface UserEvent {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: UserProperties;
  readonly OldResourceProperties?: UserProperties;
}

const client = new RDSDataClient({ maxAttempts: 3 });
/** What could not be made is not taken away when the stack goes back: a login of that name may be somebody else's. */
const NOT_MADE = 'not-made';
/** Kept back to report. */
const REPORT_MILLIS = 20_000;

/** Does what CloudFormation asks and always reports, whatever happens on the way. */
export async function handler(event: UserEvent, context: { getRemainingTimeInMillis(): number }): Promise<void> {
  const end = Date.now() + context.getRemainingTimeInMillis() - REPORT_MILLIS;
  await report(event, await outcomeOf(event, end));
}

async function outcomeOf(event: UserEvent, end: number): Promise<Outcome> {
  const id = `user:${event.ResourceProperties.name}`;
  try {
    await change(event, id, end);
    return { Status: 'SUCCESS', PhysicalResourceId: event.RequestType === 'Delete' ? event.PhysicalResourceId! : id };
  } catch (error) {
    console.error(JSON.stringify({ level: 'ERROR', request: event.RequestType, user: event.ResourceProperties.name, error: String(error) }));
    return { Status: 'FAILED', PhysicalResourceId: event.PhysicalResourceId ?? NOT_MADE, Reason: String(error) };
  }
}

async function change(event: UserEvent, id: string, end: number): Promise<void> {
  const { RequestType, ResourceProperties: now, OldResourceProperties: before } = event;
  if (RequestType === 'Delete') {
    if (event.PhysicalResourceId !== NOT_MADE) await run(client, now, now.drop, end, true);
  } else if (RequestType === 'Update' && before && event.PhysicalResourceId === id && before.clusterArn === now.clusterArn) {
    await run(client, now, [...before.revoke, ...now.grant], end);
  } else {
    await run(client, now, now.grant, end);
  }
}
