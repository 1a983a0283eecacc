import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { portOf } from './cluster';
import type { ConnectionBudget } from './connection-budget';
import { checkUserName } from './database-user';
import { addEnvironment, environmentOf } from './function-environment';
import type { ConnectOptions } from './proxied-database-ref';
import type { DatabaseFamily } from '../limits';
import { referentOf } from '../private/event-sources';
import { definitionOf } from '../private/function-definition';
import { refuse } from '../private/validation';

/** The end of a connection that a function sees. */
export interface ConnectionTarget {
  readonly owner: IConstruct;
  readonly host: string;
  readonly family: DatabaseFamily;
  readonly databaseName: string;
  readonly connections: ec2.Connections;
  /** @default - not known, as with an imported database */
  readonly vpc?: ec2.IVpc;
  readonly budget: ConnectionBudget;
  readonly grant: (grantee: iam.IGrantable, user: string) => iam.Grant;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-rds.html */
const CERTIFICATES = '/var/runtime/ca-cert.pem';

const VARIABLES: Record<DatabaseFamily, (target: ConnectionTarget, user: string) => Record<string, string>> = {
  postgresql: ({ host, databaseName }, user) => ({ PGHOST: host, PGPORT: `${portOf('postgresql')}`, PGDATABASE: databaseName, PGUSER: user }),
  mysql: ({ host, databaseName }, user) => ({ MYSQL_HOST: host, MYSQL_PORT: `${portOf('mysql')}`, MYSQL_DATABASE: databaseName, MYSQL_USER: user }),
};

/** Everything that a function needs to connect: the way, the permission, the address, and its place in the budget. */
export function connectFunction(target: ConnectionTarget, fn: lambda.IFunction, options: ConnectOptions): void {
  const at = target.owner.node.path;
  const { user, pool, maxConcurrency, environmentPrefix } = options;
  checkUserName(at, { family: target.family, name: user });
  const definition = definitionOf(fn) ?? refuse(at, `'fn' must be a function of this app, got the imported ${fn.node.path}; connect it where it is made`);
  if (!definition.isBoundToVpc) refuse(at, `'fn' must be in the VPC of the database, got ${fn.node.path}, which is in none; give it 'vpc'`);
  if (target.vpc && isElsewhere(definition, target.vpc)) {
    refuse(at, `'fn' must be in the VPC of the database, got ${fn.node.path}, which is in another; give it the 'vpc' of the database`);
  }

  addEnvironment(at, definition, environmentPrefix, VARIABLES[target.family](target, user));
  trustCertificates(definition);
  openWay(target, definition, `${fn.node.id} to its database`);
  target.grant(fn, user);
  target.budget.add(fn, { pool, maxConcurrency });
}

/**
 * The rules stand in the stack of the function: that of the database must not wait for it. For a group that came from elsewhere,
 * such as the stack of the network, they stand with the database: one that both depend on must not wait for either.
 */
function openWay(target: ConnectionTarget, definition: lambda.Function, description: string): void {
  const port = ec2.Port.tcp(portOf(target.family));
  for (const own of definition.connections.securityGroups) {
    const isFunctions = Stack.of(own) === Stack.of(definition);
    for (const theirs of target.connections.securityGroups) {
      theirs.addIngressRule(own, port, description, isFunctions);
      if (!own.allowAllOutbound) own.addEgressRule(theirs, port, description, !isFunctions);
    }
  }
}

/** Whether the subnets of a function were made in this app for another VPC than this one, which was made in it too. */
function isElsewhere(definition: lambda.Function, vpc: ec2.IVpc): boolean {
  const made = referentOf(vpc.vpcId);
  const { subnetIds = [] } = ((definition.node.defaultChild as lambda.CfnFunction).vpcConfig ?? {}) as lambda.CfnFunction.VpcConfigProperty;
  if (made === undefined || Token.isUnresolved(subnetIds)) return false;
  const homes = subnetIds.map(id => referentOf((referentOf(id) as ec2.CfnSubnet | undefined)?.vpcId));
  return homes.some(home => home !== undefined && home !== made);
}

/** Since Node.js 20 the runtime does not load the certificates of RDS by itself; a container image brings its own. */
function trustCertificates(definition: lambda.Function): void {
  const isNode = definition.runtime.family === lambda.RuntimeFamily.NODEJS;
  if (isNode && environmentOf(definition).NODE_EXTRA_CA_CERTS === undefined) definition.addEnvironment('NODE_EXTRA_CA_CERTS', CERTIFICATES);
}
