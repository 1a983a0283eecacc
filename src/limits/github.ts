/**
 * GitHub's identity provider, and the roles that `cdk bootstrap` makes.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export const GITHUB = {
  issuer: 'token.actions.githubusercontent.com',
  /** That of all of GitHub, of an enterprise in it, and of one at an address of its own. */
  issuers: /^token\.actions\.(githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(\/[A-Za-z0-9-]+)?$/,
  audience: 'sts.amazonaws.com',
} as const;
export const BOOTSTRAP = {
  qualifier: 'hnb659fds',
  deployingRoles: ['deploy', 'file-publishing', 'image-publishing', 'lookup'],
  lookingRoles: ['lookup'],
} as const;
