import { asList, invocationStatesOf, isRecord, member } from '../../graph';
import type { AppGraph, Resource, Value } from '../../graph';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { groupBy } from '../support/group-by';
import { nameList } from '../support/name-list';

const MACHINE = 'AWS::StepFunctions::StateMachine';
/** The properties that name the log group of a resource. */
const LOG_DESTINATIONS: Record<string, string> = {
  [MACHINE]: 'LoggingConfiguration.Destinations',
  'AWS::ApiGateway::Stage': 'AccessLogSetting.DestinationArn',
  'AWS::ApiGatewayV2::Stage': 'AccessLogSettings.DestinationArn',
};
const GUIDE = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const TRACING = 'TracingConfiguration.Enabled';
const DATA = 'LoggingConfiguration.IncludeExecutionData';

export const STATE_MACHINES_RULES: Rule[] = [
  {
    id: 'LP-F134',
    category: 'foundation',
    severity: 'warning',
    title: 'State machine or pipe logs its payloads',
    why: 'The input and output of every state or step are written to the log group, including personal data.',
    fix: 'set IncludeExecutionData to false',
    source: `${GUIDE}/cw-logs.html`,
    practice: true,
    evaluate: app => [...each(MACHINE, payloadsLogged)(app), ...each('AWS::Pipes::Pipe', payloadsOfPipeLogged)(app)],
  },
  {
    id: 'LP-F135',
    category: 'foundation',
    severity: 'warning',
    title: 'Logs of a state machine or an API are retained indefinitely',
    why: 'A log group without a retention period keeps, and charges for, every entry.',
    fix: 'set RetentionInDays on the log group',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html',
    practice: true,
    evaluate: logGroupsWithoutRetention,
  },
  {
    id: 'LP-F136',
    category: 'foundation',
    severity: 'warning',
    title: 'State that invokes a function does not retry',
    why: 'A throttle or a transient error of Lambda fails the whole execution.',
    fix: 'retry Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and '
      + 'Lambda.TooManyRequestsException',
    source: `${GUIDE}/sfn-best-practices.html`,
    practice: true,
    evaluate: tasksWithoutRetry,
  },
  {
    id: 'LP-F137',
    category: 'foundation',
    severity: 'warning',
    title: 'State machine is not traced',
    why: 'A trace that begins in the state machine shows which state was slow or failed.',
    fix: 'set TracingConfiguration.Enabled to true',
    source: `${GUIDE}/concepts-xray-tracing.html`,
    elsewhere: 'cdk-nag Serverless: StepFunctionStateMachineXray',
    practice: true,
    evaluate: each(MACHINE, notTraced),
  },
];

function payloadsLogged(machine: Resource): Found {
  return machine.boolean(DATA) === true && machine.string('LoggingConfiguration.Level', 'OFF') !== 'OFF'
    && { at: machine, property: DATA, must: 'must be false in production', got: true };
}

function payloadsOfPipeLogged(pipe: Resource): Found {
  const property = 'LogConfiguration.IncludeExecutionData';
  return pipe.list(property).includes('ALL') && pipe.string('LogConfiguration.Level', 'OFF') !== 'OFF'
    && { at: pipe, property, must: 'must be absent in production', got: 'ALL', fix: 'remove it' };
}

function notTraced(machine: Resource, app: AppGraph): Found {
  return !isWaiter(machine, app) && machine.boolean(TRACING, false) === false
    && { at: machine, property: TRACING, must: 'must be true', got: machine.get(TRACING) };
}

/** Whether it is the state machine of the provider framework of CDK, which runs during a deployment. */
function isWaiter(machine: Resource, app: AppGraph): boolean {
  return app.ofType('AWS::Lambda::Function').some(fn => (
    app.mentioned(member(fn.get('Environment.Variables'), 'WAITER_STATE_MACHINE_ARN')).has(machine)));
}

function tasksWithoutRetry(app: AppGraph): Problem[] {
  const tasks = invocationStatesOf(app).filter(({ state, around, machine }) => (
    [state, ...around].every(one => lacksRetry(member(one, 'Retry'))) && !isWaiter(machine, app)));
  return [...groupBy(tasks, ({ machine }) => machine)].map(([machine, states]) => ({
    at: machine,
    property: 'Retry',
    must: 'must be set on every state that invokes a function',
    got: nameList(states.map(({ name }) => name)),
  }));
}

function lacksRetry(retry: Value): boolean {
  return retry === undefined || retry === null || (Array.isArray(retry) && retry.length === 0);
}

function logGroupsWithoutRetention(app: AppGraph): Problem[] {
  const writers = Object.entries(LOG_DESTINATIONS).flatMap(([type, property]) => (
    app.ofType(type).map(writer => ({ writer, value: writer.get(property) }))));
  const found = new Map<Resource, Resource>();
  for (const { writer, value } of writers) {
    for (const destination of asList(value)) {
      const own = member(member(destination, 'CloudWatchLogsLogGroup'), 'LogGroupArn');
      const arn = isRecord(destination) ? own : destination;
      const group = app.resourceOf(arn, writer, 'AWS::Logs::LogGroup');
      if (group?.lacks('RetentionInDays')) found.set(group, writer);
    }
  }
  return [...found].map(([group, writer]) => (
    { at: group, property: 'RetentionInDays', must: `must be set for the logs of ${writer.path}`, got: undefined }));
}
