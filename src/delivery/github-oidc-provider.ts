import { Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GITHUB } from '../aws';
import { stackSingleton } from '../private/stack-singleton';
import { refuse } from '../private/validation';

const URL = `https://${GITHUB.issuer}`;

/**
 * The ARN of the account's only identity provider for GitHub: the one that the app defines, otherwise a new one in the
 * stack.
 */
export function gitHubProviderArn(scope: Construct): string {
  const stack = Stack.of(scope);
  const existing = findProvider(stack);
  if (!existing) return createProvider(scope).oidcProviderArn;
  if (existing.stack === stack) return existing.ref;
  // Not a reference, because the other stack can be in another region.
  return stack.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: GITHUB.issuer });
}

/** Deploys the role after the provider. CDK does not support dependencies between stages. */
export function addProviderDependency(role: iam.Role): void {
  const provider = findProvider(role.stack);
  if (provider && provider.stack !== role.stack && Stage.of(provider) === Stage.of(role)) role.node.addDependency(provider);
}

/** The prefix of the condition keys: the issuer of GitHub or of an enterprise. */
export function issuerOf(at: string, provider: iam.IOidcProvider): string {
  const resource = provider.node.defaultChild;
  const url = resource instanceof iam.CfnOIDCProvider ? resource.url : provider.oidcProviderArn.split(':oidc-provider/').at(-1);
  if (url === undefined || Token.isUnresolved(url)) return GITHUB.issuer;
  const issuer = url.replace(/^https:\/\//, '').replace(/\/$/, '');
  if (!GITHUB.issuers.test(issuer)) {
    refuse(at, `'provider' must be the identity provider of GitHub, got ${issuer}; `
      + `use the provider of ${GITHUB.issuer}`);
  }
  return issuer;
}

function createProvider(scope: Construct): iam.OidcProviderNative {
  return stackSingleton(scope, 'GitHub', home => new iam.OidcProviderNative(home, 'GitHub', { url: URL, clientIds: [GITHUB.audience] }));
}

function findProvider(stack: Stack): iam.CfnOIDCProvider | undefined {
  const providers = stack.node.root.node.findAll().filter((c): c is iam.CfnOIDCProvider => c instanceof iam.CfnOIDCProvider);
  return providers.find(provider => provider.url === URL && isSameAccount(provider.stack, stack));
}

/** Stacks without an account are deployed to the same account. */
function isSameAccount(one: Stack, other: Stack): boolean {
  return [TokenComparison.SAME, TokenComparison.BOTH_UNRESOLVED].includes(Token.compareStrings(one.account, other.account));
}
