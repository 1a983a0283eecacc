import type { Random } from './random';
import type { Fate, Message, Mishap } from '../local/lambda/wire';

/** What one payment or one settlement sends at most. A mishap that is planned for a later message than there are does not happen. */
const MESSAGES_MAX = 14;

/** How often each kind is planned. */
const KINDS: Record<Mishap['kind'], number> = { kill: 45, reject: 22, cut: 18, silence: 5, throttle: 4, freeze: 6, demote: 0 };

/** How often a new connection to the database leads to a reader, and for how long DynamoDB throttles. */
const DEMOTED_SHARE = 0.08;
const THROTTLED_MS = 1_000;

const NAMES: Partial<Record<Mishap['kind'], string>> = { throttle: 'DynamoDB throttled', freeze: 'frozen in an invocation', demote: 'connected to a reader' };

/** A kind of message of a function: how often it was sent, and how often the process was killed there. */
export interface Point {
  passed: number;
  killedBefore: number;
  killedAfter: number;
}

/** Plans what goes wrong in invocations, and counts what did. */
export class Mishaps {
  /** By kind and moment, such as `kill before`. */
  public readonly happened = new Map<string, number>();
  /** Points between two side effects, each with how often it was passed and how often a process was killed there. */
  public readonly points = new Map<string, Point>();
  /** Whether nothing goes wrong. */
  public isCalm = false;
  private throttledUntil = 0;

  /**
   * `everyPoint`: in addition to random faults, the first message of each kind is not sent and after the second its sender is
   * killed. Some kinds are rare, and a process that was killed before one is the most likely to send it again.
   * `demoted`: all connections of this function lead to a server that became a reader.
   */
  constructor(private readonly share: number, private readonly everyPoint: boolean, private readonly demoted?: string) {}

  /** What becomes of one invocation of a function that works on so many things. */
  public fate(functionName: string, random: Random, things = 1): Fate {
    const mishap = this.plan(random);
    const isDemoted = this.share > 0 && (random.chance(DEMOTED_SHARE) || functionName === this.demoted);
    const nth = random.between(1, MESSAGES_MAX * things);
    let count = 0;
    return message => {
      count++;
      if (this.isCalm) return undefined;
      const point = this.pointOf(functionName, message);
      point.passed++;
      if (isDemoted && message.what === 'connect') return this.note(point, { kind: 'demote', when: 'before' });
      const happens = this.dueAt(point) ?? this.throttled(message) ?? (count === nth && mishap ? this.fitting(mishap, message) : undefined);
      return happens && this.note(point, happens);
    };
  }

  public count(key: string, by = 1): void {
    this.happened.set(key, (this.happened.get(key) ?? 0) + by);
  }

  private plan(random: Random): Mishap | undefined {
    const isPlanned = random.chance(this.share);
    const kind = random.pick(KINDS);
    const when = random.chance(0.5) || kind === 'reject' || kind === 'throttle' ? 'before' : 'after';
    return isPlanned ? { kind, when } : undefined;
  }

  private pointOf(functionName: string, { service, what }: Message): Point {
    const name = `${functionName}: ${service} ${what}`;
    const known = this.points.get(name);
    if (known) return known;
    const point = { passed: 0, killedBefore: 0, killedAfter: 0 };
    this.points.set(name, point);
    return point;
  }

  private dueAt({ passed }: Point): Mishap | undefined {
    if (!this.everyPoint || passed > 2) return undefined;
    return { kind: 'kill', when: passed === 1 ? 'before' : 'after' };
  }

  /** Only DynamoDB throttles, and then it throttles everybody for a while. */
  private fitting(mishap: Mishap, { service }: Message): Mishap {
    if (mishap.kind !== 'throttle') return mishap;
    if (service !== 'DynamoDB') return { ...mishap, kind: 'reject' };
    this.throttledUntil = Date.now() + THROTTLED_MS;
    return mishap;
  }

  private throttled({ service }: Message): Mishap | undefined {
    return service === 'DynamoDB' && Date.now() < this.throttledUntil ? { kind: 'throttle', when: 'before' } : undefined;
  }

  private note(point: Point, mishap: Mishap): Mishap {
    const { kind, when } = mishap;
    this.count(NAMES[kind] ?? `${kind} ${when}`);
    if (kind === 'kill') point[when === 'before' ? 'killedBefore' : 'killedAfter']++;
    return mishap;
  }
}

/** Where a process was killed: of how many places between two side effects. */
export function pointsOf(mishaps: Mishaps) {
  const points = [...mishaps.points].map(([name, counts]) => ({ name, ...counts }));
  return {
    all: points.length,
    killedBefore: points.filter(({ killedBefore }) => killedBefore > 0).length,
    killedAfter: points.filter(({ killedAfter }) => killedAfter > 0).length,
    missed: points.filter(({ killedBefore, killedAfter }) => killedBefore === 0 || killedAfter === 0),
  };
}
