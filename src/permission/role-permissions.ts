import type { CfnResource } from 'aws-cdk-lib';
import type { PolicyResources } from './policy-resources';
import { isRecord, TemplateTexts } from './template-texts';
import { IAM, isBroadManagedPolicy } from '../aws';
import { type StatementTexts, type WidePart, widePartsOf } from '../private/policy-wildcards';
import { flattenReference, minimumJsonLength, sortedKeys } from '../private/template-json';

const ADVICE = 'or add the statement with allowWildcard(statement, reason)';
/** More actions or resources of one statement than these are counted in its message. */
const NAMED_MAX = 3;

/** The permissions of a role as they are deployed, and the exceptions that its user allows. */
export class RolePermissions {
  private readonly wildcards = new Set<string>();
  private readonly managedPolicies = new Set<string>();

  /** Allows the wildcards of a resolved statement, under its condition, and returns the details of cdk-nag's findings on them. */
  public allow(statement: Record<string, unknown>, texts: TemplateTexts): string[] {
    const parts = widePartsOf(texts.statement(statement));
    for (const part of parts) this.wildcards.add(keyOf(part, statement.Condition));
    const originals = [statement.Resource].flat();
    // cdk-nag also reports `*` where it is not wide.
    return [...new Set([...originals.filter(o => o === '*').map(() => 'Resource::*'), ...parts.flatMap(({ part, action, resource }) => {
      if (part === 'Action') return [`Action::${action}`];
      return part === 'Resource' ? originals.filter(o => texts.of(o).includes(resource)).map(o => `Resource::${flattenReference(o)}`) : [];
    })])];
  }

  public allowManagedPolicy(arn: string): void {
    this.managedPolicies.add(arn);
  }

  public findProblems(role: CfnResource, properties: Record<string, unknown>, policies: PolicyResources): string[] {
    const texts = new TemplateTexts(policies.valuesFor(role));
    const attached = policies.of(role, properties.ManagedPolicyArns);
    const inline = list(properties.Policies).flatMap(policy => isRecord(policy) ? [policy.PolicyDocument] : []);
    const own = inline.flatMap(document => isRecord(document) ? list(document.Statement) : []);
    return [
      ...new Set([
        ...this.findWildcards(own, texts),
        ...attached.flatMap(policy => this.findWildcards(policy.statements, new TemplateTexts(policies.valuesFor(policy.resource)))),
      ]),
      ...this.findBroadPolicies(texts.of(properties.ManagedPolicyArns)),
      ...findOpenTrust(properties.AssumeRolePolicyDocument, texts),
      ...findOversize([...inline, ...attached.filter(policy => !policy.managed).map(policy => policy.document)]),
    ];
  }

  /** One problem for each statement that allows more than its actions and resources name. */
  public findWildcards(statements: unknown[], texts: TemplateTexts): string[] {
    return statements.flatMap(statement => {
      const resolved = texts.statement(statement);
      const condition = isRecord(statement) ? statement.Condition : undefined;
      const [first, ...rest] = widePartsOf(resolved).filter(part => !this.isAllowed(part, condition));
      return first === undefined ? [] : [problem([first, ...rest.filter(part => part.part === first.part)], resolved)];
    });
  }

  private isAllowed(part: WidePart, condition: unknown): boolean {
    return this.wildcards.has(keyOf(part, undefined)) || this.wildcards.has(keyOf(part, condition));
  }

  private findBroadPolicies(arns: string[]): string[] {
    return arns.filter(arn => !this.managedPolicies.has(arn)).flatMap(arn => {
      const name = awsManagedPolicyName(arn);
      if (name === undefined || !isBroadManagedPolicy(name)) return [];
      return [`'ManagedPolicyArns' must have no policy of AWS that is not for functions, got ${name}, which allows actions on all resources; `
        + 'grant the actions and resources that the function uses, or attach the policy with allowManagedPolicy(policy, reason)'];
    });
  }
}

/** The name of an AWS managed policy with its path; undefined for a policy of an account. */
export function awsManagedPolicyName(arn: string): string | undefined {
  return /^arn:(?:<[^>]*>|[^:]*):iam::aws:policy\/(.+)$/.exec(arn)?.[1];
}

function problem(parts: WidePart[], statement: StatementTexts): string {
  const [{ part, action, resource }] = parts;
  const [actions, resources] = [named(parts.map(p => p.action)), named(parts.map(p => `'${p.resource}'`))];
  switch (part) {
    case 'NotAction': return `'NotAction' allows everything it does not name, got ${action}; list the allowed actions, ${ADVICE}`;
    case 'NotResource': return `'NotResource' allows everything it does not name, got ${resource}; list the allowed resources, ${ADVICE}`;
    case 'Action': {
      const on = named(statement.resources.map(text => `'${text}'`));
      return `'Action' must name single actions, got ${named(parts.map(p => `'${p.action}'`))} on ${on}; list the actions, ${ADVICE}`;
    }
    case 'Resource': return `'Resource' must name resources for ${actions}, got ${resources}; grant on the resource itself, ${ADVICE}`;
  }
}

/** A statement without a condition allows the wildcard under every condition. */
function keyOf({ part, action, resource }: WidePart, condition: unknown): string {
  return JSON.stringify([part, action, resource, condition === undefined ? '' : sortedKeys(condition)]);
}

/** Only Lambda assumes the role of a function. */
function findOpenTrust(document: unknown, texts: TemplateTexts): string[] {
  const statements = isRecord(document) ? list(document.Statement) : [];
  const open = statements.filter(isRecord).some(({ Effect, Principal, NotPrincipal, Condition }) => {
    const principals = isRecord(Principal) ? texts.of(Principal.AWS) : texts.of(Principal);
    return Effect !== 'Deny' && (NotPrincipal !== undefined || principals.includes('*')) && Condition === undefined;
  });
  return open ? ["'AssumeRolePolicyDocument' must name the principals that assume the role, got '*'; name a service, an account or a role"] : [];
}

function findOversize(documents: unknown[]): string[] {
  const size = documents.reduce<number>((sum, document) => sum + minimumJsonLength(document), 0);
  if (size <= IAM.inlinePoliciesMaxCharacters) return [];
  return [`inline policies of a role must have at most ${IAM.inlinePoliciesMaxCharacters} characters in total, got at least ${size}; `
    + 'grant on common prefixes or tags instead of single resources, or split the function'];
}

function named(values: string[]): string {
  const unique = [...new Set(values)];
  const more = unique.length - NAMED_MAX;
  return more > 0 ? `${unique.slice(0, NAMED_MAX).join(', ')} and ${more} more` : unique.join(', ');
}

function list(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}
