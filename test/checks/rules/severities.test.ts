import { alias, att, fn, permission, r, ref, type Resources, rule, TODAY } from './harness';
import { check } from '../../../src/checks/engine/check';
import { input } from '../../../src/checks/engine/load';

const severities = (id: string, resources: Resources) => check([input({ Resources: resources }, 'template.json')], { today: TODAY })
  .filter(finding => finding.rule.id === id).map(({ severity }) => severity);
const every = (ScheduleExpression: unknown, props: object = {}) => r('AWS::Events::Rule', { ScheduleExpression, Targets: [{ Arn: att('Fn'), Id: 't' }], ...props });

test.each<[string, Resources, string]>([
  ['an event', { Rule: rule() }, 'error'],
  ['a schedule, which sends the event again', { Rule: every('rate(5 minutes)') }, 'warning'],
  ['a schedule of the Scheduler', { Plan: r('AWS::Scheduler::Schedule', { ScheduleExpression: 'cron(0 3 * * ? *)', Target: { Arn: att('Fn') } }) }, 'warning'],
  ['a schedule and an event', { Rule: every('rate(5 minutes)'), Other: rule() }, 'error'],
  ['a schedule and a pattern in one rule', { Rule: every('rate(5 minutes)', { EventPattern: { source: ['shop'] } }) }, 'error'],
  ['a schedule that happens once', { Plan: r('AWS::Scheduler::Schedule', { ScheduleExpression: 'at(2027-01-01T00:00:00)', Target: { Arn: att('Fn') } }) }, 'error'],
  ['a schedule that is not known', { Rule: every(ref('Given')) }, 'error'],
])('a lost event of %s: LP-F23 as %#', (_, callers, severity) => {
  expect(severities('LP-F23', { Fn: fn(), ...callers })).toEqual([severity]);
});

/** Permissions for API Gateway, whose statements have 300 bytes or more. */
const permissions = (n: number, functionName: unknown) => Object.fromEntries(Array.from({ length: n }, (_, i) => [
  `Permission${String(functionName === undefined ? i : i + 1_000)}`,
  permission({ ...functionName !== undefined && { FunctionName: functionName }, Principal: 'apigateway.amazonaws.com', SourceArn: `arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/*/GET/some/route/${i}` }),
]));

test('LP-F88 counts the policy of each qualifier on its own', () => {
  expect(severities('LP-F88', { Fn: fn(), Live: alias(), ...permissions(65, undefined) })).toEqual(['error']);
  expect(severities('LP-F88', { Fn: fn(), Live: alias(), ...permissions(40, undefined), ...permissions(40, ref('Live')) })).toEqual([]);
});

/** What Lambda returns as the policy of such a function: `aws lambda get-policy`. */
const STATEMENT = (i: number) => ({
  Sid: `s-Permission${i}-XXXXXXXXXXXX`,
  Effect: 'Allow',
  Principal: { Service: 'apigateway.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: 'arn:aws:lambda:us-east-1:123456789012:function:s-Fn-XXXXXXXXXXXX',
  Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:execute-api:eu-west-1:111122223333:abcdef1234/*/GET/some/route/${i}` } },
});

test('LP-F88 counts the bytes of the policy with the shortest generated names', () => {
  const Statement = Array.from({ length: 65 }, (_, i) => STATEMENT(i));
  const bytes = Buffer.byteLength(JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }));
  const [message] = check([input({ Resources: { Fn: fn(), ...permissions(65, undefined) } }, 'template.json')], { today: TODAY })
    .flatMap(finding => finding.rule.id === 'LP-F88' ? [finding.problem] : []);
  expect(message).toBe(`'Permission' must be at most 20480 bytes of permissions, got at least ${bytes} in 65 permissions, with the shortest names that the deployment can generate`);
});
