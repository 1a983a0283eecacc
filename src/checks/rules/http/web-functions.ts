import { asNumber, member } from '../../graph';
import type { AppGraph, Resource } from '../../graph';
import { SOURCE } from '../rule';
import type { Problem, Rule } from '../rule';
import { each } from '../support/each';
import type { Found } from '../support/each';
import { knownSum } from '../support/known-sum';

const WEB_FUNCTION = 'AWS::Lambda::WebFunction';
const ENDPOINT = 'AWS::Lambda::WebFunctionEndpoint';
const GUIDE = SOURCE.lambda('web-functions');
/** The properties by which other resources refer to a function that they invoke or configure. */
const FUNCTION_FEATURES: Record<string, string> = {
  'AWS::Lambda::Alias': 'FunctionName',
  'AWS::Lambda::Version': 'FunctionName',
  'AWS::Lambda::Url': 'TargetFunctionArn',
  'AWS::Lambda::EventSourceMapping': 'FunctionName',
  'AWS::Lambda::EventInvokeConfig': 'FunctionName',
  'AWS::ApiGateway::Method': 'Integration.Uri',
  'AWS::ApiGatewayV2::Integration': 'IntegrationUri',
  'AWS::SNS::Subscription': 'Endpoint',
  'AWS::Events::Rule': 'Targets',
  'AWS::Scheduler::Schedule': 'Target.Arn',
  'AWS::S3::Bucket': 'NotificationConfiguration',
  'AWS::ElasticLoadBalancingV2::TargetGroup': 'Targets',
  'AWS::StepFunctions::StateMachine': 'DefinitionString',
  'AWS::Pipes::Pipe': 'Target',
};

export const WEB_FUNCTIONS_RULES: Rule[] = [
  {
    id: 'LP-H61',
    category: 'http',
    severity: 'warning',
    title: 'Endpoint of a web function is public',
    why: 'Lambda passes every request to the code of the web function, which has to authorize it.',
    fix: 'require IAM, or acknowledge this finding with the place where the code authorizes requests',
    source: GUIDE,
    practice: true,
    evaluate: each(ENDPOINT, publicEndpoint),
  },
  {
    id: 'LP-H62',
    category: 'http',
    severity: 'error',
    title: 'Web function is used as an event function',
    why: 'A web function serves HTTP requests at its endpoint. It has no aliases, URLs, event sources or invocations.',
    fix: 'use a function for events, and the endpoint for HTTP',
    source: GUIDE,
    evaluate: usedForEvents,
  },
  {
    id: 'LP-H63',
    category: 'http',
    severity: 'error',
    title: 'Traffic weights of a web function are not valid',
    why: 'An endpoint routes to one or two revisions, whose weights together are 100.',
    fix: 'use at most two revisions with weights that add up to 100',
    source: GUIDE,
    evaluate: each(ENDPOINT, weightsInvalid),
  },
];

function publicEndpoint(endpoint: Resource): Found {
  const type = endpoint.string('AuthType') ?? '';
  return /^(none|application_?managed)$/i.test(type)
    && { at: endpoint, property: 'AuthType', must: 'must require IAM', got: type };
}

function usedForEvents(app: AppGraph): Problem[] {
  const web = new Set(app.ofType(WEB_FUNCTION, ENDPOINT));
  if (web.size === 0) return [];
  return Object.entries(FUNCTION_FEATURES).flatMap(([type, property]) => app.ofType(type).flatMap(resource => {
    const target = [...app.mentioned(resource.get(property))].find(mentioned => web.has(mentioned));
    return target ? [{ at: resource, property, must: 'must not be a web function', got: target.path }] : [];
  }));
}

function weightsInvalid(endpoint: Resource): Found {
  const revisions = endpoint.list('RevisionWeights');
  const sum = knownSum(revisions.map(revision => asNumber(member(revision, 'Weight'))));
  const isWrong = revisions.length > 2 || (revisions.length > 0 && sum !== undefined && sum !== 100);
  return isWrong && {
    at: endpoint,
    property: 'RevisionWeights',
    must: 'must be one or two weights that add up to 100',
    got: revisions.length > 2 ? `${revisions.length} revisions` : sum,
  };
}
