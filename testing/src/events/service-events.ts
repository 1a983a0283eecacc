import { randomUUID } from 'node:crypto';
import type {
  EventBridgeEvent, PostConfirmationTriggerEvent, PreSignUpTriggerEvent, PreTokenGenerationTriggerEvent, ScheduledEvent,
} from 'aws-lambda';
import { ACCOUNT, arn, REGION } from '../template/assembly';

/** An event of an EventBridge rule. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export function eventBridgeEvent<T extends string, D>(
  { source, detailType, detail, resources = [] }: { source: string; detailType: T; detail: D; resources?: readonly string[] },
): EventBridgeEvent<T, D> {
  return {
    'version': '0',
    'id': randomUUID(),
    'detail-type': detailType,
    source,
    'account': ACCOUNT,
    'time': seconds(new Date()),
    'region': REGION,
    'resources': [...resources],
    detail,
  };
}

/** The event of a scheduled EventBridge rule. @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html */
export function scheduledEvent({ rule = 'rule' } = {}): ScheduledEvent {
  return eventBridgeEvent({ source: 'aws.events', detailType: 'Scheduled Event', detail: {}, resources: [arn('events', `rule/${rule}`)] });
}

/**
 * The input of an EventBridge Scheduler target, with the context attributes that the schedule uses replaced. The input is a JSON text.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function schedulerEvent<T = unknown>(input: string = '{}', { schedule = 'schedule', scheduledTime = new Date(), attempt = 1 } = {}): T {
  const attributes: Record<string, string> = {
    'schedule-arn': arn('scheduler', `schedule/default/${schedule}`),
    'scheduled-time': seconds(scheduledTime),
    'execution-id': randomUUID(),
    'attempt-number': String(attempt),
  };
  return JSON.parse(input.replace(/<aws\.scheduler\.([\w-]+)>/g, (whole, name: string) => attributes[name] ?? whole));
}

/** The event of a CodeDeploy lifecycle hook. @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html */
export function codeDeployHookEvent({ deploymentId = 'd-EXAMPLE123' } = {}): { DeploymentId: string; LifecycleEventHookExecutionId: string } {
  return { DeploymentId: deploymentId, LifecycleEventHookExecutionId: randomUUID() };
}

export interface CognitoOptions {
  readonly userName?: string;
  readonly userAttributes?: Readonly<Record<string, string>>;
  readonly clientId?: string;
}

/** What all triggers of a user pool have. @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html */
function trigger<S extends string>(triggerSource: S, { userName = 'user', clientId = 'client' }: CognitoOptions) {
  const callerContext = { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId };
  return { version: '1', region: REGION, userPoolId: `${REGION}_EXAMPLE`, userName, triggerSource, callerContext };
}

/** The event before a user signs up. */
export function preSignUpEvent(options: CognitoOptions = {}): PreSignUpTriggerEvent {
  const request = { userAttributes: { ...options.userAttributes }, validationData: {} };
  return { ...trigger('PreSignUp_SignUp', options), request, response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false } };
}

/** The event after a user was confirmed. */
export function postConfirmationEvent(options: CognitoOptions = {}): PostConfirmationTriggerEvent {
  return { ...trigger('PostConfirmation_ConfirmSignUp', options), request: { userAttributes: { ...options.userAttributes } }, response: {} };
}

/** The event before tokens are generated. */
export function preTokenGenerationEvent(options: CognitoOptions & { groups?: readonly string[] } = {}): PreTokenGenerationTriggerEvent {
  const groupConfiguration = { groupsToOverride: [...options.groups ?? []], iamRolesToOverride: [] };
  const request = { userAttributes: { ...options.userAttributes }, groupConfiguration };
  return { ...trigger('TokenGeneration_Authentication', options), request, response: { claimsOverrideDetails: {} } };
}

/** Times of events have no milliseconds. */
function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
