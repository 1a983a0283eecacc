import type { AppGraph } from './app-graph';
import { functionsOf } from './functions';
import type { LambdaFunction } from './lambda-function';
import { allows } from './policy';
import type { Resource } from './resource';
import { asList, member } from './value';

const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];
const CONNECTABLE = [...DATABASES, 'AWS::RDS::DBProxy', 'AWS::RDS::DBProxyEndpoint'];
const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';

/** Whether the function connects to a database over the network, and not only through the Data API. */
export function touchesDatabase(fn: LambdaFunction): boolean {
  return allows(fn.grants?.statements ?? [], 'rds-db:connect') || connectsTo(fn).length > 0;
}

/** The databases and proxies whose address the function has, or whose security group admits it. */
export function connectsTo(fn: LambdaFunction): Resource[] {
  const known = fn.app.view(connections);
  const found = known.get(fn) ?? findConnections(fn);
  known.set(fn, found);
  return found;
}

function connections(): Map<LambdaFunction, Resource[]> {
  return new Map();
}

function findConnections(fn: LambdaFunction): Resource[] {
  const candidates = fn.app.ofType(...CONNECTABLE);
  if (candidates.length === 0) return [];
  const found = [...fn.app.mentioned(fn.environment.map(([, value]) => value))]
    .filter(({ type }) => CONNECTABLE.includes(type));
  const groups = securityGroupsOf(fn.resource, 'VpcConfig.SecurityGroupIds');
  for (const candidate of candidates) {
    if (!found.includes(candidate) && admitsOneOf(candidate, groups)) found.push(candidate);
  }
  return found;
}

function admitsOneOf(candidate: Resource, groups: Resource[]): boolean {
  const property = candidate.type === 'AWS::RDS::DBInstance' ? 'VPCSecurityGroups' : 'VpcSecurityGroupIds';
  return securityGroupsOf(candidate, property).some(group => (
    admitted(candidate.template.app, group).some(source => groups.includes(source))));
}

export function securityGroupsOf(resource: Resource, property: string): Resource[] {
  return resource.list(property).flatMap(value => (
    resource.template.app.resourceOf(value, resource, SECURITY_GROUP) ?? []));
}

/** The security groups that the ingress rules of a security group admit. */
export function admitted(app: AppGraph, group: Resource): Resource[] {
  const values = [
    ...group.list('SecurityGroupIngress').map(rule => member(rule, 'SourceSecurityGroupId')),
    ...app.ofType('AWS::EC2::SecurityGroupIngress')
      .filter(rule => rule.target('GroupId') === group)
      .map(rule => rule.get('SourceSecurityGroupId')),
  ];
  return values.flatMap(value => app.resourceOf(value, group, SECURITY_GROUP) ?? []);
}

/** A proxy with its target group and its databases. */
export interface Proxy {
  readonly proxy: Resource;
  /** @default - not part of the app */
  readonly group?: Resource;
  readonly databases: Resource[];
}

export function proxiesOf(app: AppGraph): Proxy[] {
  return app.ofType('AWS::RDS::DBProxy').map(proxy => {
    const groups = app.ofType('AWS::RDS::DBProxyTargetGroup');
    const group = groups.find(candidate => candidate.target('DBProxyName') === proxy);
    const targets = [...asList(group?.get('DBClusterIdentifiers')), ...asList(group?.get('DBInstanceIdentifiers'))];
    return { proxy, group, databases: targets.flatMap(value => app.resourceOf(value, proxy, ...DATABASES) ?? []) };
  });
}

/** The engine family, in the terms of parameter groups and proxies. */
export function engineFamily(engine: string | undefined): 'mysql' | 'postgresql' | 'sqlserver' | undefined {
  if (engine === undefined) return undefined;
  const name = engine.toLowerCase();
  if (name.includes('postgres')) return 'postgresql';
  if (/mysql|mariadb/.test(name)) return 'mysql';
  return name.includes('sqlserver') ? 'sqlserver' : undefined;
}

/** The functions that have the address of a database, or that reach it over the network. */
export function clientsOf(app: AppGraph, database: Resource): LambdaFunction[] {
  return functionsOf(app).filter(fn => connectsTo(fn).includes(database));
}
