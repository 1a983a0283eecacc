import * as iam from 'aws-cdk-lib/aws-iam';
import { Proof } from './proof';
import { GitHubDeployRole, GitHubSubject } from '../../src';

/**
 * IAM takes the provider and the trust in exact subjects, and the session is as long as it was asked for. An account that has
 * GitHub's provider already takes no second: `-c provider=<its ARN>`.
 */
export const proof = new Proof('GitHubDeployRole');
const arn: string | undefined = proof.app.node.tryGetContext('provider');
const subjects = [GitHubSubject.environment('shop/payments', 'production', { ownerId: '9919', repositoryId: '1296269' })];
const role = new GitHubDeployRole(proof.stack, 'Deploy', {
  subjects, provider: arn === undefined ? undefined : iam.OidcProviderNative.fromOidcProviderArn(proof.stack, 'Provider', arn),
});

proof.becomes('IAM', 'getRole', { RoleName: role.roleName }, 'iam:GetRole', [role.roleArn], { Role: { MaxSessionDuration: 3_600 } });
