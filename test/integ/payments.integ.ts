import { ExpectedResult, type HttpApiCall, type IApiCall, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Fn, Lazy, RemovalPolicies, type Stack, Validations } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import type { Merchants } from '../../sample/stacks/merchants';
import { PaymentsStack } from '../../sample/stacks/payments-stack';
import { Profile } from '../../src';

/** A provider that charges once for each key, with its memory in a table. */
const PROVIDER = `
  const { DynamoDBClient, PutItemCommand, GetItemCommand } = require('@aws-sdk/client-dynamodb');
  const db = new DynamoDBClient();
  exports.handler = async event => {
    if (event.requestContext.http.method !== 'POST') return { charges: [] };
    const TableName = process.env.CHARGES;
    const id = { S: event.headers['idempotency-key'] };
    const Item = { id, chargeId: { S: 'ch_' + event.requestContext.requestId } };
    await db.send(new PutItemCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' })).catch(error => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
    });
    const { Item: charge } = await db.send(new GetItemCommand({ TableName, Key: { id }, ConsistentRead: true }));
    return { chargeId: charge.chargeId.S, status: 'succeeded' };
  };`;

/**
 * The whole sample in a real account, through its front door: a merchant fetches a token, pays, pays again with the same key,
 * and sees the payment settled after the provider's notice. Everything is destroyed after.
 */
class PaymentsProof {
  public readonly app = new App({ context: { ...recommended, '@aws-cdk/aws-lambda:useCdkManagedLogGroup': false }, analyticsReporting: false });
  public readonly stack: PaymentsStack;
  private readonly charges: dynamodb.TableV2;
  private readonly test: IntegTest;
  /** Of this deployment alone: its calls are told apart from those of any other by it. */
  private readonly correlation: string;

  constructor() {
    let url = '';
    const providerUrl = Lazy.string({ produce: () => Fn.select(0, Fn.split('/|', `${url}|`)) }); // without the slash at its end
    Profile.sandbox({ owner: 'integ' }).applyTo(this.app);
    Validations.of(this.app).acknowledge({ id: 'Annotation::cdk-production-lambda:Profile.sandboxOfNobody', reason: 'it is destroyed at the end of the run' });
    const stack = this.stack = new PaymentsStack(this.app, 'CplIntegPayments', { providerUrl });
    this.charges = new dynamodb.TableV2(stack, 'Charges', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const provider = new lambda.Function(stack, 'Provider', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromInline(PROVIDER),
      environment: { CHARGES: this.charges.tableName },
      logGroup: new logs.LogGroup(stack, 'ProviderLogs', { retention: logs.RetentionDays.ONE_DAY }),
    });
    this.charges.grant(provider, 'dynamodb:PutItem', 'dynamodb:GetItem');
    url = provider.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE }).url;
    leaveNothingBehind(stack);
    this.correlation = Fn.select(2, Fn.split('/', stack.stackId));
    this.test = new IntegTest(this.app, 'PaymentsTest', { testCases: [stack] });
    this.prove();
  }

  private prove(): void {
    const authorization = `Bearer ${this.token().getAttString('body.access_token')}`;
    const pay = () => this.http('payments', { method: 'POST', headers: { authorization, 'idempotency-key': this.correlation }, body: '{"amount":1250,"currency":"EUR","customer":"ada"}' });
    const first = pay();
    const id = first.getAttString('body.id');
    const chargeId = first.getAttString('body.chargeId');
    const again = pay().expect(ExpectedResult.objectLike({ status: 201, body: { id, chargeId } }));
    const charged = this.aws('DynamoDB', 'scan', 'dynamodb:Scan', this.charges.tableArn, { TableName: this.charges.tableName, Select: 'COUNT' })
      .expect(ExpectedResult.objectLike({ Count: 1 }));
    const { queue } = this.stack.settlements;
    const noticed = this.aws('SQS', 'sendMessage', 'sqs:SendMessage', queue.queueArn, { QueueUrl: queue.queueUrl, MessageBody: `{"payment":"${id}","chargeId":"${chargeId}"}` });
    const settled = this.http(`payments/${id}`, { headers: { authorization } })
      .expect(ExpectedResult.objectLike({ status: 200, body: { status: 'settled' } }))
      .waitForAssertions({ totalTimeout: Duration.minutes(3), interval: Duration.seconds(5) });
    const stranger = this.http(`payments/${id}`, {}).expect(ExpectedResult.objectLike({ status: 401 }));
    first.next(again).next(charged).next(noticed).next(settled).next(stranger);
  }

  /** The token of the first merchant, fetched with its secret. */
  private token(): IApiCall {
    const { pool, client, tokenUrl } = this.stack.merchants;
    const described = this.aws('CognitoIdentityServiceProvider', 'describeUserPoolClient', 'cognito-idp:DescribeUserPoolClient', pool.userPoolArn,
      { UserPoolId: pool.userPoolId, ClientId: client.userPoolClientId });
    const secret = described.getAttString('UserPoolClient.ClientSecret');
    return this.test.assertions.httpApiCall(tokenUrl, {
      method: 'POST',
      headers: { 'authorization': `Basic ${Fn.base64(`${client.userPoolClientId}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
  }

  private http(path: string, options: { method?: string; headers?: Record<string, string>; body?: string }): HttpApiCall {
    return this.test.assertions.httpApiCall(`${this.stack.entrance.url}${path}`, options) as HttpApiCall;
  }

  private aws(service: string, api: string, action: string, resource: string, parameters: object): IApiCall {
    const call = this.test.assertions.awsApiCall(service, api, parameters);
    call.provider.addToRolePolicy({ Effect: 'Allow', Action: [action], Resource: [resource] });
    return call;
  }
}

/** What the sample keeps for good reasons goes with the stack here; of plain constructs the profile knows nothing. */
function leaveNothingBehind(stack: Stack): void {
  RemovalPolicies.of(stack).destroy();
  const { pool } = stack.node.findChild('Merchants') as Merchants;
  (pool.node.defaultChild as cognito.CfnUserPool).deletionProtection = 'INACTIVE';
}

export const proof = new PaymentsProof();
