/**
 * The OIDC identity provider of GitHub Actions.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export const GITHUB = {
  issuer: 'token.actions.githubusercontent.com',
  /** The issuers of GitHub, of an enterprise on GitHub, and of an enterprise with its own domain. */
  issuers: /^token\.actions\.(githubusercontent\.com|[a-z0-9-]+\.ghe\.com)(\/[A-Za-z0-9-]+)?$/,
  audience: 'sts.amazonaws.com',
} as const;

/**
 * The roles that `cdk bootstrap` creates.
 *
 * @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export const BOOTSTRAP = {
  qualifier: 'hnb659fds',
  deployingRoles: ['deploy', 'file-publishing', 'image-publishing', 'lookup'],
  lookingRoles: ['lookup'],
} as const;
