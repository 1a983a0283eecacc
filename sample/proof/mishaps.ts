import type { Random } from './random';
import type { Fate, Message, Mishap } from '../local/lambda/wire';

/** What one payment or one settlement sends at most. A mishap that is planned for a later message than there are does not happen. */
const MESSAGES_MAX = 14;

/** How often each kind is planned. */
const KINDS: Record<Mishap['kind'], number> = { kill: 50, reject: 24, cut: 20, silence: 6 };

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

  /**
   * `everyPoint`: in addition to random faults, the first message of each kind is not sent and after the second its sender is
   * killed. Some kinds are rare, and a process that was killed before one is the most likely to send it again.
   */
  constructor(private readonly share: number, private readonly everyPoint: boolean) {}

  /** What becomes of one invocation of a function that works on so many things. */
  public fate(functionName: string, random: Random, things = 1): Fate {
    const mishap = this.plan(random);
    const nth = random.between(1, MESSAGES_MAX * things);
    let count = 0;
    return message => {
      count++;
      if (this.isCalm) return undefined;
      const point = this.pointOf(functionName, message);
      point.passed++;
      const happens = this.dueAt(point) ?? (count === nth ? mishap : undefined);
      if (happens) this.note(point, happens);
      return happens;
    };
  }

  public count(key: string, by = 1): void {
    this.happened.set(key, (this.happened.get(key) ?? 0) + by);
  }

  private plan(random: Random): Mishap | undefined {
    const isPlanned = random.chance(this.share);
    const kind = random.pick(KINDS);
    const when = random.chance(0.5) || kind === 'reject' ? 'before' : 'after';
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

  private note(point: Point, { kind, when }: Mishap): void {
    this.count(`${kind} ${when}`);
    if (kind === 'kill') point[when === 'before' ? 'killedBefore' : 'killedAfter']++;
  }
}
