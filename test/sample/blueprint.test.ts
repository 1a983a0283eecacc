import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Expiration } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { SQSEvent } from 'aws-lambda';
import { createOrdersApp } from '../../sample/blueprint/orders-app';
import { AcmeApp, AcmeFunction, AcmeStack } from '../../sample/blueprint/platform';
import { handler } from '../../sample/blueprint/ship';
import { ProductionDefaults } from '../../src';
import { check } from '../../src/checks/engine/check';
import { loadTemplate } from '../../src/checks/engine/load';
import { expectNoCycle } from '../support/template-graph';

let app: App;
let production: any;
let sandbox: any;
let file: string;
beforeAll(() => {
  app = createOrdersApp();
  const stack = app.synth().getStackByName('acme-orders-production');
  [production, file] = [stack.template, stack.templateFullPath];
  sandbox = createOrdersApp({}, { owner: 'ana', expires: Expiration.fromString('2099-12-31') }).synth().getStackByName('acme-orders-ana').template;
});

const of = (template: any, type: string): any[] => Object.values<any>(template.Resources).filter(resource => resource.Type === type);

test('the platform is under a hundred lines', () => {
  expect(readFileSync(join(__dirname, '../../sample/blueprint/platform.ts'), 'utf8').split('\n').length).toBeLessThan(100);
});

test('every role has the permissions boundary', () => {
  const roles = of(production, 'AWS::IAM::Role');
  expect(roles.length).toBeGreaterThanOrEqual(4);
  for (const { Properties } of roles) expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('policy/acme-workload-boundary');
});

test('every alarm goes to the team\'s topic, and to nobody from a sandbox', () => {
  const alarms = of(production, 'AWS::CloudWatch::Alarm');
  expect(alarms.length).toBeGreaterThanOrEqual(10);
  for (const { Properties } of alarms) expect(JSON.stringify(Properties.AlarmActions)).toContain('acme-on-call-fulfilment');
  for (const { Properties } of of(sandbox, 'AWS::CloudWatch::Alarm')) expect(Properties.AlarmActions).toBeUndefined();
});

test('team and service are tags of all that takes some', () => {
  const tags = [{ Key: 'acme:service', Value: 'orders' }, { Key: 'acme:team', Value: 'fulfilment' }];
  for (const { Properties } of [...of(production, 'AWS::Lambda::Function'), ...of(production, 'AWS::SQS::Queue')]) expect(Properties.Tags).toEqual(expect.arrayContaining(tags));
  for (const { Properties } of of(sandbox, 'AWS::Lambda::Function')) expect(Properties.Tags).toEqual(expect.arrayContaining([...tags, { Key: 'owner', Value: 'ana' }, { Key: 'expires', Value: '2099-12-31' }]));
});

test('logs are kept as the platform says, and go with a sandbox', () => {
  expect(of(production, 'AWS::Logs::LogGroup').map(({ Properties }) => Properties.RetentionInDays)).toEqual(expect.arrayContaining([90]));
  for (const group of of(sandbox, 'AWS::Logs::LogGroup').filter(({ Properties }) => Properties.LogGroupName === undefined)) {
    expect([group.Properties.RetentionInDays, group.DeletionPolicy]).toEqual([7, 'Delete']);
  }
});

test('a function has the platform\'s defaults, and what the team gave', () => {
  const [remind] = of(production, 'AWS::Lambda::Function').filter(({ Properties }) => Properties.MemorySize === 1_024);
  expect(remind.Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME).toBe('orders');
  expect(of(production, 'AWS::CloudWatch::Alarm').filter(({ Properties }) => JSON.stringify(Properties.AlarmDescription).includes('https://runbooks.acme.example/orders/ship')).length).toBeGreaterThan(0);
});

test('the plain function has the floor', () => {
  expect(ProductionDefaults.explain(app).filter(({ path }) => path === 'Orders/Label').map(({ prop }) => prop)).toEqual(['memorySize', 'timeout', 'loggingFormat', 'tracing']);
});

test('the checks find nothing, and nothing waits for itself', () => {
  expect(check(loadTemplate(file, undefined, { name: 'orders' })).filter(({ severity }) => severity !== 'info').map(({ rule, path }) => `${rule.id} ${path}`)).toEqual([]);
  expectNoCycle(production);
});

test.each(['Orders', 'o', '1st', 'a'.repeat(32)])('a service called %s is refused', service => {
  expect(() => new AcmeStack(new AcmeApp(), 'Orders', { team: 'fulfilment', service })).toThrow("'service' must be 2 to 31 lower case letters");
});

test('a function name is rejected', () => {
  const stack = new AcmeStack(new AcmeApp(), 'Orders', { team: 'fulfilment', service: 'orders' });
  new AcmeFunction(stack, 'Ship', { code: lambda.Code.fromInline('exports.handler = async () => 1'), functionName: 'ship' });
  expect(stack.node.findChild('Ship').node.metadata.map(({ data }) => data)).toContainEqual(expect.stringContaining("'functionName' must not be set"));
});

test('only an order that cannot be parsed is reported as failed', async () => {
  const records = [{ messageId: 'good', body: '{"order":"1"}' }, { messageId: 'bad', body: 'x' }, { messageId: 'none', body: '{}' }];
  expect(await handler({ Records: records } as SQSEvent)).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }, { itemIdentifier: 'none' }] });
  expect(await handler({})).toEqual({ batchItemFailures: [] });
});
