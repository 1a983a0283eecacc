import { Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GitHubDeployRoleProps } from './github-deploy-role-props';
import { validateGitHubDeployRoleProps } from './github-deploy-role-validation';
import { addProviderDependency, gitHubProviderArn, issuerOf } from './github-oidc-provider';
import { BOOTSTRAP, GITHUB, IAM } from '../aws';
import { PolicyResources, propertiesOf } from '../permission/policy-resources';
import { TemplateTexts } from '../permission/template-texts';

/**
 * A role with which a workflow of GitHub Actions deploys, without long-lived credentials.
 *
 * Creates the OIDC identity provider of GitHub (native, without a custom resource, one for all roles of the app in
 * the account) and a role. The role trusts tokens with the audience `sts.amazonaws.com` and exactly one of the
 * subjects. It can only assume the CDK bootstrap roles of one account and region. A role for pull requests can only
 * assume the lookup role, which reads and does not deploy.
 *
 * Throws an error if there is no subject, if a subject contains wildcards, if pull requests are combined with a
 * subject that deploys, or if the session duration is not between 1 and 12 hours.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @example
 * new GitHubDeployRole(this, 'Deploy', {
 *   subjects: [GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' })],
 * });
 */
export class GitHubDeployRole extends iam.Role {
  private static roleProps(scope: Construct, id: string, props: GitHubDeployRoleProps): iam.RoleProps {
    const path = `${scope.node.path}/${id}`;
    validateGitHubDeployRoleProps(path, props);
    const assumeBootstrapRoles = new iam.PolicyStatement({
      actions: ['sts:AssumeRole'], resources: GitHubDeployRole.bootstrapRoleArns(Stack.of(scope), props),
    });
    const issuer = props.provider ? issuerOf(path, props.provider) : GITHUB.issuer;
    return {
      assumedBy: new iam.WebIdentityPrincipal(props.provider?.oidcProviderArn ?? gitHubProviderArn(scope), {
        StringEquals: {
          [`${issuer}:aud`]: GITHUB.audience,
          [`${issuer}:sub`]: props.subjects.flatMap(subject => subject._claims),
        },
      }),
      maxSessionDuration: props.maxSessionDuration ?? Duration.seconds(IAM.sessionMinSeconds),
      permissionsBoundary: props.permissionsBoundary,
      inlinePolicies: { Bootstrap: new iam.PolicyDocument({ statements: [assumeBootstrapRoles] }) },
    };
  }

  private static bootstrapRoleArns(stack: Stack, props: GitHubDeployRoleProps): string[] {
    const { deployAccount: account = stack.account, deployRegion: region = stack.region, qualifier = BOOTSTRAP.qualifier } = props;
    const roles = props.subjects.every(subject => subject._mayDeploy) ? BOOTSTRAP.deployingRoles : BOOTSTRAP.lookingRoles;
    return roles.map(role => stack.formatArn({
      service: 'iam',
      region: '',
      account,
      resource: 'role',
      resourceName: `cdk-${qualifier}-${role}-role-${account}-${region}`,
    }));
  }

  constructor(scope: Construct, id: string, props: GitHubDeployRoleProps) {
    super(scope, id, GitHubDeployRole.roleProps(scope, id, props));
    if (!props.provider) addProviderDependency(this);
    this.node.addValidation({ validate: () => this.findWildcards() });
  }

  /** Tokens are known at synth only. A wildcard would trust other workflows, or allow other roles. */
  private findWildcards(): string[] {
    const { Policies: policies, AssumeRolePolicyDocument: trust } = propertiesOf(this.node.defaultChild as iam.CfnRole);
    const texts = new TemplateTexts(PolicyResources.for(this).valuesFor(this));
    const bootstrap = (policies as { PolicyDocument: unknown }[]).map(({ PolicyDocument: document }) => document);
    const documents = [...bootstrap, trust] as { Statement: unknown[] }[];
    const statements = documents.flatMap(({ Statement: all }) => all).map(statement => texts.statement(statement));
    const values = statements.flatMap(({ resources, conditions }) => [...resources, ...conditions.flatMap(condition => condition.values)]);
    return [...new Set(values)].filter(text => /[*?]/.test(text)).map(text => (
      `'subjects', 'qualifier', 'deployAccount' and 'deployRegion' must have no wildcards, got '${text}'; `
        + 'set the values, or tokens, parameters and mappings without a wildcard'));
  }
}
