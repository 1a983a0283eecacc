import { Stack, Token } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as route53 from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { validateAccess } from './access-validation';
import { validateCors } from './cors';
import type { Entrance, EntranceSpec } from './entrance';
import { Capability, EntranceKind, factoriesWith, isFunctionUrl, requireCapability } from './entrance-capabilities';
import type { EntranceDomain } from './entrance-domain';
import type { LoadBalancerEntranceOptions, RestApiEntranceOptions } from './entrance-props';
import type { EntranceAlarmsOptions, HttpEntranceProps } from './http-entrance-props';
import { isMappingExpression } from './tenant-isolation';
import { validateThrottle } from './throttle';
import { LOAD_BALANCER, REST_API } from '../aws';
import { refuse, requireDuration, requireProps, requireRange } from '../private/validation';

const DNS_NAME_MAX = 253;

/** Checks the props of an HttpEntrance, except its routes: the route validation checks each route. */
export function validateHttpEntranceProps(scope: Construct, { _spec: entrance }: Entrance, props: HttpEntranceProps): void {
  const { path } = scope.node;
  validateCapabilities(path, entrance.kind, props);
  validateDomain(scope, entrance, props.domain);
  validateEntranceOptions(path, entrance);
  validateAccess(path, entrance.kind, props.access._spec);
  validateAlarms(path, props.alarms ?? {});
  validateThrottle(path, props.throttle ?? {});
  if (props.cors) validateCors(path, props.cors, entrance.kind === EntranceKind.HTTP_API);
  if (props.routes.length === 0 && isFunctionUrl(entrance.kind)) {
    refuse(path, `'routes' must contain the function of the function URL, got none; add a route, or use ${factoriesWith(Capability.SEVERAL_FUNCTIONS)}`);
  }
}

function validateCapabilities(path: string, kind: EntranceKind, props: HttpEntranceProps): void {
  const required: [unknown, Capability, string][] = [
    [props.cors, Capability.CORS, "'cors'"],
    [props.throttle, Capability.THROTTLE, "'throttle'"],
    [props.streaming || undefined, Capability.STREAMING, "'streaming'"],
    [props.domain, Capability.DOMAIN, "'domain'"],
    [props.domain?.mutualTls, Capability.MUTUAL_TLS, "'mutualTls'"],
    [props.webAclArn, Capability.WAF, "'webAclArn'"],
    [props.logRetention, Capability.ACCESS_LOG, "'logRetention' of an access log"],
    [props.logEncryptionKey, Capability.LOG_ENCRYPTION_KEY, "'logEncryptionKey' of an access log"],
    [props.alarms?.integrationLatencyThreshold, Capability.INTEGRATION_LATENCY, "'integrationLatencyThreshold'"],
  ];
  for (const [value, capability, what] of required) if (value !== undefined) requireCapability(path, kind, capability, what);
}

function validateDomain(scope: Construct, { kind, isPrivateApi }: EntranceSpec, domain?: EntranceDomain): void {
  const { path } = scope.node;
  if (!domain) {
    if (kind === EntranceKind.LOAD_BALANCER || kind === EntranceKind.CLOUD_FRONT) {
      refuse(path, `'domain' must be set for ${kind}, got none; its certificate is required for TLS 1.2, or use Entrance.httpApi() or Entrance.restApi()`);
    }
    return;
  }
  requireProps(path, domain, 'domainName', 'certificate');
  if (!Token.isUnresolved(domain.domainName)) validateDomainName(path, domain);
  if (kind !== EntranceKind.CLOUD_FRONT) validateRegion(scope, domain);
  if (isPrivateApi) refuse(path, "'domain' is not supported by a private REST API; use Entrance.loadBalancer({ vpc, internal: true })");
}

function validateDomainName(path: string, { domainName: name, hostedZone }: EntranceDomain): void {
  if (!/^(\*|[\w-]+)(\.[\w-]+)+$/.test(name)) {
    refuse(path, `'domainName' must be a name such as api.example.com, got '${name}'; remove the scheme, the port and the path`);
  }
  if (name !== name.toLowerCase()) {
    refuse(path, `'domainName' must be in lower case, got '${name}'; write it as ${name.toLowerCase()}`);
  }
  if (name.length > DNS_NAME_MAX || name.split('.').some(label => label !== '*' && !/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(label))) {
    refuse(path, `'domainName' must have at most ${DNS_NAME_MAX} characters, in labels of at most 63 letters, digits and hyphens, got '${name}'; remove other characters and hyphens at the ends`);
  }
  const zone = hostedZone && zoneNameOf(hostedZone);
  if (zone === undefined || Token.isUnresolved(zone)) return;
  const zoneName = zone.replace(/\.$/, '').toLowerCase();
  if (name !== zoneName && !name.endsWith(`.${zoneName}`)) {
    refuse(path, `'domainName' must be in its 'hostedZone' ${zoneName}, got '${name}'; use the hosted zone of the domain`);
  }
}

/** CDK itself checks that the certificate of a CloudFront distribution is in us-east-1. */
function validateRegion(scope: Construct, { certificate }: EntranceDomain): void {
  const { certificateArn, env } = certificate;
  const got = Token.isUnresolved(certificateArn) ? env.region : certificateArn.split(':')[3];
  const needed = Stack.of(scope).region;
  if (got && !Token.isUnresolved(got) && !Token.isUnresolved(needed) && got !== needed) {
    refuse(scope.node.path, `'certificate' of 'domain' must be in the Region of the entrance, ${needed}, got one in ${got}; request a certificate in ${needed}`);
  }
}

function validateEntranceOptions(path: string, { kind, longestWaitSeconds, loadBalancer, restApi }: EntranceSpec): void {
  if (kind === EntranceKind.REST_API) {
    requireRange(path, 'raisedTimeoutQuota', longestWaitSeconds, REST_API.integrationTimeoutDefaultSeconds, Infinity, 'every account has that quota');
  }
  if (loadBalancer) validateLoadBalancer(path, loadBalancer);
  if (restApi) validateRestApi(path, restApi);
}

function validateRestApi(path: string, { vpcEndpoints, binaryMediaTypes = [], tenantIdSource: source }: RestApiEntranceOptions): void {
  if (vpcEndpoints?.length === 0) {
    refuse(path, "'vpcEndpoints' must contain the endpoints of a private API, got none; add an interface endpoint of execute-api, or leave out the option");
  }
  const malformed = binaryMediaTypes.find(type => !Token.isUnresolved(type) && !/^(\*|[\w.+-]+)\/(\*|[\w.+-]+)$/.test(type));
  if (malformed !== undefined) {
    refuse(path, `'binaryMediaTypes' must contain media types, got '${malformed}'; write them as image/png, without parameters`);
  }
  if (source !== undefined && !Token.isUnresolved(source) && !isMappingExpression(source)) {
    refuse(path, `'tenantIdSource' must be a mapping expression, got '${source}'; write it as context.authorizer.tenantId or method.request.header.X-Tenant-Id`);
  }
}

function validateLoadBalancer(path: string, { vpc, internal, healthCheckPath }: LoadBalancerEntranceOptions): void {
  const zones = vpc.availabilityZones;
  if (!Token.isUnresolved(zones) && zones.length < LOAD_BALANCER.availabilityZonesMin) {
    refuse(path, `'vpc' must have at least ${LOAD_BALANCER.availabilityZonesMin} Availability Zones for a load balancer, got ${zones.length}; add one, or use Entrance.httpApi()`);
  }
  if (!internal && vpc.publicSubnets.length === 0) {
    refuse(path, `'vpc' must have public subnets for a load balancer that is not internal, got ${vpc.node.path} without; set 'internal' to true, or use a VPC with public subnets (a PrivateNetwork has them with 'natGateways')`);
  }
  if (internal && !hasCidrBlock(vpc)) {
    refuse(path, "'vpc' must know its CIDR block for an internal load balancer, got an imported VPC without; set 'vpcCidrBlock' in Vpc.fromVpcAttributes");
  }
  if (healthCheckPath !== undefined && !Token.isUnresolved(healthCheckPath) && !healthCheckPath.startsWith('/')) {
    refuse(path, `'healthCheckPath' must start with a slash, got '${healthCheckPath}'; write it as /health`);
  }
}

/** The getter of a zone that was imported by its id throws an error. */
function zoneNameOf(zone: route53.IHostedZone): string | undefined {
  try {
    return zone.zoneName;
  } catch {
    return undefined;
  }
}

/** The getter of an imported VPC throws an error if the CIDR block is unknown. */
function hasCidrBlock(vpc: ec2.IVpc): boolean {
  try {
    return vpc.vpcCidrBlock !== undefined;
  } catch {
    return false;
  }
}

function validateAlarms(path: string, alarms: EntranceAlarmsOptions): void {
  const { latencyThreshold, tailLatencyThreshold, integrationLatencyThreshold } = alarms;
  requireRange(path, 'errorRateThreshold', alarms.errorRateThreshold, 0, 99.999, 'it is the percentage of failed requests');
  requireRange(path, 'minimumRequests', alarms.minimumRequests, 1, 1_000_000, 'it is a number of requests a minute');
  for (const [prop, limit] of Object.entries({ latencyThreshold, tailLatencyThreshold, integrationLatencyThreshold })) {
    requireDuration(path, prop, limit, 0.001, Infinity);
  }
}
