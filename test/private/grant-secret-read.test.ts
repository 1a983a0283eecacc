import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { grantSecretRead } from '../../src/private/grant-secret-read';

const role = (stack: Stack, id = 'Role') => new iam.Role(stack, id, { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
const statementsOf = (stack: Stack) => Object.values<any>(Template.fromStack(stack).findResources('AWS::IAM::Policy')).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
const keyOf = (stack: Stack) => JSON.stringify(Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key')));

test('the key policy does not grow with the principals, and the stack of the key does not depend on theirs', () => {
  const app = new App();
  const base = new Stack(app, 'Base');
  const secret = new secretsmanager.Secret(base, 'Login', { encryptionKey: new kms.Key(base, 'Key') });
  const stack = new Stack(app, 'Shop');
  for (const id of ['A', 'B', 'C']) grantSecretRead(role(stack, id), secret);
  expect(statementsOf(stack).filter(({ Action }) => Action === 'kms:Decrypt')).toHaveLength(3);
  expect(keyOf(base)).not.toMatch(/[ABC]Role|Fn::ImportValue/);
});

test('a key whose policy does not trust the account names the principal', () => {
  const stack = new Stack(new App(), 'Shop');
  const admin = new iam.PolicyStatement({ principals: [role(stack, 'Admin')], actions: ['kms:*'], resources: ['*'] });
  const key = new kms.Key(stack, 'Key', { policy: new iam.PolicyDocument({ statements: [admin] }) });
  grantSecretRead(role(stack), new secretsmanager.Secret(stack, 'Login', { encryptionKey: key }));
  expect(keyOf(stack)).toMatch(/kms:Decrypt.*Role/);
});

test('an imported secret without the suffix of its ARN is matched by any suffix', () => {
  const stack = new Stack(new App(), 'Shop');
  grantSecretRead(role(stack), secretsmanager.Secret.fromSecretAttributes(stack, 'Login', {
    secretPartialArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:login', encryptionKey: kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/1'),
  }));
  expect(statementsOf(stack).map(({ Resource }) => Resource)).toEqual(['arn:aws:secretsmanager:eu-west-1:111122223333:secret:login-??????', 'arn:aws:kms:eu-west-1:111122223333:key/1']);
  expect(statementsOf(stack)[1].Condition.StringEquals['kms:ViaService']).toBe('secretsmanager.eu-west-1.amazonaws.com');
});
