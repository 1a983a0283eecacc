import { performance } from 'node:perf_hooks';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { audit, type Findings } from './audit';
import { Customers } from './customers';
import { Incidents } from './incidents';
import { Notices } from './notices';
import { CHARGE_MILLIS, LISTED_MS, PAUSE_MILLIS, SKEW_MS, SLOW_MILLIS, STUCK_SECONDS, TIMEOUT_MS, underWaySeconds, VISIBILITY_MS } from './pace';
import { type Reconcile, Recovery } from './recovery';
import { Requests } from './requests';
import { type Delivery, type Fault, FaultPlan, type FaultRule, pointsOf, ProofError, type ProofReport, prove, Random, type Sequence } from '../../testing/src';
import { Cloud } from '../local/cloud';
import type { BatchTurn } from '../local/queue-poller';
import type { Message } from '../local/services/queues';

export interface PaymentsProofOptions {
  readonly assembly: CloudAssembly;
  readonly stackName: string;
  readonly deliveries: number;
  readonly seed: string;
  readonly node: string;
  /** How many customers come at a time, and in how many environments each function runs at most: fewer on a busy machine. */
  readonly customersAtOnce?: number;
  readonly environments?: number;
  /** The share of invocations for which something is planned to go wrong. */
  readonly faults?: number;
  /** How many milliseconds the provider takes for a charge, at least and at most; most are fast and some slow when absent. */
  readonly chargeMillis?: readonly [number, number];
  /** How many milliseconds after a charge the provider lists it, at least and at most. */
  readonly listedMillis?: readonly [number, number];
  /** The share of the charges whose response is an error. */
  readonly failsAfterCharge?: number;
  /** The share of the requests whose booking the database does not get, in addition to the other faults. */
  readonly bookingsFail?: number;
  /** How many payments wait in the ledger after an outage of the provider. */
  readonly outage?: number;
  /** The function all of whose connections lead to a database that only reads, while things go wrong. */
  readonly demoted?: string;
  /** The next version of a function, by the beginning of its id, which some environments run from the middle on. */
  readonly releases?: Readonly<Record<string, string>>;
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
  /** Notices that somebody else signed, and charges that the provider does not settle. */
  readonly forged: number;
  readonly unsettled: number;
  /** The shortest sequence of requests with a double charge. */
  readonly sequence?: Sequence;
  readonly seconds: number;
}

const CUSTOMERS_AT_ONCE = 24;
const ENVIRONMENTS = 6;
/** The share of the customers who send one request and never repeat it. */
const GIVES_UP_SHARE = 0.08;
/** From how many deliveries on a process is killed at each point in any case: there are some forty, twice. */
const EVERY_POINT_FROM = 1_000;
/** The share of charges that are slow, and of charges whose response is an error. */
const SLOW_SHARE = 0.04;
const FAILS_AFTER_CHARGE_SHARE = 0.04;
/** More than the reconciliation reads at a time. */
const OUTAGE = 120;
/** The share of environments that lose their connections to the database while they are frozen, and that run the next version. */
const LOST_SHARE = 0.05;
const NEXT_SHARE = 0.5;
/** Deliveries of a batch that was worked off already, and of one that is being worked on. */
const KEPT_SHARE = 0.06;
const DOUBLED_SHARE = 0.06;

/** Delivers, breaks what can break, lets the reconciliation run, and compares the books. */
export async function provePayments(options: PaymentsProofOptions): Promise<Verdict> {
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
  private readonly plan: FaultPlan;
  private readonly delivered: Record<string, number> = {};
  private readonly began = performance.now();
  private cloud!: Cloud;
  private customers!: Customers;
  private notices!: Notices;
  private requests!: Requests;
  private incidents!: Incidents;
  private recovery!: Recovery;
  private batches = 0;
  private runs = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly options: PaymentsProofOptions) {
    this.random = new Random(options.seed);
    this.plan = new FaultPlan({ share: options.faults ?? 0.35, everyPoint: options.deliveries >= EVERY_POINT_FROM, demoted: options.demoted });
  }

  public async start(): Promise<void> {
    const { assembly, stackName, node, code, deliveries, outage = deliveries >= EVERY_POINT_FROM ? OUTAGE : 0, releases = {} } = this.options;
    const hasFaults = this.options.faults !== 0;
    const [skew, lost] = [this.random.of('clocks'), this.random.of('lost connections')];
    this.cloud = await Cloud.start({
      assembly,
      stackName,
      node,
      code,
      maxEnvironments: this.options.environments ?? ENVIRONMENTS,
      timeoutMs: TIMEOUT_MS,
      visibilityMs: VISIBILITY_MS,
      variables: this.times(),
      provider: this.provider(hasFaults),
      skewMs: hasFaults ? () => skew.between(-SKEW_MS, SKEW_MS) : undefined,
      losesConnections: hasFaults ? () => !this.plan.isCalm && lost.chance(LOST_SHARE) && this.noted('connections lost while frozen') : undefined,
      faultsOf: (_id, { headers }) => this.requests.faultsOf(headers['x-delivery'] ?? ''),
      turnOf: (_queue, messages) => this.turnOf(messages),
    });
    this.requests = new Requests(this.cloud, what => this.note(what, 1));
    this.customers = new Customers(this.random, (key, body, delivery) =>
      this.requests.post(key, body, { ...delivery, faults: this.faultsOf(delivery) }));
    this.recovery = new Recovery(this.cloud, this.plan, () => this.reconcile(), this.listedMillis[1]);
    const { queue } = this.recovery.settlements();
    this.notices = this.recovery.notices = new Notices(this.random, () => this.cloud.webhookSecret, (body, signature, delivery) => this.requests.hook(body, signature, delivery, this.plan.ruleFor('webhook', this.random.of('notice', delivery))), queue);
    const versions = this.random.of('versions');
    this.incidents = new Incidents({
      cloud: this.cloud,
      customers: this.customers,
      plan: this.plan,
      outage,
      releases,
      isNext: () => versions.chance(NEXT_SHARE),
      areSecretsRotated: hasFaults,
      isWarm: () => this.notices.accepted.size > 4,
    });
    const { progress } = this.options;
    if (progress) this.timer = setInterval(() => progress(`${this.count} deliveries, ${this.cloud.provider.charges.length} charges, ${this.seconds} s`), 10_000);
  }

  public async verdict(): Promise<Verdict> {
    const { seed, deliveries, customersAtOnce: concurrency = CUSTOMERS_AT_ONCE, haltsAtDoubleCharge: stopsAtFirst = false } = this.options;
    const { sequence } = await prove({
      seed,
      deliveries,
      concurrency,
      stopsAtFirst,
      shortenMillis: stopsAtFirst ? 0 : undefined,
      deliver: delivery => this.customers.deliver(delivery),
      effects: () => this.cloud.provider.charges,
      key: ({ amount }) => `key-${this.customers.intentOf(amount)?.number}`,
      faults: this.plan,
      sender: 'pay',
      expire: () => this.recovery.daysPass(),
      recover: next => this.recover(next),
      beside: () => this.reconcile(),
      pauseMillis: PAUSE_MILLIS,
      givesUpShare: GIVES_UP_SHARE,
      delivered: () => this.count,
      due: share => this.incidents.due(share),
    }).catch((error): ProofReport => {
      if (error instanceof ProofError) return error.report;
      throw error;
    });
    const findings = await audit(this.cloud, this.customers, this.notices, this.recovery.notReviewed);
    return {
      ...findings,
      seed,
      sequence,
      asked: deliveries,
      deliveries: this.delivered,
      faults: Object.fromEntries([...this.plan.happened].sort()),
      points: pointsOf(this.plan),
      forged: this.notices.forged,
      unsettled: this.notices.unsettled.size,
      processes: [...this.cloud.functions.values()].reduce((sum, fn) => sum + fn.started, 0),
      poison: this.notices.poisonCount,
      seconds: this.seconds,
    };
  }

  public async stop(): Promise<void> {
    clearInterval(this.timer);
    this.notices?.stop();
    await this.cloud?.stop();
  }

  private get count(): number {
    return Object.values(this.delivered).reduce((sum, n) => sum + n, 0);
  }

  private get seconds(): number {
    return Math.round((performance.now() - this.began) / 1_000);
  }

  private get listedMillis(): readonly [number, number] {
    return this.options.listedMillis ?? [0, LISTED_MS];
  }

  private async recover(next: (options: { givesUp: boolean }) => Promise<void>): Promise<void> {
    await this.incidents.outage(next);
    await this.recovery.run();
  }

  private times(): Record<string, string> {
    const { chargeMillis: [, slowest] = SLOW_MILLIS } = this.options;
    const underWay = underWaySeconds(slowest, this.listedMillis[1]);
    return {
      CHARGE_UNDER_WAY_SECONDS: String(underWay),
      STUCK_AFTER_SECONDS: String(STUCK_SECONDS),
      ABANDON_AFTER_SECONDS: String(4 * STUCK_SECONDS + underWay), // a payment is not given up while its charge may come
    };
  }

  private provider(hasFaults: boolean) {
    const { chargeMillis, failsAfterCharge = hasFaults ? FAILS_AFTER_CHARGE_SHARE : 0 } = this.options;
    const [time, list, errors] = [this.random.of('charge time'), this.random.of('list time'), this.random.of('errors after charges')];
    return {
      charged: (charge: Parameters<Notices['of']>[0]) => this.notices.of(charge, this.cloud.provider.charges.length),
      chargeMillis: () => {
        if (chargeMillis) return time.between(...chargeMillis);
        return hasFaults && time.chance(SLOW_SHARE) && this.noted('slow charge') ? time.between(...SLOW_MILLIS) : time.between(...CHARGE_MILLIS);
      },
      listedAfterMillis: () => list.between(...this.listedMillis),
      failsAfterCharge: () => errors.chance(failsAfterCharge) && this.noted('error after a charge'),
    };
  }

  /** Counts something that goes wrong at the provider or between invocations. */
  private noted(what: string): true {
    this.plan.count(what);
    return true;
  }

  private async reconcile(): ReturnType<Reconcile> {
    const name = 'reconciliations';
    this.note(name, 1);
    const outcome = await this.cloud.function('Reconcile').invoke({}, this.plan.ruleFor('reconcile', this.random.of(name, this.runs++), 2));
    return outcome.kind === 'answer' ? outcome.payload : undefined;
  }

  /** The faults of a request, with what this run does in addition. */
  private faultsOf({ number, id, faults }: Delivery): FaultRule {
    if (this.incidents.isVictim(number)) return at('POST /charges', { kind: 'kill', when: 'after' });
    if (!this.random.of('booking', id).chance(this.options.bookingsFail ?? 0)) return faults;
    return message => at('UPDATE payments', { kind: 'cut', when: 'before' })(message) ?? faults(message);
  }

  private turnOf(messages: Message[]): BatchTurn {
    const random = this.random.of('batch', this.batches++);
    this.note('queue messages', messages.length);
    const faults = this.plan.ruleFor('settle', random, Math.ceil(messages.length / 2));
    const isKept = random.chance(KEPT_SHARE) && !this.plan.isCalm;
    const isDoubled = random.chance(DOUBLED_SHARE) && !this.plan.isCalm;
    if (isKept) this.plan.count('batch delivered again');
    if (isDoubled) {
      this.plan.count('batch delivered twice concurrently');
      this.note('queue messages', messages.length);
    }
    return { faults, isKept, isDoubled };
  }

  private note(what: string, by: number): void {
    this.delivered[what] = (this.delivered[what] ?? 0) + by;
  }
}

/** One fault at one kind of message. */
function at(what: string, fault: Fault): FaultRule {
  return message => message.what === what ? fault : undefined;
}
