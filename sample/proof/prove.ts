import { performance } from 'node:perf_hooks';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { Client } from 'pg';
import { audit, type Findings } from './audit';
import { Customers, type Intent, passed } from './customers';
import { Mishaps } from './mishaps';
import { Notices } from './notices';
import { Random } from './random';
import { Cloud } from '../local/cloud';
import type { BatchTurn } from '../local/lambda/queue-poller';
import type { Message } from '../local/services/queues';

export interface ProofOptions {
  readonly assembly: CloudAssembly;
  readonly stackName: string;
  readonly deliveries: number;
  readonly seed: string;
  readonly node: string;
  /** The share of invocations for which something is planned to go wrong. */
  readonly faults?: number;
  /** How many milliseconds the provider takes for a charge, at least and at most. */
  readonly chargeMillis?: readonly [number, number];
  /** Other code for a function, to see what the proof finds. */
  readonly code?: (functionId: string, asset: string) => string;
  /** Ends the run at the first double charge, with the books as they are then. */
  readonly haltsAtDoubleCharge?: boolean;
  readonly progress?: (line: string) => void;
  /** Ends the run immediately and removes everything. */
  readonly signal?: AbortSignal;
}

export interface Verdict extends Findings {
  readonly seed: string;
  readonly asked: number;
  readonly deliveries: Record<string, number>;
  readonly faults: Record<string, number>;
  readonly points: ReturnType<typeof pointsOf>;
  readonly processes: number;
  readonly poison: number;
  readonly seconds: number;
}

/** Shorter than in the stack, so that a run ends today; the arithmetic between them is the same. */
const TIMEOUT_MS = 4_000;
const VISIBILITY_MS = 6_000;
const STUCK_SECONDS = 5;
const ABANDON_SECONDS = 20;
const CHARGE_MILLIS = [2, 40] as const;
const CUSTOMERS_AT_ONCE = 16;
const ENVIRONMENTS = 6;
/** The share of the deliveries that come days later, when records and the provider's keys are gone. */
const LATE_SHARE = 0.15;
/** From how many deliveries on a process is killed at each point in any case: there are some forty, twice. */
const EVERY_POINT_FROM = 1_000;
/** Deliveries of a batch that was worked off already, and of one that is being worked on. */
const KEPT_SHARE = 0.06;
const DOUBLED_SHARE = 0.06;

/** Delivers, breaks what can break, lets the reconciliation run, and compares the books. */
export async function prove(options: ProofOptions): Promise<Verdict> {
  const run = new Run(options);
  const stopped = new Promise<never>((_, reject) => options.signal?.addEventListener('abort', () => reject(new Stopped('stopped'))));
  stopped.catch(() => undefined); // it may come before or after the race
  try {
    await run.start();
    return await Promise.race([run.verdict(), stopped]);
  } finally {
    await run.stop();
  }
}

/** Somebody ended the run. */
export class Stopped extends Error {}

class Run {
  private readonly random: Random;
  private readonly mishaps: Mishaps;
  private readonly delivered: Record<string, number> = {};
  private readonly began = performance.now();
  private cloud!: Cloud;
  private customers!: Customers;
  private notices!: Notices;
  private token = '';
  private batches = 0;
  private runs = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly options: ProofOptions) {
    this.random = new Random(options.seed);
    this.mishaps = new Mishaps(options.faults ?? 0.35, options.deliveries >= EVERY_POINT_FROM);
  }

  public async start(): Promise<void> {
    const { assembly, stackName, node, code, chargeMillis = CHARGE_MILLIS } = this.options;
    const chargeTime = this.random.of('charge time');
    this.cloud = await Cloud.start({
      assembly,
      stackName,
      node,
      code,
      maxEnvironments: ENVIRONMENTS,
      timeoutMs: TIMEOUT_MS,
      visibilityMs: VISIBILITY_MS,
      variables: { STUCK_AFTER_SECONDS: String(STUCK_SECONDS), ABANDON_AFTER_SECONDS: String(ABANDON_SECONDS) },
      provider: {
        charged: charge => this.notices.of(charge, this.cloud.provider.charges.length),
        chargeMillis: () => chargeTime.between(...chargeMillis),
      },
      fateOf: (id, event) => this.fateOfRequest(id, event),
      turnOf: (_queue, messages) => this.turnOf(messages),
    });
    this.token = this.cloud.demoToken('merchant-1');
    this.customers = new Customers(this.random, (...request) => this.post(...request), () => this.isHalted);
    const { queue } = this.settlements();
    this.notices = new Notices(this.random, this.cloud.webhookSecret, (...hook) => this.hook(...hook), queue);
    const { progress } = this.options;
    if (progress) this.timer = setInterval(() => progress(`${this.count} deliveries, ${this.cloud.provider.charges.length} charges, ${this.seconds} s`), 10_000);
  }

  public async verdict(): Promise<Verdict> {
    const { deliveries } = this.options;
    const early = deliveries * (1 - LATE_SHARE);
    await this.traffic(() => this.count < early, () => this.customers.next());
    await this.recover();
    await this.daysPass();
    const late = this.shuffled(this.customers.intents);
    const enough = Math.max(deliveries, this.count + deliveries * LATE_SHARE);
    await this.traffic(() => this.count < enough && late.length > 0, () => this.customers.repeat(late.pop()!));
    await this.recover();
    const findings = await audit(this.cloud, this.customers, this.notices);
    return {
      ...findings,
      seed: this.options.seed,
      asked: deliveries,
      deliveries: this.delivered,
      faults: Object.fromEntries([...this.mishaps.happened].sort()),
      points: pointsOf(this.mishaps),
      processes: [...this.cloud.functions.values()].reduce((sum, fn) => sum + fn.started, 0),
      poison: this.notices.poisonCount,
      seconds: this.seconds,
    };
  }

  public async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.cloud?.stop();
  }

  private get count(): number {
    return Object.values(this.delivered).reduce((sum, n) => sum + n, 0);
  }

  private get seconds(): number {
    return Math.round((performance.now() - this.began) / 1_000);
  }

  private get isDouble(): boolean {
    const { charges } = this.cloud.provider;
    return new Set(charges.map(({ amount }) => this.customers.intentOf(amount))).size < charges.length;
  }

  private get isHalted(): boolean {
    return this.options.haltsAtDoubleCharge === true && this.isDouble;
  }

  /** Lets customers come, some at a time, while there is more to do; the reconciliation runs beside them. */
  private async traffic(isMore: () => boolean, next: () => Promise<void>): Promise<void> {
    this.mishaps.isCalm = false;
    let isOver = false;
    const reconciling = (async () => {
      while (!isOver) {
        await this.reconcile();
        await passed(1_500);
      }
    })();
    await Promise.all(Array.from({ length: CUSTOMERS_AT_ONCE }, async () => {
      while (isMore() && !this.isHalted) await next();
    }));
    isOver = true;
    await reconciling;
  }

  /** Nothing goes wrong any more, time passes, an operator sends the dead letters again: then all must come right. */
  private async recover(): Promise<void> {
    if (this.isHalted) return;
    this.mishaps.isCalm = true;
    await this.notices.sent();
    for (let round = 0, isWork = true; isWork && round < 20; round++) {
      await this.query("UPDATE payments SET touched_at = touched_at - interval '2 days' WHERE status = 'pending'");
      await this.query("UPDATE outbox SET created_at = created_at - interval '2 days' WHERE published_at IS NULL");
      const done = await this.reconcile();
      await this.notices.sent();
      const moved = await this.drained();
      isWork = moved > 0 || done === undefined || done.booked + done.abandoned + done.published > 0;
    }
  }

  /** Idempotency records expire, and the provider forgets its keys: the ledger alone remembers. */
  private async daysPass(): Promise<void> {
    const { db, provider, stack } = this.cloud;
    for (const [table] of stack.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')) {
      const items = await db.items(table);
      await Promise.all(items.map(({ id }) => db.call('DeleteItem', { TableName: table, Key: { id } })));
      this.mishaps.count('records expired', items.length);
    }
    provider.forgetKeys();
  }

  /** Works the queue off, the dead letters once more; the poison stays there. */
  private async drained(): Promise<number> {
    const { queue, deadLetters } = this.settlements();
    while (queue.messages.size > 0 || this.cloud.isPolling) {
      if (!this.cloud.isPolling) queue.show();
      await passed(20);
    }
    const moved = deadLetters.moveTo(queue, message => !this.notices.isPoison(message));
    if (moved > 0) this.mishaps.count('redriven by hand', moved);
    return moved;
  }

  private async reconcile(): Promise<{ booked: number; abandoned: number; published: number } | undefined> {
    const name = 'reconciliations';
    this.note(name, 1);
    const outcome = await this.cloud.function('Reconcile').invoke({}, this.mishaps.fate('reconcile', this.random.of(name, this.runs++), 2));
    return outcome.kind === 'answer' ? outcome.payload : undefined;
  }

  private post(key: string, body: unknown, delivery: string) {
    return this.request('/payments', JSON.stringify(body), { 'authorization': `Bearer ${this.token}`, 'idempotency-key': key, 'x-delivery': delivery });
  }

  private async hook(body: string, signature: string, delivery: string): Promise<number | undefined> {
    return (await this.request('/webhooks/provider', body, { 'x-signature': signature, 'x-delivery': delivery }))?.status;
  }

  private async request(path: string, body: string, headers: Record<string, string>): Promise<{ status: number; body: any } | undefined> {
    this.note(path === '/payments' ? 'payment requests' : 'webhooks', 1);
    try {
      const response = await fetch(`${this.cloud.url}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
      return { status: response.status, body: await response.json().catch(() => undefined) };
    } catch {
      return undefined;
    }
  }

  private fateOfRequest(id: string, { headers, rawPath }: { headers: Record<string, string>; rawPath: string }) {
    const name = /^[A-Z][a-z]*/.exec(id)![0].toLowerCase();
    return this.mishaps.fate(name, this.random.of(rawPath, headers['x-delivery'] ?? ''));
  }

  private turnOf(messages: Message[]): BatchTurn {
    const random = this.random.of('batch', this.batches++);
    this.note('queue messages', messages.length);
    const fate = this.mishaps.fate('settle', random, Math.ceil(messages.length / 2));
    const isKept = random.chance(KEPT_SHARE) && !this.mishaps.isCalm;
    const isDoubled = random.chance(DOUBLED_SHARE) && !this.mishaps.isCalm;
    if (isKept) this.mishaps.count('batch delivered again');
    if (isDoubled) {
      this.mishaps.count('batch delivered twice concurrently');
      this.note('queue messages', messages.length);
    }
    return { fate, isKept, isDoubled };
  }

  private settlements() {
    const { queues } = this.cloud;
    const queue = queues.all().find(({ name, definition }) => definition.deadLetters && name.startsWith('Settlements'))!;
    const deadLetters = queues.queue(queue.definition.deadLetters!.queue);
    return { queue, deadLetters };
  }

  private shuffled(intents: readonly Intent[]): Intent[] {
    const random = this.random.of('late order');
    return intents.map(intent => ({ intent, place: random.next() })).sort((a, b) => a.place - b.place).map(({ intent }) => intent);
  }

  private note(what: string, by: number): void {
    this.delivered[what] = (this.delivered[what] ?? 0) + by;
  }

  private async query(text: string): Promise<void> {
    const { host, port, database } = this.cloud.ledger;
    const client = new Client({ host, port, database, user: 'postgres' });
    await client.connect();
    await client.query(text).finally(() => client.end());
  }
}

/** Where a process was killed: of how many places between two side effects. */
function pointsOf(mishaps: Mishaps) {
  const points = [...mishaps.points].map(([name, counts]) => ({ name, ...counts }));
  return {
    all: points.length,
    killedBefore: points.filter(({ killedBefore }) => killedBefore > 0).length,
    killedAfter: points.filter(({ killedAfter }) => killedAfter > 0).length,
    missed: points.filter(({ killedBefore, killedAfter }) => killedBefore === 0 || killedAfter === 0),
  };
}
