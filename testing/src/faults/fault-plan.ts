import type { Fault, FaultRule, Message } from './fault';
import type { Random } from '../proof/random';

/** The most messages of one thing that is delivered. A fault that is planned for a later message does not happen. */
const MESSAGES_MAX = 14;

/** The weight of each kind. */
const KINDS: Record<Fault['kind'], number> = { kill: 45, reject: 22, cut: 18, silence: 5, throttle: 4, freeze: 6, delay: 0, twice: 0, demote: 0 };

/** The share of new connections to the database that lead to a reader, and how long DynamoDB throttles. */
const DEMOTED_SHARE = 0.08;
const THROTTLED_MS = 1_000;

const NAMES: Partial<Record<Fault['kind'], string>> = {
  throttle: 'DynamoDB throttled', freeze: 'frozen in an invocation', demote: 'connected to a reader', delay: 'delayed', twice: 'sent twice',
};

/** A kind of message of a sender: how often it was sent, and how often the process was killed there. */
export interface Point {
  passed: number;
  killedBefore: number;
  killedAfter: number;
}

/** A fault that happened in a delivery: at the nth message of this name. */
export interface HappenedFault {
  readonly fault: Fault;
  /** The service and the operation, for example `Provider POST /charges`. */
  readonly message: string;
  readonly nth: number;
}

export interface FaultPlanOptions {
  /**
   * The share of the deliveries for which a fault is planned, from 0 to 1.
   *
   * @default 0.35
   */
  readonly share?: number;
  /**
   * In addition to random faults, the first message of each kind is not sent and after the second its sender is killed: some kinds
   * are rare, and a process that was killed before one is the most likely to send it again.
   *
   * @default true
   */
  readonly everyPoint?: boolean;
  /**
   * The weights of the kinds that are planned.
   *
   * @default - kill 45, reject 22, cut 18, freeze 6, silence 5, throttle 4
   */
  readonly kinds?: Partial<Record<Fault['kind'], number>>;
  /** The sender all of whose connections to PostgreSQL lead to a server that only reads. */
  readonly demoted?: string;
}

/** Plans the faults of deliveries from a seed, and counts the faults that happened. */
export class FaultPlan {
  /** By kind and moment, for example `kill before`. */
  public readonly happened = new Map<string, number>();
  /** The places between two side effects, each with how often a process was killed there. */
  public readonly points = new Map<string, Point>();
  /** Whether no fault happens. */
  public isCalm = false;
  private readonly share: number;
  private readonly everyPoint: boolean;
  private readonly kinds: Record<string, number>;
  private readonly demoted?: string;
  private throttledUntil = 0;

  constructor({ share = 0.35, everyPoint = true, kinds = KINDS, demoted }: FaultPlanOptions = {}) {
    this.share = share;
    this.everyPoint = everyPoint;
    this.kinds = kinds;
    this.demoted = demoted;
  }

  /**
   * The rule of one delivery. `things` is how many things it delivers, for example the messages of a batch; `record` receives
   * each fault that happens.
   */
  public ruleFor(sender: string, numbers: Random, things = 1, record: HappenedFault[] = []): FaultRule {
    const planned = this.plan(numbers);
    const isDemoted = this.share > 0 && (numbers.chance(DEMOTED_SHARE) || sender === this.demoted);
    const nth = numbers.between(1, MESSAGES_MAX * things);
    const seen = new Map<string, number>();
    let count = 0;
    return message => {
      count++;
      const name = `${message.service} ${message.what}`;
      seen.set(name, (seen.get(name) ?? 0) + 1);
      if (this.isCalm) return undefined;
      const point = this.pointOf(sender, name);
      point.passed++;
      const demotion: Fault | undefined = isDemoted && message.what === 'connect' ? { kind: 'demote', when: 'before' } : undefined;
      const random = () => count === nth && planned ? this.fitting(planned, message) : undefined;
      const fault = demotion ?? this.dueAt(point) ?? this.throttled(message) ?? random();
      if (!fault) return undefined;
      record.push({ fault, message: name, nth: seen.get(name)! });
      return this.note(point, fault);
    };
  }

  public count(key: string, by = 1): void {
    this.happened.set(key, (this.happened.get(key) ?? 0) + by);
  }

  private plan(random: Random): Fault | undefined {
    const isPlanned = random.chance(this.share);
    const kind = random.pick(this.kinds) as Fault['kind'];
    const when = random.chance(0.5) || kind === 'reject' || kind === 'throttle' ? 'before' : 'after';
    return isPlanned ? { kind, when } : undefined;
  }

  private pointOf(sender: string, message: string): Point {
    const name = `${sender}: ${message}`;
    const known = this.points.get(name);
    if (known) return known;
    const point = { passed: 0, killedBefore: 0, killedAfter: 0 };
    this.points.set(name, point);
    return point;
  }

  private dueAt({ passed }: Point): Fault | undefined {
    if (!this.everyPoint || passed > 2) return undefined;
    return { kind: 'kill', when: passed === 1 ? 'before' : 'after' };
  }

  /** Only DynamoDB throttles, and then all its callers for a while. */
  private fitting(fault: Fault, { service }: Message): Fault {
    if (fault.kind !== 'throttle') return fault;
    if (service !== 'DynamoDB') return { ...fault, kind: 'reject' };
    this.throttledUntil = Date.now() + THROTTLED_MS;
    return fault;
  }

  private throttled({ service }: Message): Fault | undefined {
    return service === 'DynamoDB' && Date.now() < this.throttledUntil ? { kind: 'throttle', when: 'before' } : undefined;
  }

  private note(point: Point, fault: Fault): Fault {
    const { kind, when } = fault;
    this.count(NAMES[kind] ?? `${kind} ${when}`);
    if (kind === 'kill') point[when === 'before' ? 'killedBefore' : 'killedAfter']++;
    return fault;
  }
}

/** A rule that repeats the faults of another delivery. */
export function repeated(faults: readonly HappenedFault[]): FaultRule {
  const seen = new Map<string, number>();
  return ({ service, what }) => {
    const name = `${service} ${what}`;
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return faults.find(each => each.message === name && each.nth === nth)?.fault;
  };
}

/** Where a process was killed: of how many places between two side effects. */
export function pointsOf(plan: FaultPlan) {
  const points = [...plan.points].map(([name, counts]) => ({ name, ...counts }));
  return {
    all: points.length,
    killedBefore: points.filter(({ killedBefore }) => killedBefore > 0).length,
    killedAfter: points.filter(({ killedAfter }) => killedAfter > 0).length,
    missed: points.filter(({ killedBefore, killedAfter }) => killedBefore === 0 || killedAfter === 0),
  };
}
