import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ProxiedDatabase, type ProxiedDatabaseAttributes } from '../../src';
import { message, payIn, POSTGRES } from '../support/databases';
import { newStack } from '../support/plain-function';
import { grantedStatements, only } from '../support/production-function';
import { warningsOf } from '../support/warnings';

describe('an imported database', () => {
  const importInto = (stack: Stack, attrs: Partial<ProxiedDatabaseAttributes> = {}) => ProxiedDatabase.fromProxiedDatabaseAttributes(stack, 'Ledger', {
    engine: POSTGRES,
    proxyEndpoint: 'ledger.proxy-x.eu-west-1.rds.amazonaws.com',
    proxyArn: 'arn:aws:rds:eu-west-1:111122223333:db-proxy:prx-0123456789abcdef0',
    proxyName: 'ledger',
    securityGroups: [ec2.SecurityGroup.fromSecurityGroupId(stack, 'ProxyGroup', 'sg-1')],
    ...attrs,
  });

  test('connects a function', () => {
    const stack = newStack();
    const database = importInto(stack, { databaseName: 'ledger', maxConnections: 100 });
    database.connect(payIn(stack), { user: 'pay', maxConcurrency: 80 });
    expect(only(stack, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables)
      .toMatchObject({ PGHOST: 'ledger.proxy-x.eu-west-1.rds.amazonaws.com', PGDATABASE: 'ledger', PGUSER: 'pay' });
    expect(JSON.stringify(grantedStatements(stack))).toContain('dbuser:prx-0123456789abcdef0/pay');
    expect(only(stack, 'AWS::EC2::SecurityGroupIngress', /^LedgerProxyGroup|ProxyGroup/).Properties).toMatchObject({ GroupId: 'sg-1', FromPort: 5432 });
    expect(database.budget.toTable()).toContain('80 connections of 80 (80 % of 100)');
  });

  test('fails at synth if functions exceed its connections', () => {
    const stack = newStack();
    importInto(stack, { maxConnections: 100 }).connect(payIn(stack), { user: 'pay', maxConcurrency: 81 });
    expect(() => Template.fromStack(stack)).toThrow('the functions together must open at most 80 connections (80 % of 100), got 81');
  });

  test('warns about a function with unlimited concurrency', () => {
    const stack = newStack();
    importInto(stack, { maxConnections: 100 }).connect(payIn(stack), { user: 'pay' });
    expect(warningsOf(stack)).toEqual([expect.stringContaining('ConnectionBudget.unboundedConcurrency')]);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ["'maxConnectionsPercent' must be between 1 and 100, got 101; it is a percentage", stack => importInto(stack, { maxConnectionsPercent: 101 })],
    ["'user' must be 1 to 63 lowercase letters, digits and underscores and not start with a digit, got '*'; rename the user",
      stack => importInto(stack).grantConnect(new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() }), '*')],
  ])('fails when %s', (text, act) => expect(() => act(newStack())).toThrow(message(text)));

  test('readOnly uses the read-only endpoint, and fails without one', () => {
    const stack = newStack();
    const fn = payIn(stack);
    expect(() => importInto(stack).connect(fn, { user: 'pay', readOnly: true }))
      .toThrow(message("'readOnly' must be combined with the attribute 'readOnlyEndpoint', got none; set it or remove 'readOnly'"));
    const other = newStack();
    importInto(other, { readOnlyEndpoint: 'ro.example' }).connect(payIn(other), { user: 'pay', readOnly: true, maxConcurrency: 1 });
    expect(only(other, 'AWS::Lambda::Function', /^Pay/).Properties.Environment.Variables.PGHOST).toBe('ro.example');
  });
});
