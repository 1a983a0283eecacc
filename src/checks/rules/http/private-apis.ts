import { hasOpenPolicy, hasPolicy, isPrivate, operationsOf } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';

export const PRIVATE_APIS_RULES: Rule[] = [
  {
    id: 'LP-H60',
    category: 'http',
    severity: 'warning',
    title: 'Private API is open to every VPC endpoint',
    why:
      'A resource policy without a condition lets every VPC endpoint of every account in, and no method has '
      + 'an authorizer.',
    fix: 'restrict the policy with aws:SourceVpce or aws:SourceVpc, or add an authorizer',
    source: SOURCE.api('apigateway-private-api-create'),
    practice: true,
    evaluate: each('AWS::ApiGateway::RestApi', openPrivateApi),
  },
];

function openPrivateApi(api: Resource, app: AppGraph): Found {
  const isSurelyPrivate = api.list('EndpointConfiguration.Types').includes('PRIVATE');
  if (!isSurelyPrivate || !isPrivate(api) || !hasPolicy(api) || !hasOpenPolicy(api)) return undefined;
  const methods = app.ofType('AWS::ApiGateway::Method').filter(method => method.target('RestApiId') === api);
  const isOpen = methods.some(isUnauthorized)
    || operationsOf(app).some(({ method, secured, ...operation }) => (
      operation.api === api && method !== 'options' && secured === false));
  const must = 'must restrict the VPC endpoints';
  return isOpen && { at: api, property: 'Policy', must, got: 'a policy without a condition' };
}

/** Whether the method demands neither an authorization nor an API key. Preflight requests have none. */
function isUnauthorized(method: Resource): boolean {
  return method.string('AuthorizationType', 'NONE') === 'NONE' && method.boolean('ApiKeyRequired', false) === false
    && method.string('HttpMethod') !== 'OPTIONS';
}
