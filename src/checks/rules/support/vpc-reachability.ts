import { endpointOf, isDelivery, isPolling, isReadByDataApi, type ServiceEndpoint } from '../../../aws';
import { patternOf } from '../../graph';
import type { AppGraph, LambdaFunction, Resource, Statement } from '../../graph';

const ASSOCIATION = 'AWS::EC2::SubnetRouteTableAssociation';
const OUTSIDE = /^(Custom::|AWS::CloudFormation::(CustomResource|Stack$))/;

/** The services that the function code may call, but that its isolated subnets have no VPC endpoint for. */
export function unreachableServices(fn: LambdaFunction): string[] {
  const vpc = isolatedVpcOf(fn);
  if (!vpc) return [];
  const endpoints = fn.app.ofType('AWS::EC2::VPCEndpoint')
    .filter(endpoint => endpoint.target('VpcId') === vpc && !isElsewhere(fn, endpoint))
    .map(endpoint => patternOf(endpoint.get('ServiceName')));
  return [...requiredServices(fn)]
    .filter(({ name }) => !endpoints.some(service => service.endsWith(`.${name}`) || service === '*'))
    .map(({ name }) => name);
}

/** The VPC of the function, if all its subnets are part of the app and isolated. */
function isolatedVpcOf(fn: LambdaFunction): Resource | undefined {
  const subnets = fn.resource.list('VpcConfig.SubnetIds')
    .map(value => fn.app.resourceOf(value, fn.resource, 'AWS::EC2::Subnet'));
  const hasIpv6 = fn.resource.boolean('VpcConfig.Ipv6AllowedForDualStack', false) !== false;
  const isIsolated = fn.inVpc && subnets.every(subnet => subnet !== undefined && isolated(fn.app, subnet, hasIpv6));
  return isIsolated ? subnets[0]?.target('VpcId') : undefined;
}

/** Whether an endpoint is a gateway on known route tables, of which the subnets of the function use none. */
function isElsewhere({ app, resource }: LambdaFunction, endpoint: Resource): boolean {
  const isGateway = endpoint.string('VpcEndpointType', 'Gateway') === 'Gateway'
    && /\.(s3|dynamodb)$/.test(patternOf(endpoint.get('ServiceName')));
  if (!isGateway || endpoint.isUnknown('RouteTableIds')) return false;
  const tables = endpoint.list('RouteTableIds').map(value => app.resourceOf(value, endpoint, 'AWS::EC2::RouteTable'));
  const used = resource.list('VpcConfig.SubnetIds').flatMap(value => {
    const subnet = app.resourceOf(value, resource, 'AWS::EC2::Subnet');
    return subnet ? tablesOf(app, subnet) : [undefined];
  });
  return used.length > 0 && ![...tables, ...used].includes(undefined) && !used.some(table => tables.includes(table));
}

/** Whether a subnet of the function has the main route table of its VPC. */
export function isOnMainTable({ app, resource }: LambdaFunction): boolean {
  return resource.list('VpcConfig.SubnetIds')
    .map(value => app.resourceOf(value, resource, 'AWS::EC2::Subnet'))
    .some(subnet => subnet !== undefined && usesMainTable(app, subnet));
}

/** Whether the subnets have a route to an internet gateway, which requires a public address. */
export function isInPublicSubnet(fn: LambdaFunction): boolean {
  return fn.app.ofType('AWS::EC2::Route').some(isOverInternetGateway)
    && fn.resource.list('VpcConfig.SubnetIds').some(value => {
      const subnet = fn.app.resourceOf(value, fn.resource, 'AWS::EC2::Subnet');
      return subnet !== undefined && routesOf(fn.app, subnet).some(isOverInternetGateway);
    });
}

function isOverInternetGateway(route: Resource): boolean {
  return route.target('GatewayId')?.type === 'AWS::EC2::InternetGateway'
    || /^igw-/.test(patternOf(route.get('GatewayId')));
}

function isOfIpv6Alone(route: Resource): boolean {
  return !route.lacks('EgressOnlyInternetGatewayId');
}

function routesOf(app: AppGraph, subnet: Resource): Resource[] {
  const tables = tablesOf(app, subnet);
  return app.ofType('AWS::EC2::Route').filter(route => tables.includes(route.target('RouteTableId')));
}

/** The route tables that the app associates with the subnet; undefined for one that is not part of it. */
function tablesOf(app: AppGraph, subnet: Resource): (Resource | undefined)[] {
  return app.ofType(ASSOCIATION)
    .filter(association => association.target('SubnetId') === subnet)
    .map(association => association.target('RouteTableId'));
}

/** Whether all route tables of the subnet are part of the app, and none of them has a route out of the VPC. */
function isolated(app: AppGraph, subnet: Resource, hasIpv6: boolean): boolean {
  if (usesMainTable(app, subnet)) return true;
  const tables = tablesOf(app, subnet);
  // a function has no public IPv4 address, so a route to an internet gateway does not help, nor does one of IPv6 alone
  const routes = app.ofType('AWS::EC2::Route')
    .filter(route => hasIpv6 || !(isOverInternetGateway(route) || isOfIpv6Alone(route)))
    .map(route => route.target('RouteTableId'));
  return tables.length > 0 && tables.every(table => table !== undefined && !routes.includes(table));
}

/**
 * Whether the subnet has the main route table of its VPC, which has no route out of it: CloudFormation has no
 * attribute for the main route table, so a template can add routes only through a custom resource or another stack.
 */
function usesMainTable(app: AppGraph, subnet: Resource): boolean {
  const vpc = subnet.target('VpcId');
  return vpc?.type === 'AWS::EC2::VPC'
    && tablesOf(app, subnet).length === 0
    && app.ofType(ASSOCIATION).every(association => association.target('SubnetId') !== undefined)
    && app.ofType('AWS::EC2::Route').every(route => route.target('RouteTableId') !== undefined)
    && !app.view(networkChangers).some(changer => {
      const mentioned = app.mentioned(changer.properties);
      return mentioned.has(vpc) || mentioned.has(subnet);
    });
}

/** The resources that may add a route or an association outside of the templates. */
function networkChangers(app: AppGraph): readonly Resource[] {
  return app.ofType(...app.types().filter(type => OUTSIDE.test(type)));
}

function requiredServices(fn: LambdaFunction): Set<ServiceEndpoint> {
  const allowed = (fn.grants?.statements ?? []).filter(({ effect }) => effect === 'Allow');
  const services = allowed.flatMap(statement => (
    statement.actions.filter(action => isCalledByCode(fn, statement, action)).map(endpointOf)));
  return new Set(services.filter((service): service is ServiceEndpoint => (
    service !== undefined && service !== 'none')));
}

/**
 * AWS itself makes some calls, outside the VPC: Lambda polls the event sources of the function and delivers to its
 * destinations, and the Data API reads the secret of its database, which belongs or is attached to the cluster.
 */
function isCalledByCode(fn: LambdaFunction, statement: Statement, action: string): boolean {
  const calledByAws = [
    ...isPolling(action) ? fn.sources.map(source => source.origin) : [],
    ...isDelivery(action) ? destinationsOf(fn) : [],
    ...isReadByDataApi(action) ? dataApiDatabasesOf(fn) : [],
  ];
  return statement.resources.length === 0 || statement.resources.some(value => {
    const resource = fn.app.resourceOf(value, statement.holder);
    const isAttachment = resource?.type === 'AWS::SecretsManager::SecretTargetAttachment';
    const owner = isAttachment ? resource.target('TargetId') : resource;
    return owner === undefined || !calledByAws.includes(owner);
  });
}

function dataApiDatabasesOf(fn: LambdaFunction): (Resource | undefined)[] {
  return (fn.grants?.statements ?? [])
    .filter(({ effect, actions }) => effect === 'Allow' && actions.some(action => action.startsWith('rds-data:')))
    .flatMap(statement => statement.resources.map(value => fn.app.resourceOf(value, statement.holder)));
}

function destinationsOf(fn: LambdaFunction): (Resource | undefined)[] {
  const holders = [...fn.asyncConfigs.map(({ resource }) => resource), ...fn.sources.map(({ mapping }) => mapping)];
  return [
    fn.resource.target('DeadLetterConfig.TargetArn'),
    ...holders.flatMap(holder => ['OnFailure', 'OnSuccess'].map(outcome => (
      holder.target(`DestinationConfig.${outcome}.Destination`)))),
  ];
}
