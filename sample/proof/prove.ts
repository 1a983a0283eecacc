import { performance } from 'node:perf_hooks';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { audit, type Findings } from './audit';
import { Customers, type Intent, passed } from './customers';
import { Incidents } from './incidents';
import { Mishaps, pointsOf } from './mishaps';
import { Notices } from './notices';
import { CHARGE_MILLIS, LISTED_MS, SKEW_MS, SLOW_MILLIS, STUCK_SECONDS, TIMEOUT_MS, underWaySeconds, VISIBILITY_MS } from './pace';
import { Random } from './random';
import { type Reconcile, Recovery } from './recovery';
import { Requests } from './requests';
import { Cloud } from '../local/cloud';
import type { BatchTurn } from '../local/lambda/queue-poller';
import type { Fate, Mishap } from '../local/lambda/wire';
import type { Message } from '../local/services/queues';

export interface ProofOptions {
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
  readonly seconds: number;
}

const CUSTOMERS_AT_ONCE = 24;
const ENVIRONMENTS = 6;
/** The share of the deliveries that come days later, when records and the provider's keys are gone. */
const LATE_SHARE = 0.15;
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
  private incidents!: Incidents;
  private recovery!: Recovery;
  private batches = 0;
  private runs = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly options: ProofOptions) {
    this.random = new Random(options.seed);
    this.mishaps = new Mishaps(options.faults ?? 0.35, options.deliveries >= EVERY_POINT_FROM, options.demoted);
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
      losesConnections: hasFaults ? () => !this.mishaps.isCalm && lost.chance(LOST_SHARE) && this.noted('connections lost while frozen') : undefined,
      fateOf: (id, event) => this.fateOfRequest(id, event),
      turnOf: (_queue, messages) => this.turnOf(messages),
    });
    const requests = new Requests(this.cloud, what => this.note(what, 1));
    this.customers = new Customers(this.random, (...request) => requests.post(...request), () => this.isHalted);
    this.recovery = new Recovery(this.cloud, this.mishaps, () => this.reconcile(), this.listedMillis[1]);
    const { queue } = this.recovery.settlements();
    this.notices = this.recovery.notices = new Notices(this.random, () => this.cloud.webhookSecret, (...hook) => requests.hook(...hook), queue);
    const versions = this.random.of('versions');
    this.incidents = new Incidents({
      cloud: this.cloud,
      customers: this.customers,
      mishaps: this.mishaps,
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
    const { deliveries } = this.options;
    const early = deliveries * (1 - LATE_SHARE);
    await this.traffic(() => this.count < early, async () => {
      await this.incidents.due(this.count / early);
      await this.customers.next();
    });
    await this.recover();
    await this.recovery.daysPass();
    const late = this.shuffled(this.customers.intents);
    const enough = Math.max(deliveries, this.count + deliveries * LATE_SHARE);
    await this.traffic(() => this.count < enough && late.length > 0, () => this.customers.repeat(late.pop()!));
    await this.recover();
    const findings = await audit(this.cloud, this.customers, this.notices, this.recovery.notReviewed);
    return {
      ...findings,
      seed: this.options.seed,
      asked: deliveries,
      deliveries: this.delivered,
      faults: Object.fromEntries([...this.mishaps.happened].sort()),
      points: pointsOf(this.mishaps),
      forged: this.notices.forged,
      unsettled: this.notices.unsettled.size,
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

  private get listedMillis(): readonly [number, number] {
    return this.options.listedMillis ?? [0, LISTED_MS];
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
    await Promise.all(Array.from({ length: this.options.customersAtOnce ?? CUSTOMERS_AT_ONCE }, async () => {
      while (isMore() && !this.isHalted) await next();
    }));
    isOver = true;
    await reconciling;
  }

  private async recover(): Promise<void> {
    if (this.isHalted) return;
    this.mishaps.isCalm = true;
    await this.incidents.outage();
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
    this.mishaps.count(what);
    return true;
  }

  private async reconcile(): ReturnType<Reconcile> {
    const name = 'reconciliations';
    this.note(name, 1);
    const outcome = await this.cloud.function('Reconcile').invoke({}, this.mishaps.fate('reconcile', this.random.of(name, this.runs++), 2));
    return outcome.kind === 'answer' ? outcome.payload : undefined;
  }

  private fateOfRequest(id: string, { headers, rawPath }: { headers: Record<string, string>; rawPath: string }): Fate {
    const name = /^[A-Z][a-z]*/.exec(id)![0].toLowerCase();
    const delivery = headers['x-delivery'] ?? '';
    if (this.incidents.isVictim(delivery)) return at('POST /charges', { kind: 'kill', when: 'after' });
    const fate = this.mishaps.fate(name, this.random.of(rawPath, delivery));
    if (!this.random.of('booking', delivery).chance(this.options.bookingsFail ?? 0)) return fate;
    return message => at('UPDATE payments', { kind: 'cut', when: 'before' })(message) ?? fate(message);
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

  private shuffled(intents: readonly Intent[]): Intent[] {
    const random = this.random.of('late order');
    return intents.map(intent => ({ intent, place: random.next() })).sort((a, b) => a.place - b.place).map(({ intent }) => intent);
  }

  private note(what: string, by: number): void {
    this.delivered[what] = (this.delivered[what] ?? 0) + by;
  }
}

/** One mishap at one kind of message. */
function at(what: string, mishap: Mishap): Fate {
  return message => message.what === what ? mishap : undefined;
}
