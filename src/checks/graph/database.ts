import type { AppGraph } from './app-graph';
import { functionsOf } from './lambda';
import type { LambdaFunction } from './lambda';
import { allows } from './policy';
import type { Resource } from './resource';
import { asList, member } from './value';

const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'];
const CONNECTABLE = [...DATABASES, 'AWS::RDS::DBProxy', 'AWS::RDS::DBProxyEndpoint'];

/** Connects to a database by itself: over a network, not through the Data API. */
export function touchesDatabase(fn: LambdaFunction): boolean {
  return allows(fn.grants?.statements ?? [], 'rds-db:connect') || connectsTo(fn).length > 0;
}

/** The databases and proxies of the app that a function has the address of, or a security group rule towards. */
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
  const found = [...fn.app.mentioned(fn.environment.map(([, value]) => value))].filter(({ type }) => CONNECTABLE.includes(type));
  const groups = securityGroupsOf(fn.resource, 'VpcConfig.SecurityGroupIds');
  for (const candidate of candidates) {
    const own = securityGroupsOf(candidate, candidate.type === 'AWS::RDS::DBInstance' ? 'VPCSecurityGroups' : 'VpcSecurityGroupIds');
    if (!found.includes(candidate) && own.some(group => admitted(fn.app, group).some(source => groups.includes(source)))) found.push(candidate);
  }
  return found;
}

export function securityGroupsOf(resource: Resource, property: string): Resource[] {
  return resource.list(property).flatMap(value => resource.template.app.resourceOf(value, resource, 'AWS::EC2::SecurityGroup') ?? []);
}

/** The groups whose members a security group lets in. */
export function admitted(app: AppGraph, group: Resource): Resource[] {
  const values = [
    ...group.list('SecurityGroupIngress').map(rule => member(rule, 'SourceSecurityGroupId')),
    ...app.ofType('AWS::EC2::SecurityGroupIngress').filter(rule => rule.target('GroupId') === group).map(rule => rule.get('SourceSecurityGroupId')),
  ];
  return values.flatMap(value => app.resourceOf(value, group, 'AWS::EC2::SecurityGroup') ?? []);
}

/** A proxy with what stands behind it. */
export interface Proxy {
  readonly proxy: Resource;
  /** @default - none of the app */
  readonly group?: Resource;
  readonly databases: Resource[];
}

export function proxiesOf(app: AppGraph): Proxy[] {
  return app.ofType('AWS::RDS::DBProxy').map(proxy => {
    const group = app.ofType('AWS::RDS::DBProxyTargetGroup').find(candidate => candidate.target('DBProxyName') === proxy);
    const targets = [...asList(group?.get('DBClusterIdentifiers')), ...asList(group?.get('DBInstanceIdentifiers'))];
    return { proxy, group, databases: targets.flatMap(value => app.resourceOf(value, proxy, ...DATABASES) ?? []) };
  });
}

/** The family of an engine, as parameter groups and proxies tell them apart. */
export function engineFamily(engine: string | undefined): 'mysql' | 'postgresql' | 'sqlserver' | undefined {
  if (engine === undefined) return undefined;
  const name = engine.toLowerCase();
  return name.includes('postgres') ? 'postgresql' : /mysql|mariadb/.test(name) ? 'mysql' : name.includes('sqlserver') ? 'sqlserver' : undefined;
}

/** Functions that have the address of a database, or reach it over the network. */
export function clientsOf(app: AppGraph, database: Resource): LambdaFunction[] {
  return functionsOf(app).filter(fn => connectsTo(fn).includes(database));
}
