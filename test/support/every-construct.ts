import { aws_apigatewayv2 as apigwv2, aws_certificatemanager as acm, aws_kinesis as kinesis, aws_rds as rds, type Stack, Token } from 'aws-cdk-lib';
import { Construct, type IConstruct } from 'constructs';
import { plainFunction } from './plain-function';
import { production } from './production-function';
import * as library from '../../src';
import {
  Access, CanaryAlias, ColdStart, DataApiDatabase, Entrance, FailureBucket, FailureQueue, HttpEntrance, IdempotencyStore, LeastPrivilegeRole,
  PrivateNetwork, ProductionDashboard, ProxiedDatabase, QueueConsumer, SmokeTest, StreamConsumer, StreamSource, ProvisionedConcurrency,
} from '../../src';

/** A stack itself, what is made once for an account and not in a stack that may go, and what is allowed in a sandbox only. */
const OF_THEIR_OWN = ['EphemeralStack', 'EventProbe', 'GitHubDeployRole', 'SandboxCleaner'];
export const PLACE = { account: '111122223333', region: 'us-east-1' };

/** Each construct of this library in one stack, entrances of every kind among them, all by their defaults. */
export function buildEveryConstruct(stack: Stack): void {
  const { account, region } = Token.isUnresolved(stack.region) ? PLACE : stack;
  const vpc = new PrivateNetwork(stack, 'Network');
  const pay = production(stack, {
    idempotency: new IdempotencyStore(stack, 'Idempotency'),
    vpc,
    alarms: {},
    release: { preTraffic: SmokeTest.invoke() },
    coldStart: ColdStart.provisioned({ min: 1, max: 2 }),
  });
  const { logGroup } = pay.definition;
  const alias = new CanaryAlias(stack, 'Canary', { function: plainFunction(stack, 'Plain', { logGroup }) });
  new ProvisionedConcurrency(stack, 'Warm', { alias, min: 1, max: 2 });
  new LeastPrivilegeRole(stack, 'Role');
  new FailureQueue(stack, 'Failures');
  new FailureBucket(stack, 'Records');
  new QueueConsumer(stack, 'Work', { function: pay });
  const stream = kinesis.Stream.fromStreamArn(stack, 'Stream', `arn:aws:kinesis:${region}:${account}:stream/audit`);
  new StreamConsumer(stack, 'Audit', { function: pay, source: StreamSource.kinesis(stream) });
  const engine = rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 });
  new ProxiedDatabase(stack, 'Ledger', { engine, vpc }).addUser('pay', { privileges: [library.DatabasePrivilege.readWrite()] });
  new DataApiDatabase(stack, 'Reports', { engine, vpc });
  new ProductionDashboard(stack, 'Dashboard', { functions: [pay] });

  const domainIn = (place: string) => ({
    domainName: 'api.example.com',
    certificate: acm.Certificate.fromCertificateArn(stack, `CertificateIn${place}`, `arn:aws:acm:${place}:${account}:certificate/api`),
  });
  // the certificate of a distribution is in us-east-1
  const [global, regional] = region === 'us-east-1' ? new Array(2).fill(domainIn(region)) : [domainIn('us-east-1'), domainIn(region)];
  const entrances = {
    HttpApi: { entrance: Entrance.httpApi() },
    RestApi: { entrance: Entrance.restApi() },
    Url: { entrance: Entrance.functionUrl() },
    // a function has one URL, and `pay` has it above
    CloudFront: { entrance: Entrance.functionUrl({ cloudFront: true }), domain: global, routes: [{ path: '/payments', function: alias }] },
    Balancer: { entrance: Entrance.loadBalancer({ vpc, internal: true }), domain: regional },
  };
  for (const [id, props] of Object.entries(entrances)) {
    new HttpEntrance(stack, id, {
      access: Access.unauthenticated({ reason: 'the handler checks the signature of each call' }),
      routes: [{ method: apigwv2.HttpMethod.POST, path: '/payments', function: pay }],
      ...props,
    });
  }
}

/** The constructs of the library of which there is none below a scope. */
export function missingIn(scope: IConstruct): string[] {
  const built = scope.node.findAll();
  const classes = Object.entries<any>(library).filter(([name, { prototype }]) => prototype instanceof Construct && !OF_THEIR_OWN.includes(name));
  return classes.filter(([, exported]) => !built.some(construct => construct instanceof exported)).map(([name]) => name);
}
