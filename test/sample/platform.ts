import type { Context } from 'aws-lambda';
import { EVENTS, type Request } from './http/events';
import { DynamoDb } from '../support/dynamo-db';
import { contextWith, type Handler, newEnvironment, setEnvironment } from '../support/environments';
import { FakeServices } from '../support/fake-services';
import { Postgres } from '../support/postgres';
import { Provider } from '../support/provider';

export const REQUEST = { amount: 1_250, currency: 'EUR', customer: 'ada' };
export const WEBHOOK_SECRET = 'whsec_of_the_tests';

/** How long after an invocation of ten seconds a charge may come. */
const UNDER_WAY_SECONDS = 30;

const DATABASE = ['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER'];
const IDEMPOTENCY = ['IDEMPOTENCY_TABLE', 'IDEMPOTENCY_KEY_PREFIX', 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS'];

/** What the stack sets for each handler, and without which it can't work. */
export const NEEDS: Record<string, string[]> = {
  pay: [...DATABASE, ...IDEMPOTENCY, 'EVENT_BUS', 'PROVIDER_URL', 'PROVIDER_KEY_SECRET', 'CHARGE_UNDER_WAY_SECONDS'],
  settle: [...DATABASE, ...IDEMPOTENCY, 'EVENT_BUS'],
  reconcile: [...DATABASE, 'EVENT_BUS', 'PROVIDER_URL', 'PROVIDER_KEY_SECRET', 'STUCK_AFTER_SECONDS', 'ABANDON_AFTER_SECONDS'],
  webhook: ['SETTLEMENTS_QUEUE_URL', 'WEBHOOK_SECRET'],
  migrate: DATABASE,
};

/** An answer of the API, read. */
export interface Answered {
  readonly status: number;
  readonly body: any;
  readonly headers: Record<string, string>;
}

/** All that the sample's handlers meet: DynamoDB, PostgreSQL, the provider, SQS, EventBridge and the secrets. */
export class Platform {
  public readonly dynamoDb = new DynamoDb();
  public readonly postgres = new Postgres();
  public readonly provider = new Provider();
  public readonly services = new FakeServices();
  private turn = 0;

  public async start(prefix: string, own: Record<string, string> = {}): Promise<void> {
    await Promise.all([this.dynamoDb.start('Idempotency'), this.postgres.start(), this.provider.start(), this.services.start()]);
    Object.assign(this.services.secrets, { ProviderKey: 'sk_of_the_tests', WebhookSecret: WEBHOOK_SECRET });
    setEnvironment(this.dynamoDb, {
      ...this.postgres.environment,
      ...this.services.environment,
      IDEMPOTENCY_KEY_PREFIX: prefix,
      PROVIDER_URL: this.provider.url,
      PROVIDER_KEY_SECRET: 'ProviderKey',
      WEBHOOK_SECRET: 'WebhookSecret',
      SETTLEMENTS_QUEUE_URL: this.services.queueUrl,
      EVENT_BUS: 'payments',
      CHARGE_UNDER_WAY_SECONDS: String(UNDER_WAY_SECONDS),
      STUCK_AFTER_SECONDS: '60',
      ABANDON_AFTER_SECONDS: '3600',
      ...own,
    });
  }

  public reset(): void {
    this.dynamoDb.done.length = 0;
    this.dynamoDb.faults = this.postgres.faults = () => undefined;
    this.provider.reset();
    this.services.reset();
  }

  public async stop(): Promise<void> {
    this.provider.stop();
    this.services.stop();
    await Promise.all([this.dynamoDb.stop(), this.postgres.stop()]);
  }

  /** Environments of a handler that take turns, so that a repetition always meets another one. */
  public takingTurns<E, R>(count: number, load: () => { handler: Handler<E, R> }): Handler<E, R> {
    const environments = Array.from({ length: count }, () => newEnvironment(load));
    return (event, context) => environments[this.turn++ % count](event, context);
  }

  /** As if that much time had gone by since anybody touched a payment. */
  public async age(seconds: number): Promise<void> {
    await this.postgres.rows("UPDATE payments SET touched_at = touched_at - make_interval(secs => $1) WHERE status = 'pending'", [seconds]);
    if (seconds > UNDER_WAY_SECONDS + 10) await this.dynamoDb.lapse('Idempotency');
    await this.postgres.rows('UPDATE outbox SET created_at = created_at - make_interval(secs => $1) WHERE published_at IS NULL', [seconds]);
  }
}

/** Sends a request through an HTTP API. */
export async function send(handler: Handler<unknown, any>, request: Request, remaining = 10_000, entrance = 'httpApi'): Promise<Answered> {
  const result = await handler(EVENTS[entrance](request), contextWith(remaining) as Context);
  return { status: result.statusCode, body: JSON.parse(result.body), headers: result.headers };
}
