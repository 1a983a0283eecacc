import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';

/**
 * Lets a principal read a secret, and decrypt it through Secrets Manager only. Both stand with the principal: CDK's own grant
 * would name it in the policy of the key, whose stack is one that the principal's depends on.
 */
export function grantSecret(grantee: iam.IGrantable, secret: secretsmanager.ISecret): iam.Grant {
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
