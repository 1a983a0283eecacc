import { endpointOf, isDelivery, isPolling, isReadByDataApi, type ServiceEndpoint } from '../../../limits';
import { patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Statement } from '../../graph';

/** Services that the code is granted and that no endpoint of an isolated VPC leads to. What is not known is not one. */
export function unreachable(fn: LambdaFunction): string[] {
  const subnets = fn.resource.list('VpcConfig.SubnetIds').map(value => fn.app.resourceOf(value, fn.resource, 'AWS::EC2::Subnet'));
  const vpc = subnets[0]?.target('VpcId');
  if (!fn.inVpc || !vpc || subnets.includes(undefined) || subnets.some(subnet => !isolated(fn.app, subnet!))) return [];
  const endpoints = fn.app.ofType('AWS::EC2::VPCEndpoint').filter(endpoint => endpoint.target('VpcId') === vpc).map(endpoint => patternOf(endpoint.get('ServiceName')));
  return [...needed(fn)].filter(({ name }) => !endpoints.some(service => service.endsWith(`.${name}`) || service === '*')).map(({ name }) => name);
}

function needed(fn: LambdaFunction): Set<ServiceEndpoint> {
  const allowed = (fn.grants?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  const services = allowed.flatMap(statement => statement.actions.filter(action => isCalledByCode(fn, statement, action)).map(endpointOf));
  return new Set(services.filter((service): service is ServiceEndpoint => service !== undefined && service !== 'none'));
}

/**
 * Not what AWS itself does, outside the VPC: Lambda polls the function's sources and delivers to its destinations, and the Data
 * API reads the secret of its database, which is the cluster's own or attached to it.
 */
function isCalledByCode(fn: LambdaFunction, statement: Statement, action: string): boolean {
  const byAws = [
    ...isPolling(action) ? fn.sources.map(source => source.origin) : [],
    ...isDelivery(action) ? destinationsOf(fn) : [],
    ...isReadByDataApi(action) ? dataApiDatabasesOf(fn) : [],
  ];
  return statement.resources.length === 0 || statement.resources.some(value => {
    const resource = fn.app.resourceOf(value, statement.holder);
    const owner = resource?.type === 'AWS::SecretsManager::SecretTargetAttachment' ? resource.target('TargetId') : resource;
    return owner === undefined || !byAws.includes(owner);
  });
}

function dataApiDatabasesOf(fn: LambdaFunction): (Resource | undefined)[] {
  return (fn.grants?.statements ?? []).filter(({ effect, actions }) => effect === 'Allow' && actions.some(action => action.startsWith('rds-data:')))
    .flatMap(statement => statement.resources.map(value => fn.app.resourceOf(value, statement.holder)));
}

function destinationsOf(fn: LambdaFunction): (Resource | undefined)[] {
  const holders = [...fn.asyncConfigs.map(({ resource }) => resource), ...fn.sources.map(({ mapping }) => mapping)];
  return [
    fn.resource.target('DeadLetterConfig.TargetArn'),
    ...holders.flatMap(holder => ['OnFailure', 'OnSuccess'].map(outcome => holder.target(`DestinationConfig.${outcome}.Destination`))),
  ];
}

/** No route of the app leads out of the subnet, and all its routes are the app's. */
function isolated(app: AppGraph, subnet: Resource): boolean {
  const tables = app.ofType('AWS::EC2::SubnetRouteTableAssociation').filter(association => association.target('SubnetId') === subnet).map(association => association.target('RouteTableId'));
  return tables.length > 0 && tables.every(table => table !== undefined && !app.ofType('AWS::EC2::Route').some(route => route.target('RouteTableId') === table));
}
