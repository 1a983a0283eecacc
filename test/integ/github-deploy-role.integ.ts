import * as iam from 'aws-cdk-lib/aws-iam';
import { Proof } from './proof';
import { GitHubDeployRole, GitHubSubject } from '../../src';

/**
 * IAM accepts the provider and the trust policy with exact subjects, and the session has the requested duration. An account
 * can only have one provider for GitHub: if it already has one, set `-c provider=<its ARN>`.
 */
export const proof = new Proof('GitHubDeployRole');
const arn: string | undefined = proof.app.node.tryGetContext('provider');
const subjects = [GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' })];
const role = new GitHubDeployRole(proof.stack, 'Deploy', {
  subjects, provider: arn === undefined ? undefined : iam.OidcProviderNative.fromOidcProviderArn(proof.stack, 'Provider', arn),
});

proof.becomes('IAM', 'getRole', { RoleName: role.roleName }, 'iam:GetRole', [role.roleArn], { Role: { MaxSessionDuration: 3_600 } });
