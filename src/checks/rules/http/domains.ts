import { domainOf, isDefaultEndpointOn, isPrivate } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';

const HTTP_API = 'AWS::ApiGatewayV2::Api';
const REST_API = 'AWS::ApiGateway::RestApi';
const DOMAIN = SOURCE.api('http-api-mutual-tls');

export const DOMAINS_RULES: Rule[] = [
  {
    id: 'LP-H14',
    category: 'http',
    severity: 'warning',
    title: 'API is reachable beside its custom domain',
    why: 'Requests to the execute-api endpoint bypass the protection of the domain.',
    fix: 'set DisableExecuteApiEndpoint to true',
    source: DOMAIN,
    evaluate: endpointBesideDomain,
  },
  {
    id: 'LP-H15',
    category: 'http',
    severity: 'error',
    title: 'Mutual TLS can be bypassed',
    why: 'Clients without a certificate can use the execute-api endpoint.',
    fix: 'set DisableExecuteApiEndpoint to true',
    source: DOMAIN,
    evaluate: mutualTlsBypassed,
  },
  {
    id: 'LP-H19',
    category: 'http',
    severity: 'warning',
    title: 'REST API is edge-optimized',
    why:
      'EDGE, the default, adds a CloudFront distribution that you cannot configure. Its integration '
      + 'timeout cannot be raised.',
    fix: 'set EndpointConfiguration.Types to REGIONAL',
    source: SOURCE.api('api-gateway-api-endpoint-types'),
    practice: true,
    evaluate: each(REST_API, edgeOptimized),
  },
  {
    id: 'LP-H30',
    category: 'http',
    severity: 'error',
    title: 'Enhanced TLS policy is combined with mutual TLS',
    why: 'The enhanced security policies do not support mutual TLS.',
    fix: 'use TLS_1_2',
    source: SOURCE.api('apigateway-security-policies'),
    elsewhere: 'CDK throws for its own domains',
    evaluate: each('AWS::ApiGateway::DomainName', enhancedPolicyWithMutualTls),
  },
];

function endpointBesideDomain(app: AppGraph): Problem[] {
  const mappings = domainMappings(app);
  // LP-H15 reports an API with a domain that has mutual TLS
  const withMutualTls = mappings.filter(({ domain }) => domain?.lacks('MutualTlsAuthentication') === false);
  return eachApi(mappings.filter(({ api }) => isDefaultEndpointOn(api) && !isPrivate(api)))
    .filter(({ api }) => withMutualTls.every(mapping => mapping.api !== api))
    .map(({ api }) => ({
      at: api,
      property: 'DisableExecuteApiEndpoint',
      must: 'must be true beside a custom domain',
      got: api.get('DisableExecuteApiEndpoint'),
    }));
}

function mutualTlsBypassed(app: AppGraph): Problem[] {
  return eachApi(domainMappings(app).filter(({ api, domain }) => isDefaultEndpointOn(api)
    && domain !== undefined
    && !domain.lacks('MutualTlsAuthentication')
    && !domain.isUnknown('MutualTlsAuthentication')))
    .map(({ api, domain }) => ({
      at: api,
      property: 'DisableExecuteApiEndpoint',
      must: `must be true for the mutual TLS of ${domain!.path}`,
      got: api.get('DisableExecuteApiEndpoint'),
    }));
}

function edgeOptimized(api: Resource): Found {
  const types = api.get('EndpointConfiguration.Types');
  if (api.lacks('EndpointConfiguration') || (Array.isArray(types) && types.includes('EDGE'))) {
    return {
      at: api,
      property: 'EndpointConfiguration.Types',
      must: 'must be REGIONAL or PRIVATE',
      got: types === undefined ? 'EDGE (the default)' : types,
    };
  }
  return undefined;
}

function enhancedPolicyWithMutualTls(domain: Resource): Found {
  if (
    /^SecurityPolicy_/.test(domain.string('SecurityPolicy') ?? '')
    && !domain.lacks('MutualTlsAuthentication')
    && !domain.isUnknown('MutualTlsAuthentication')
  ) {
    return {
      at: domain,
      property: 'SecurityPolicy',
      must: 'must be TLS_1_2 with mutual TLS',
      got: domain.get('SecurityPolicy'),
    };
  }
  return undefined;
}

interface DomainMapping {
  readonly api: Resource;
  /** @default - not part of the app */
  readonly domain?: Resource;
}

function domainMappings(app: AppGraph): DomainMapping[] {
  return [
    ...app.ofType('AWS::ApiGatewayV2::ApiMapping'),
    ...app.ofType('AWS::ApiGateway::BasePathMapping'),
  ].flatMap(mapping => {
    const property = mapping.type.includes('V2') ? 'ApiId' : 'RestApiId';
    const api = app.resourceOf(mapping.get(property), mapping, HTTP_API, REST_API);
    return api ? [{ api, domain: domainOf(mapping) }] : [];
  });
}

/** The first mapping of each API. */
function eachApi(mappings: DomainMapping[]): DomainMapping[] {
  return mappings.filter(({ api }, i) => mappings.findIndex(other => other.api === api) === i);
}
