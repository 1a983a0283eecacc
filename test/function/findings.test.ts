import { App, type AppProps, Duration, Stack, aws_ec2 as ec2, aws_efs as efs, aws_kms as kms, aws_lambda as lambda, aws_secretsmanager as secretsmanager, aws_sqs as sqs } from 'aws-cdk-lib';
import type { ProductionFunctionProps } from '../../src';
import { findingsOf } from '../support/findings';
import { production } from '../support/production-function';

const durableConfig = { executionTimeout: Duration.hours(1) };

function findings(props: (stack: Stack) => Partial<ProductionFunctionProps>) {
  return findingsOf((appProps: AppProps) => {
    const app = new App(appProps);
    const stack = new Stack(app, 'Stack');
    production(stack, props(stack));
    return app;
  });
}

/** Findings at what the function and its stack made; what the test itself adds (a VPC, a key) is the user's. */
const ofOurs = <T extends { path: string }>(all: T[]) => all.filter(({ path }) => /^Stack\/(Pay|ProductionLambda)/.test(path));

test.each<[string, (stack: Stack) => Partial<ProductionFunctionProps>]>([
  ['plain', () => ({})],
  ['durable', () => ({ durableConfig })],
  ['in a VPC', stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    new ec2.CfnVPCPeeringConnection(stack, 'Partner', { vpcId: vpc.vpcId, peerVpcId: 'vpc-0123456789abcdef0' }); // why it is in there
    return { vpc };
  }],
  ['with a file system', stack => {
    const vpc = new ec2.Vpc(stack, 'Vpc');
    return { vpc, filesystem: lambda.FileSystem.fromEfsAccessPoint(new efs.FileSystem(stack, 'Files', { vpc }).addAccessPoint('Access'), '/mnt/files') };
  }],
  ['with keys and a secret of its own', stack => ({
    logEncryptionKey: new kms.Key(stack, 'Log'),
    environmentEncryption: new kms.Key(stack, 'Environment'),
    secrets: { LOGIN: new secretsmanager.Secret(stack, 'Login', { encryptionKey: new kms.Key(stack, 'Key') }) },
  })],
  ['with a dead-letter queue of its own', stack => ({ deadLetterQueue: new sqs.Queue(stack, 'Dead') })],
])('a function %s has no open finding, and every acknowledgement matches a finding', (_name, props) => {
  const { open, made, used } = findings(props);

  expect(ofOurs(open)).toEqual([]);
  expect(made.filter(({ path }) => path.startsWith('Stack/Pay'))
    .filter(({ id, path }) => !used.some(u => u.id === id && u.path === path))).toEqual([]);
});

test('a durable function without a destination for failed events has a finding', () => {
  expect(ofOurs(findings(() => ({ durableConfig, deadLetterQueueEnabled: false })).open).map(({ rule }) => rule).sort())
    .toEqual(['Serverless-LambdaAsyncFailureDestination', 'Serverless-LambdaDLQ']);
});
