import { LAMBDA } from '../../../aws';
import { zonesFixText } from '../../../private/zones-fix-text';
import { allows, connectsTo, covers, patternOf } from '../../graph';
import type { AppGraph, Json, LambdaFunction, Resource, Value } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { countAvailabilityZones } from '../support/availability-zones';
import { eachFunction, everyFunction } from '../support/each';
import type { Found } from '../support/each';
import { isInPublicSubnet, isOnMainTable, unreachableServices } from '../support/vpc-reachability';

/** Resources in a VPC that a function may need to reach. A VPC endpoint is a sign of isolation on purpose. */
const VPC_RESOURCES = new RegExp(
  `^AWS::(${[
    'RDS|ElastiCache|MemoryDB|Neptune|DocDB|Redshift|EFS|OpenSearchService|Elasticsearch|MSK|AmazonMQ|ECS|EKS',
    'ElasticLoadBalancing|ElasticLoadBalancingV2|DAX|FSx|VpcLattice::ServiceNetworkVpcAssociation',
    'EC2::(Instance|VPCEndpoint|TransitGateway(Vpc)?Attachment|VPCPeeringConnection|VPNConnection|VPNGateway)',
  ].join('|')})`,
);

const CREATE_INTERFACE = 'ec2:CreateNetworkInterface';

export const VPC_RULES: Rule[] = [
  {
    id: 'LP-F74',
    category: 'foundation',
    severity: 'warning',
    title: 'Function code may manage network interfaces',
    why: 'The function code has all permissions that Lambda requires to attach the function to the VPC.',
    fix: 'add a Deny for the ENI actions with the condition ArnEquals lambda:SourceFunctionArn',
    source: SOURCE.lambda('configuration-vpc'),
    practice: true,
    evaluate: eachFunction(codeManagesNetworkInterfaces),
  },
  {
    id: 'LP-F75',
    category: 'foundation',
    severity: 'warning',
    title: 'Function runs in one Availability Zone',
    why: 'If the Availability Zone fails, the function fails.',
    fix: 'use subnets in two or more Availability Zones',
    source: SOURCE.lambda('configuration-vpc'),
    elsewhere: 'Security Hub: Lambda.5',
    practice: true,
    evaluate: eachFunction(functionInOneZone),
  },
  {
    id: 'LP-F76',
    category: 'foundation',
    severity: 'warning',
    title: 'VPC has no route to a service that the function may call',
    why: 'From isolated subnets, a call to a service without a VPC endpoint waits until the function times ' + 'out.',
    fix: 'add the VPC endpoint, or a route',
    source: SOURCE.lambda('configuration-vpc-internet'),
    evaluate: eachFunction(serviceUnreachable),
  },
  {
    id: 'LP-F77',
    category: 'foundation',
    severity: 'warning',
    title: 'Function is in a VPC without a reason',
    why:
      'A function in a VPC requires a NAT gateway or VPC endpoints, and waits for network interfaces. The '
      + 'app has no resource in the VPC.',
    fix: 'remove the VPC configuration of the function',
    source: SOURCE.lambda('configuration-vpc'),
    evaluate: eachFunction(vpcWithoutReason),
  },
  {
    id: 'LP-F91',
    category: 'foundation',
    severity: 'error',
    title: 'Role lacks the permissions to attach the function to its VPC',
    why:
      'Lambda creates the network interfaces with the role of the function. CDK adds the policy only to '
      + 'roles that it creates.',
    fix: 'add the managed policy AWSLambdaVPCAccessExecutionRole, or its ENI actions',
    source: SOURCE.lambda('configuration-vpc'),
    evaluate: everyFunction(cannotAttachToVpc),
  },
];

function codeManagesNetworkInterfaces(fn: LambdaFunction): Found {
  const role = fn.role;
  if (!fn.inVpc || !role || !fn.grants) return undefined;
  const { statements, managedPolicies } = fn.grants;
  const isDenied = statements.some(
    ({ effect, actions }) => effect === 'Deny' && actions.some(action => covers(action, CREATE_INTERFACE)),
  );
  const isGranted =
    allows(statements, CREATE_INTERFACE)
    || managedPolicies.some(arn => /AWSLambda(VPCAccessExecutionRole|ENIManagementAccess)/.test(patternOf(arn)));
  if (isGranted && !isDenied) {
    return {
      at: role,
      property: 'Policies',
      must: `must deny ec2:CreateNetworkInterface to the code of ${fn.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function functionInOneZone(fn: LambdaFunction): Found {
  const subnets = fn.resource.list('VpcConfig.SubnetIds');
  const zones = countAvailabilityZones(fn.app, subnets, fn.resource);
  if (subnets.length > 0 && zones !== undefined && zones < LAMBDA.availabilityZonesMin) {
    return {
      at: fn.resource,
      property: 'VpcConfig.SubnetIds',
      must: `must span ${LAMBDA.availabilityZonesMin} Availability Zones`,
      got: zones,
      fix: zonesFix(fn, subnets),
    };
  }
  return undefined;
}

/** In a CDK app, the prop that determines the zones: of the VPC, or of the function if the VPC spans enough. */
function zonesFix({ app, resource }: LambdaFunction, subnets: Value[]): string | undefined {
  const subnet = app.resourceOf(subnets[0], resource, 'AWS::EC2::Subnet');
  const vpc = subnet?.target('VpcId');
  if (!subnet || !vpc || vpc.path === vpc.logicalId) return undefined;
  const all = app.ofType('AWS::EC2::Subnet').filter(each => each.target('VpcId') === vpc);
  const zoneOf = ({ raw }: Resource) => JSON.stringify((raw.Properties as Json | undefined)?.AvailabilityZone);
  const zones = new Set(all.map(zoneOf)).size;
  const owner = vpc.path.replace(/\/Resource$/, '');
  return zones < LAMBDA.availabilityZonesMin
    ? zonesFixText({ vpc: owner, zonesMin: LAMBDA.availabilityZonesMin, zone: subnet.string('AvailabilityZone') })
    : `select subnets of more Availability Zones of ${owner} in 'vpcSubnets'`;
}

function serviceUnreachable(fn: LambdaFunction): Found {
  return unreachableServices(fn).map(service => ({
    at: fn.resource,
    property: 'VpcConfig.SubnetIds',
    must: `must have a route to ${service}, which the role of the function allows`,
    got: `${subnetsOf(fn)} without a VPC endpoint for it`,
  }));
}

function subnetsOf(fn: LambdaFunction): string {
  if (isInPublicSubnet(fn)) return 'public subnets, in which a function has no public address,';
  return isOnMainTable(fn) ? 'subnets on the main route table of the VPC, which has no route,' : 'isolated subnets';
}

function vpcWithoutReason(fn: LambdaFunction, app: AppGraph): Found {
  const subnets = fn.resource.list('VpcConfig.SubnetIds');
  const isOwnVpc = fn.inVpc && subnets.every(subnet => app.resourceOf(subnet, fn.resource, 'AWS::EC2::Subnet'));
  if (
    isOwnVpc
    && !app.view(hasReasonForVpc)
    && connectsTo(fn).length === 0
    && fn.resource.lacks('FileSystemConfigs')
  ) {
    return {
      at: fn.resource,
      property: 'VpcConfig',
      must: 'must be needed for a resource in the VPC',
      got: 'no such resource in the app',
    };
  }
  return undefined;
}

function cannotAttachToVpc(fn: LambdaFunction): Found {
  if (
    fn.inVpc
    && fn.role !== undefined
    && fn.grants?.complete === true
    && !allows([...fn.grants.statements, ...fn.grants.managedStatements], CREATE_INTERFACE)
  ) {
    return {
      at: fn.role,
      property: 'Policies',
      must: `must allow ec2:CreateNetworkInterface for ${fn.path}`,
      got: undefined,
    };
  }
  return undefined;
}

function hasReasonForVpc(app: AppGraph): boolean {
  return app.types().some(type => VPC_RESOURCES.test(type))
    || app.ofType('AWS::EC2::EIP').some(isFixedAddress)
    || app.ofType('AWS::EC2::NatGateway').some(hasFixedAddress)
    || app.ofType('AWS::EC2::Route').some(isToOtherNetwork);
}

/** A NAT gateway with an address that exists before the app. */
function hasFixedAddress(gateway: Resource): boolean {
  return !gateway.lacks('AllocationId') && gateway.target('AllocationId') === undefined;
}

function isToOtherNetwork(route: Resource): boolean {
  return ['TransitGatewayId', 'VpcPeeringConnectionId', 'CoreNetworkArn'].some(target => !route.lacks(target));
}

/** An address that the author reserved, perhaps for partners to allow: CDK adds one to every NAT gateway. */
function isFixedAddress(address: Resource): boolean {
  return !/Subnet\d+\/EIP$/.test(address.path);
}
