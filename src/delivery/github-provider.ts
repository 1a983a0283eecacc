import { Stack, Stage, Token, TokenComparison } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GITHUB } from '../limits';
import { sharedInStack } from '../private/shared';
import { refuse } from '../private/validation';

const URL = `https://${GITHUB.issuer}`;

/** The ARN of the one provider that an account can have for GitHub: of the one that the app makes there, else of one made here. */
export function gitHubProviderArn(scope: Construct): string {
  const stack = Stack.of(scope);
  const made = findProvider(stack);
  if (!made) return sharedInStack(scope, 'GitHub', home => new iam.OidcProviderNative(home, 'GitHub', { url: URL, clientIds: [GITHUB.audience] })).oidcProviderArn;
  if (made.stack === stack) return made.ref;
  // By its name, because the other stack may be in another region.
  return stack.formatArn({ service: 'iam', region: '', resource: 'oidc-provider', resourceName: GITHUB.issuer });
}

/** Has the role made after the provider; CDK knows no order between stages. */
export function waitForProvider(role: iam.Role): void {
  const made = findProvider(role.stack);
  if (made && made.stack !== role.stack && Stage.of(made) === Stage.of(role)) role.node.addDependency(made);
}

/** What the keys of a condition begin with: GitHub's issuer, or that of an enterprise. */
export function issuerOf(at: string, provider: iam.IOidcProvider): string {
  const resource = provider.node.defaultChild;
  const url = resource instanceof iam.CfnOIDCProvider ? resource.url : provider.oidcProviderArn.split(':oidc-provider/').at(-1);
  if (url === undefined || Token.isUnresolved(url)) return GITHUB.issuer;
  const issuer = url.replace(/^https:\/\//, '').replace(/\/$/, '');
  if (!GITHUB.issuers.test(issuer)) refuse(at, `'provider' must be GitHub's, got that of ${issuer}; give the one of ${GITHUB.issuer}`);
  return issuer;
}

function findProvider(stack: Stack): iam.CfnOIDCProvider | undefined {
  const all = stack.node.root.node.findAll().filter((c): c is iam.CfnOIDCProvider => c instanceof iam.CfnOIDCProvider);
  return all.find(provider => provider.url === URL && isSameAccount(provider.stack, stack));
}

/** Stacks that name no account go to the same one. */
function isSameAccount(one: Stack, other: Stack): boolean {
  return [TokenComparison.SAME, TokenComparison.BOTH_UNRESOLVED].includes(Token.compareStrings(one.account, other.account));
}
