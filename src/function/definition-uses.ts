import { CfnResource, Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { onUseAtEdge } from '../private/cdk-internals';
import { FunctionReferences } from '../private/function-references';
import { warn } from '../private/validation';

/** A ProductionFunction, by the resource of its function. */
interface Owner {
  readonly path: string;
  readonly aliasName: string;
  /** Whether the app requires an ARN for Lambda@Edge. */
  isAtEdge: boolean;
}

const OWNERS = new WeakMap<CfnResource, Owner>();
const OWN_ALIASES = new WeakSet<CfnResource>();
const EDGE = 'Lambda@Edge supports no environment variables, aliases, tracing or arm64, use cloudfront.experimental.EdgeFunction or lambda.Function';

/** Watches how the app uses the function behind the alias. Rejects a distribution that uses a version of it. */
export function watchDefinition(construct: Construct, definition: lambda.Function, live: lambda.Alias): void {
  const owner: Owner = { path: construct.node.path, aliasName: live.aliasName, isAtEdge: false };
  OWN_ALIASES.add(live.node.defaultChild as CfnResource);
  OWNERS.set(definition.node.defaultChild as CfnResource, owner);
  onUseAtEdge(definition, () => owner.isAtEdge = true);
  construct.node.addValidation({
    validate: () => owner.isAtEdge ? [`'edgeLambdas' of a distribution must not use a ProductionFunction, got one; ${EDGE}`] : [],
  });
}

/** Finds distributions that refer to a ProductionFunction, and aliases with the name of its alias, which Lambda rejects. */
export function findDefinitionUses(resources: CfnResource[]): string[] {
  const distributions = resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::CloudFront::Distribution');
  const references = distributions.length > 0 ? new FunctionReferences(resources) : undefined;
  return [
    ...distributions.flatMap(distribution => owners(references!.atEdge(distribution)).filter(({ isAtEdge }) => !isAtEdge).map(({ path }) =>
      `'LambdaFunctionAssociations' of ${distribution.node.path} must not use a ProductionFunction, got ${path}; ${EDGE}`)),
    ...otherAliases(resources).filter(({ name, owner }) => name === owner.aliasName).map(({ alias, name, owner }) =>
      `'Name' of ${alias.node.path} must not be the name of the alias of ${owner.path}, got '${name}', and Lambda would reject the alias; `
      + 'use the ProductionFunction, which is the alias, or choose another name'),
  ];
}

/** Warns of an alias beside the alias of a ProductionFunction, unless CodeDeploy shifts its traffic. */
export function warnOfOtherAliases(resources: CfnResource[]): void {
  for (const { alias, name, owner } of otherAliases(resources)) {
    if (name === owner.aliasName || alias.cfnOptions.updatePolicy?.codeDeployLambdaAliasUpdate) continue;
    warn(alias.node.scope ?? alias, 'ProductionFunction.aliasWithoutCanary',
      `the alias ${name ?? ''} of ${owner.path} sends all requests to a new version immediately, without a canary and a rollback; `
      + "use the ProductionFunction, whose alias has the name of 'release.aliasName', or create a CanaryAlias");
  }
}

/** The aliases that the app adds to the function behind a ProductionFunction; `name` is undefined for a token. */
function otherAliases(resources: CfnResource[]): { alias: CfnResource; name: string | undefined; owner: Owner }[] {
  const aliases = resources.filter((resource): resource is lambda.CfnAlias =>
    resource.cfnResourceType === 'AWS::Lambda::Alias' && !OWN_ALIASES.has(resource));
  const references = aliases.length > 0 ? new FunctionReferences(resources) : undefined;
  return aliases.flatMap(alias => owners(references!.in(alias, alias.functionName)).map(owner => {
    const name: unknown = Stack.of(alias).resolve(alias.name);
    return { alias, name: typeof name === 'string' ? name : undefined, owner };
  }));
}

function owners(definitions: CfnResource[]): Owner[] {
  return [...new Set(definitions)].flatMap(definition => OWNERS.get(definition) ?? []);
}
