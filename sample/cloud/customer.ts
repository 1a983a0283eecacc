import { deepStrictEqual as same, ok } from 'node:assert';
import { ACCOUNT, type EmulatedAccount, REGION } from '../../testing/src';
import type { BookedCharge } from '../local/services/provider';
import { signatureOf } from '../provider/signature';

const PAYMENT = { amount: 1_250, currency: 'EUR', customer: 'ada' };
const WEBHOOK_SECRET = 'whsec_of_this_machine';
const EVENTS = 'heard';

interface Answer {
  readonly status: number;
  readonly body: any;
}

/** A merchant, the provider and a subscriber of events, which use the deployed endpoints. */
export class Customer {
  private token = '';

  constructor(
    private readonly account: EmulatedAccount,
    private readonly outputs: Record<string, string>,
    private readonly charges: readonly BookedCharge[],
    private readonly say: (line: string) => void,
  ) {}

  /** Each step throws where something is not as it must be. */
  public async goThroughAll(): Promise<void> {
    await this.prepare();
    await this.fetchToken();
    await this.isKeptOut();
    const id = await this.paysTwice();
    await this.paysManyTimesAtOnce();
    await this.isSettled(id);
    await this.othersHear(id);
  }

  /** What an operator does after the first deployment; and somebody subscribes to the events. */
  private async prepare(): Promise<void> {
    const secret = (SecretId: string, SecretString: string) => this.account.call('secretsmanager', 'secretsmanager.PutSecretValue', { SecretId, SecretString });
    await secret(this.outputs.ProviderKeySecret, 'sk_of_this_machine');
    await secret(this.outputs.WebhookSecret, WEBHOOK_SECRET);
    await this.account.call('sqs', 'AmazonSQS.CreateQueue', { QueueName: EVENTS });
    const { EventBuses } = await this.account.call('events', 'AWSEvents.ListEventBuses', {});
    const EventBusName = EventBuses.find(({ Name }: { Name: string }) => Name !== 'default').Name;
    await this.account.call('events', 'AWSEvents.PutRule', { Name: EVENTS, EventBusName, EventPattern: '{"source":["payments"]}' });
    await this.account.call('events', 'AWSEvents.PutTargets', { Rule: EVENTS, EventBusName, Targets: [{ Id: EVENTS, Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${EVENTS}` }] });
  }

  private async fetchToken(): Promise<void> {
    const { MerchantPoolId: UserPoolId, MerchantClientId: ClientId } = this.outputs;
    const { UserPoolClient } = await this.account.call('cognito-idp', 'AWSCognitoIdentityProviderService.DescribeUserPoolClient', { UserPoolId, ClientId });
    const response = await this.account.fetch('/oauth2/token', {
      method: 'POST',
      headers: { 'authorization': `Basic ${Buffer.from(`${ClientId}:${UserPoolClient.ClientSecret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    this.token = ((await response.json()) as { access_token: string }).access_token;
    ok(this.token, 'the user pool gave no token');
    this.say('the user pool gives the merchant a token');
  }

  private async isKeptOut(): Promise<void> {
    const [head, claims] = this.token.split('.');
    const forged = await this.http('POST', '/payments', PAYMENT, { 'authorization': `Bearer ${head}.${claims}.AAAA`, 'idempotency-key': 'forged' });
    const nobody = await this.http('GET', '/payments/0', undefined, { authorization: '' });
    const unsigned = await this.http('POST', '/webhooks/provider', { payment: '0', chargeId: '0' });
    same([forged.status, nobody.status, unsigned.status, unsigned.body.code], [401, 401, 401, 'FORGED_WEBHOOK']);
    this.say('a forged token, no token, and an unsigned notice are rejected (401)');
  }

  private async paysTwice(): Promise<string> {
    const first = await this.pay('order-1');
    same([first.status, first.body.status, first.body.amount], [201, 'charged', PAYMENT.amount], `the response to the payment was ${first.status} ${JSON.stringify(first.body)}`);
    same(await this.pay('order-1'), first, 'the same key must answer the same');
    const other = await this.pay('order-1', { ...PAYMENT, amount: 1 });
    same([other.status, other.body.code], [422, 'KEY_REUSED']);
    same(this.charges.length, 1, 'one payment must be one charge');
    same(await this.http('GET', `/payments/${first.body.id}`), { status: 200, body: first.body });
    this.say('a payment, the same key again and another amount under it: 201, the same 201, 422, and one charge; GET answers the payment');
    return first.body.id;
  }

  private async paysManyTimesAtOnce(): Promise<void> {
    const answers = await Promise.all(Array.from({ length: 5 }, () => this.pay('order-2')));
    ok(answers.every(({ status }) => status === 201 || status === 409), `expected 201 or 409, got ${answers.map(({ status }) => status).join(', ')}`);
    same((await this.pay('order-2')).status, 201);
    same(this.charges.length, 2, 'five requests with one key must be one charge');
    this.say('five concurrent requests with one key: one charge');
  }

  /** The provider's notice goes through the webhook, the queue and its mapping to the function that settles. */
  private async isSettled(id: string): Promise<void> {
    const notice = JSON.stringify({ payment: id, chargeId: this.charges[0].chargeId });
    const taken = await this.http('POST', '/webhooks/provider', notice, { 'x-signature': signatureOf(notice, WEBHOOK_SECRET) });
    same(taken, { status: 202, body: { accepted: id } });
    await until('the payment to be settled', async () => (await this.http('GET', `/payments/${id}`)).body.status === 'settled');
    this.say("the provider's signed notice settles the payment, through the queue");
  }

  private async othersHear(id: string): Promise<void> {
    const heard = new Set<string>();
    await until('the events', async () => {
      const { Messages = [] } = await this.account.call('sqs', 'AmazonSQS.ReceiveMessage', { QueueUrl: `${this.account.url}/${ACCOUNT}/${EVENTS}`, MaxNumberOfMessages: 10 });
      for (const { Body } of Messages) heard.add(JSON.parse(Body).detail.id);
      return heard.has(`${id}:charged`) && heard.has(`${id}:settled`);
    });
    this.say(`a rule on the bus hears of it: ${heard.size} events`);
  }

  private pay(key: string, payment = PAYMENT): Promise<Answer> {
    return this.http('POST', '/payments', payment, { 'idempotency-key': key });
  }

  private async http(method: string, path: string, body?: object | string, headers: Record<string, string> = {}): Promise<Answer> {
    const api = new URL(this.outputs.ApiUrl).host.split('.')[0];
    const response = await this.account.fetch(`/_aws/execute-api/${api}/$default${path}`, {
      method,
      headers: { 'authorization': `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'object' ? JSON.stringify(body) : body,
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }
}

async function until(what: string, isSo: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + seconds * 1_000; !await isSo();) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}
