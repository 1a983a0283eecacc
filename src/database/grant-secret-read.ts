import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Allows a principal to read a secret, and to decrypt it through Secrets Manager only. Both statements are in the policy of the
 * principal: CDK's grant would also add the principal to the key policy, and the two stacks would depend on each other.
 */
export function grantSecretRead(grantee: iam.IGrantable, secret: secretsmanager.ISecret): iam.Grant {
  const read = iam.Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    resourceArns: [secret.secretArn],
  });
  if (!secret.encryptionKey) return read;
  return read.combine(iam.Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [secret.encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${Stack.of(secret).region}.amazonaws.com` } },
  }));
}
