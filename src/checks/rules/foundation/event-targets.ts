import { isRecord, member } from '../../graph';
import type { Resource, Value } from '../../graph';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';

/** The services whose events matter to the app, by a part of the ARN or the type. */
const TARGETS = new Set([
  'AWS::Lambda::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version', 'AWS::SQS::Queue', 'AWS::SNS::Topic',
  'AWS::StepFunctions::StateMachine', 'AWS::Kinesis::Stream', 'AWS::Events::ApiDestination',
]);

export const EVENT_TARGETS_RULES: Rule[] = [
  {
    id: 'LP-F138',
    category: 'foundation',
    severity: 'warning',
    title: 'Target of a rule or schedule has no dead-letter queue',
    why:
      'What EventBridge cannot deliver within its retries, because of a permission or a throttle, is lost. '
      + 'The on-failure destination of the function does not receive it.',
    fix: 'set DeadLetterConfig on the target',
    source: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html',
    elsewhere: 'cdk-nag Serverless: EventBusDLQ',
    practice: true,
    evaluate: each(['AWS::Events::Rule', 'AWS::Scheduler::Schedule'], targetWithoutDeadLetterQueue),
  },
];

function targetWithoutDeadLetterQueue(source: Resource): Found {
  if (source.string('State') === 'DISABLED') return undefined;
  if (source.type === 'AWS::Scheduler::Schedule') {
    return loses(source, source.get('Target')) && problem(source, 'Target.DeadLetterConfig');
  }
  return source.list('Targets').map((target, i) => (
    loses(source, target) && problem(source, `Targets.${i}.DeadLetterConfig`)));
}

function loses(source: Resource, target: Value): boolean {
  if (!isRecord(target) || member(target, 'DeadLetterConfig') !== undefined) return false;
  const resource = source.template.app.resourceOf(member(target, 'Arn'), source);
  return resource !== undefined && TARGETS.has(resource.type);
}

function problem(at: Resource, property: string): Problem {
  return { at, property, must: 'must name a dead-letter queue', got: undefined };
}
