import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { gitHubProviderArn, issuerOf, waitForProvider } from './github-provider';
import type { GitHubSubject } from './github-subject';
import { BOOTSTRAP, GITHUB, IAM } from '../limits';
import { refuse, requireRange } from '../private/validation';

/** What is known of a token: the text around it. */
const WITHOUT_WILDCARDS = /^[^*?]*$/;

/**
 * Properties of a GitHubDeployRole.
 */
export interface GitHubDeployRoleProps {
  /**
   * Who may take on the role: at least one; pull requests not beside others, because they must not deploy.
   */
  readonly subjects: GitHubSubject[];

  /**
   * The account's identity provider for GitHub, of which an account has at most one. To be given where the account has
   * it already and this app does not make it, for example by `iam.OidcProviderNative.fromOidcProviderArn(…)`. That of an
   * enterprise with an issuer of its own is possible too.
   *
   * @default - the one that the app makes for the account, in whatever stack; without one it is made here
   */
  readonly provider?: iam.IOidcProvider;

  /**
   * The account whose bootstrap roles may be assumed: 12 digits, or a token without wildcards.
   *
   * @default - that of the stack
   */
  readonly deployAccount?: string;

  /**
   * The region whose bootstrap roles may be assumed.
   *
   * @default - that of the stack
   */
  readonly deployRegion?: string;

  /**
   * The qualifier with which the account was bootstrapped: 1 to 10 letters and digits.
   *
   * @default hnb659fds
   */
  readonly qualifier?: string;

  /**
   * How long a session may take: 1 to 12 hours. The sessions of the bootstrap roles take an hour at most, because they
   * are chained.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * What the role may do at most, whatever it is granted.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}

/**
 * The role under which a workflow of GitHub Actions deploys, without a key that could be stolen.
 *
 * In the account appear the identity provider of GitHub (native, no custom resource, once for all roles that the app has
 * in the account) and a role. The role trusts tokens whose audience is exactly `sts.amazonaws.com` and whose subject is exactly one of those named. It may
 * assume the roles of the CDK bootstrap of one account and region, and nothing else; a role for pull requests the lookup
 * role alone, which can read and not deploy.
 *
 * Refused: no subject, wildcards, pull requests beside a subject that deploys, sessions outside 1 to 12 hours.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @example
 * new GitHubDeployRole(this, 'Deploy', {
 *   subjects: [GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' })],
 * });
 */
export class GitHubDeployRole extends iam.Role {
  private static roleProps(scope: Construct, id: string, props: GitHubDeployRoleProps): iam.RoleProps {
    const at = `${scope.node.path}/${id}`;
    check(at, props);
    const issuer = props.provider ? issuerOf(at, props.provider) : GITHUB.issuer;
    const providerArn = props.provider?.oidcProviderArn ?? gitHubProviderArn(scope);
    const stack = Stack.of(scope);
    const account = props.deployAccount ?? stack.account;
    const region = props.deployRegion ?? stack.region;
    const roles = props.subjects.every(subject => subject._mayDeploy) ? BOOTSTRAP.deployingRoles : BOOTSTRAP.lookingRoles;
    const assume = new iam.PolicyStatement({
      actions: ['sts:AssumeRole'],
      resources: roles.map(role => stack.formatArn({
        service: 'iam',
        region: '',
        account,
        resource: 'role',
        resourceName: `cdk-${props.qualifier ?? BOOTSTRAP.qualifier}-${role}-role-${account}-${region}`,
      })),
    });
    return {
      assumedBy: new iam.WebIdentityPrincipal(providerArn, {
        StringEquals: {
          [`${issuer}:aud`]: GITHUB.audience,
          [`${issuer}:sub`]: props.subjects.flatMap(subject => subject._claims),
        },
      }),
      maxSessionDuration: props.maxSessionDuration ?? Duration.seconds(IAM.sessionMinSeconds),
      permissionsBoundary: props.permissionsBoundary,
      inlinePolicies: { Bootstrap: new iam.PolicyDocument({ statements: [assume] }) },
    };
  }

  constructor(scope: Construct, id: string, props: GitHubDeployRoleProps) {
    super(scope, id, GitHubDeployRole.roleProps(scope, id, props));
    if (!props.provider) waitForProvider(this);
  }
}

function check(at: string, props: GitHubDeployRoleProps): void {
  const { subjects, deployAccount, deployRegion, qualifier, maxSessionDuration } = props;
  if (subjects.length === 0) refuse(at, "'subjects' must name who deploys, got none; add a GitHubSubject.environment(…)");
  const deploying = subjects.filter(subject => subject._mayDeploy).length;
  if (deploying > 0 && deploying < subjects.length) {
    refuse(at, "'subjects' must not have pull requests beside others, got both, and any pull request could deploy; make a second role for them");
  }
  const names: [string, string | undefined, RegExp, string][] = [
    ['deployAccount', deployAccount, /^\d{12}$/, '12 digits'],
    ['deployRegion', deployRegion, /^[a-z]{2,}(-[a-z]+)+-\d+$/, 'the name of a region'],
    ['qualifier', qualifier, /^[A-Za-z0-9]{1,10}$/, '1 to 10 letters and digits'],
  ];
  for (const [prop, value, pattern, what] of names) {
    if (value !== undefined && !(Token.isUnresolved(value) ? WITHOUT_WILDCARDS : pattern).test(value)) {
      refuse(at, `'${prop}' must be ${what}, got '${value}'; name the bootstrap that the app is deployed to`);
    }
  }
  if (maxSessionDuration && !maxSessionDuration.isUnresolved()) {
    requireRange(at, 'maxSessionDuration', maxSessionDuration.toSeconds(), IAM.sessionMinSeconds, IAM.sessionMaxSeconds, 'it is a number of seconds');
  }
}
