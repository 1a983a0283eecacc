import { join } from 'node:path';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { NodejsBundle, ProductionFunction } from '../../src';

/** Takes payments over HTTP and keeps them, each one exactly once. */
export class PaymentsStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const payments = new dynamodb.TableV2(this, 'Ledger', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
    });
    const idempotency = new dynamodb.TableV2(this, 'Idempotency', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
    });

    const handlers = NodejsBundle.fromDirectory(join(__dirname, '..', 'handlers'));

    const pay = new ProductionFunction(this, 'Pay', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: handlers.code('pay'),
      environment: { LEDGER_TABLE: payments.tableName, IDEMPOTENCY_TABLE: idempotency.tableName },
    });
    payments.grant(pay, 'dynamodb:PutItem');
    idempotency.grant(pay, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');

    const url = pay.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
    new CfnOutput(this, 'PayUrl', { value: url.url, description: 'POST a payment here, signed with SigV4' });
  }
}
