import { SAM_POLICY_TEMPLATES } from '../../aws';
import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** The policy document of an entry of `Policies`: a document, or a policy template with its parameters. */
export function policyDocument(policy: unknown): Json | undefined {
  if (!isJson(policy)) return undefined;
  if (policy.Statement !== undefined) return policy;
  const [name, parameters] = Object.entries(policy)[0] ?? [];
  if (name === undefined || !Object.hasOwn(SAM_POLICY_TEMPLATES, name)) return undefined;
  const values = isJson(parameters) ? parameters : {};
  return {
    Statement: SAM_POLICY_TEMPLATES[name].map(({ actions, resources, conditional }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources.map(resource => resourceArn(resource, values)),
      ...(conditional ? { Condition: { StringEquals: { 'aws:ResourceTag/created-by': 'SAM' } } } : {}),
    })),
  };
}

function resourceArn(resource: string, parameters: Json): unknown {
  if (resource === '*') return '*';
  const whole = /^\$\{(\w+)\}$/.exec(resource)?.[1];
  if (whole !== undefined) return parameters[whole] ?? '*';
  return { 'Fn::Sub': [`arn:\${AWS::Partition}:${resource}`, parameters] };
}
