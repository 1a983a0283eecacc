import { Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import type { ConnectionBudget } from './connection-budget';
import { addConnectionVariables } from './connection-environment';
import { portOf } from './database-engine';
import { validateUsername } from './database-user-validation';
import type { DatabaseConnectOptions } from './proxied-database-props';
import type { DatabaseFamily } from '../aws';
import { unresolvedEnvironmentOf } from '../private/cdk-internals';
import { referentOf } from '../private/event-sources';
import { definitionOf } from '../private/function-definition';
import { refuse } from '../private/validation';

/** A proxy to connect functions to. */
export interface ConnectionTarget {
  readonly owner: IConstruct;
  readonly host: string;
  readonly family: DatabaseFamily;
  readonly databaseName: string;
  readonly connections: ec2.Connections;
  /** @default - unknown, for an imported database */
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

/** Connects a function: security group rules, permission, environment variables, and an entry in the connection budget. */
export function connectFunction(target: ConnectionTarget, fn: lambda.IFunction, options: DatabaseConnectOptions): void {
  const { user, pool, maxConcurrency, environmentPrefix } = options;
  const { path } = target.owner.node;
  validateUsername(path, 'user', { family: target.family, username: user });
  const definition = validateFunction(target, fn);

  addConnectionVariables(path, definition, environmentPrefix, VARIABLES[target.family](target, user));
  trustCertificates(definition);
  addSecurityGroupRules(target, definition, `${fn.node.id} to its database`);
  target.grant(fn, user);
  target.budget.addFunction(fn, { pool, maxConcurrency });
}

function validateFunction(target: ConnectionTarget, fn: lambda.IFunction): lambda.Function {
  const { owner: { node: { path } }, vpc } = target;
  const definition = definitionOf(fn)
    ?? refuse(path, `'fn' must be a function of this app, got the imported ${fn.node.path}; connect it in the app that defines it`);
  if (!definition.isBoundToVpc) refuse(path, `'fn' must be in the VPC of the database, got ${fn.node.path}, which is in none; set its 'vpc'`);
  if (vpc && isInOtherVpc(definition, vpc)) {
    refuse(path, `'fn' must be in the VPC of the database, got ${fn.node.path}, which is in another; set its 'vpc' to the VPC of the database`);
  }
  return definition;
}

/**
 * Adds the rules to the stack of the function, so that the stack of the database does not depend on it. For a security group of a
 * third stack, such as that of the network, adds them to the stack of the database: both stacks depend on the third one already.
 */
function addSecurityGroupRules(target: ConnectionTarget, definition: lambda.Function, description: string): void {
  const port = ec2.Port.tcp(portOf(target.family));
  for (const functionGroup of definition.connections.securityGroups) {
    const isInStackOfFunction = Stack.of(functionGroup) === Stack.of(definition);
    for (const proxyGroup of target.connections.securityGroups) {
      proxyGroup.addIngressRule(functionGroup, port, description, isInStackOfFunction);
      if (!functionGroup.allowAllOutbound) functionGroup.addEgressRule(proxyGroup, port, description, !isInStackOfFunction);
    }
  }
}

/** Whether the subnets of a function belong to another VPC of this app than the given one, which this app also defines. */
function isInOtherVpc(definition: lambda.Function, vpc: ec2.IVpc): boolean {
  const expected = referentOf(vpc.vpcId);
  const { subnetIds = [] } = ((definition.node.defaultChild as lambda.CfnFunction).vpcConfig ?? {}) as lambda.CfnFunction.VpcConfigProperty;
  if (expected === undefined || Token.isUnresolved(subnetIds)) return false;
  const vpcs = subnetIds.map(id => referentOf((referentOf(id) as ec2.CfnSubnet | undefined)?.vpcId));
  return vpcs.some(found => found !== undefined && found !== expected);
}

/** Since Node.js 20 the runtime does not load the RDS certificates by default; a container image brings its own. */
function trustCertificates(definition: lambda.Function): void {
  const isNode = definition.runtime.family === lambda.RuntimeFamily.NODEJS;
  if (isNode && unresolvedEnvironmentOf(definition).NODE_EXTRA_CA_CERTS === undefined) definition.addEnvironment('NODE_EXTRA_CA_CERTS', CERTIFICATES);
}
