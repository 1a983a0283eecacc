import { SAM_POLICY_TEMPLATES } from '../../aws';
import { intrinsicOf } from '../graph/resolver';
import { isJson } from '../graph/value';
import type { Json } from '../graph/value';

/** The policy document of an entry of `Policies`: a document, or a policy template with its parameters. */
export function policyDocument(policy: unknown): Json | undefined {
  if (!isJson(policy) || intrinsicOf(policy) !== undefined) return undefined;
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

/** The ARN or the name of a managed policy, also as an intrinsic function. */
export function managedPolicy(policy: unknown): unknown {
  if (!isJson(policy)) return policy;
  return intrinsicOf(policy) === undefined ? undefined : policy;
}

/** What the entries of `Policies` become, also in the branches of conditions; others are left out. */
export function eachBranch(policies: unknown[], become: (policy: unknown) => unknown): unknown[] {
  return policies.map(policy => inBranch(policy, become)).filter(policy => policy !== undefined);
}

function inBranch(policy: unknown, become: (policy: unknown) => unknown): unknown {
  const branch = isJson(policy) ? policy['Fn::If'] : undefined;
  if (!Array.isArray(branch)) return become(policy);
  const branches = branch.slice(1).map(item => inBranch(item, become) ?? { Ref: 'AWS::NoValue' });
  return { 'Fn::If': [branch[0], ...branches] };
}

function resourceArn(resource: string, parameters: Json): unknown {
  if (resource === '*') return '*';
  const whole = /^\$\{(\w+)\}$/.exec(resource)?.[1];
  if (whole !== undefined) return parameters[whole] ?? '*';
  return { 'Fn::Sub': [`arn:\${AWS::Partition}:${resource}`, parameters] };
}
