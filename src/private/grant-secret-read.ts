import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { regionOfArn } from './region-of-arn';

/**
 * Allows a principal to read a secret, and to decrypt it through Secrets Manager only. Both statements are in the policy of the
 * principal: CDK's grant would add a statement for each principal to the key policy, which has a maximum size, and would make the
 * stack of the key depend on the stack of the principal. A key whose policy does not trust its account needs that statement.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function grantSecretRead(grantee: iam.IGrantable, secret: secretsmanager.ISecret): iam.Grant {
  const { encryptionKey, secretFullArn, secretArn } = secret;
  if (encryptionKey && !trustsAccount(encryptionKey)) return secret.grantRead(grantee);
  const read = iam.Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    resourceArns: [secretFullArn ?? `${secretArn}-??????`],
  });
  if (!encryptionKey) return read;
  return read.combine(iam.Grant.addToPrincipal({
    grantee,
    actions: ['kms:Decrypt'],
    resourceArns: [encryptionKey.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${regionOfArn(secretArn) ?? Stack.of(secret).region}.amazonaws.com` } },
  }));
}

/** Whether the policy of a key lets the IAM policies of its account decide, as CDK's default does. The policy of an imported key is not known. */
function trustsAccount(key: kms.IKey): boolean {
  const { keyPolicy } = (key.node.defaultChild ?? {}) as Partial<kms.CfnKey>;
  if (!(keyPolicy instanceof iam.PolicyDocument)) return true;
  const statements: { Action?: unknown; Principal?: unknown }[] = keyPolicy.toJSON()?.Statement ?? [];
  return statements.some(({ Action, Principal }) => Action === 'kms:*' && JSON.stringify(Stack.of(key).resolve(Principal)).includes(':root"'));
}
