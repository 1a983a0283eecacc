import { performance } from 'node:perf_hooks';
import { acceptanceOf, type Delivery } from './delivery';
import type { Acceptance, ProofReport, ProveOptions } from './prove';
import { Random } from './random';
import { type Sequence, simpler, type Step, type Violation } from './sequence';
import type { FaultRule } from '../faults/fault';
import { FaultPlan, type HappenedFault, repeated } from '../faults/fault-plan';

const DELIVERIES = 200;
const CONCURRENCY = 4;
const PAUSE_MILLIS = [0, 20] as const;
/** The pauses become so many times longer after many attempts. */
const PATIENCE_MAX = 5;
const ATTEMPTS_MAX = 150;
/** The share of the deliveries that happen after records have expired. */
const LATE_SHARE = 0.15;
/** How a key is delivered. */
const MANNERS = { plain: 37, repeats: 30, concurrent: 33 };
const BESIDE_MILLIS = 1_500;
/** How long the search for a shorter sequence may take, and how often a sequence is tried that depends on the time. */
const SHRINK_MILLIS = 30_000;
const TRIES = 3;
/** The most characters of a reason. */
const REASON_MAX = 500;

/** A key of the run. */
interface Entry {
  readonly key: string;
  readonly number: number;
  readonly givesUp: boolean;
  readonly steps: Step[];
  /** The result in the present phase. */
  acceptance?: Acceptance;
  /** What its last delivery without a result returned or threw. */
  reason?: unknown;
  /** Whether any delivery was accepted. */
  isDone?: boolean;
}

/** One run of `prove`. */
export class Proof<E> {
  private readonly seed: string;
  private readonly random: Random;
  private readonly plan: FaultPlan;
  private readonly entries: Entry[] = [];
  private readonly began = performance.now();
  private count = 0;
  private replays = 0;
  private isHalted = false;
  private checking?: Promise<void>;

  constructor(private readonly options: ProveOptions<E>) {
    this.seed = String(options.seed ?? 1);
    this.random = new Random(this.seed);
    this.plan = options.faults ?? new FaultPlan();
  }

  public async run(): Promise<ProofReport> {
    const { deliveries = DELIVERIES, expire, due } = this.options;
    const early = Math.ceil(deliveries * (1 - LATE_SHARE));
    await this.traffic(() => this.delivered < early, async () => {
      await due?.(this.delivered / early);
      await this.next();
    });
    await this.recover();
    if (!this.isHalted) await expire?.();
    const late = this.shuffled();
    const enough = Math.max(deliveries, this.delivered + deliveries * LATE_SHARE);
    await this.traffic(() => this.delivered < enough && late.length > 0, () => this.again(late.pop()!));
    await this.recover();
    return this.report();
  }

  private get delivered(): number {
    return this.options.delivered?.() ?? this.count;
  }

  private async traffic(isMore: () => boolean, next: () => Promise<void>): Promise<void> {
    this.plan.isCalm = false;
    let isOver = false;
    const { beside, concurrency = CONCURRENCY } = this.options;
    const beneath = (async () => {
      while (beside && !isOver && !this.isHalted) {
        await beside();
        await passed(BESIDE_MILLIS);
      }
    })();
    await Promise.all(Array.from({ length: concurrency }, async () => {
      while (isMore() && !this.isHalted) {
        this.options.signal?.throwIfAborted();
        await next();
      }
    }));
    isOver = true;
    await beneath;
  }

  private async recover(): Promise<void> {
    if (this.isHalted) return;
    this.plan.isCalm = true;
    await this.options.recover?.(({ givesUp }) => this.next(givesUp));
  }

  /** The first deliveries of a new key. */
  private async next(givesUp?: boolean): Promise<void> {
    const number = this.entries.length;
    const random = this.random.of('key', number);
    const manner = random.pick(MANNERS);
    const isLost = givesUp ?? random.chance(this.options.givesUpShare ?? 0);
    const entry: Entry = { key: `key-${number}`, number, givesUp: isLost, steps: [] };
    this.entries.push(entry);
    const copies = manner === 'concurrent' && !isLost ? random.between(2, 5) : 1;
    await this.deliver(entry, random, 0, false, copies);
    if (isLost) return;
    await this.untilAccepted(entry, random, false);
    const again = manner === 'repeats' ? random.between(1, 3) : 0;
    for (let i = 0; i < again && !this.isHalted; i++) await this.deliver(entry, random, 1_000 + i, false);
  }

  /** The deliveries of a key after the records expired. */
  private async again(entry: Entry): Promise<void> {
    const random = this.random.of('late', entry.number);
    entry.steps.push('expire');
    entry.acceptance = undefined;
    await this.deliver(entry, random, 0, true);
    if (!entry.givesUp) await this.untilAccepted(entry, random, true);
  }

  private async untilAccepted(entry: Entry, random: Random, isLate: boolean): Promise<void> {
    const [min, max] = this.options.pauseMillis ?? PAUSE_MILLIS;
    for (let attempt = 1; entry.acceptance === 'again' && attempt < ATTEMPTS_MAX && !this.isHalted; attempt++) {
      await passed(random.between(min, max) * Math.min(1 + attempt / 2, PATIENCE_MAX));
      await this.deliver(entry, random, attempt, isLate);
    }
  }

  private async deliver(entry: Entry, random: Random, attempt: number, isLate: boolean, copies = 1): Promise<void> {
    const records = Array.from({ length: copies }, (): HappenedFault[] => []);
    const results = await Promise.all(records.map((record, copy) => {
      const id = `${entry.number}-${isLate ? 'late' : 'early'}-${attempt}-${copy}`;
      const faults = this.plan.ruleFor(this.options.sender ?? 'handler', this.random.of('delivery', id), 1, record);
      return this.send({ key: entry.key, number: entry.number, id, attempt: attempt + copy, isLate, givesUp: entry.givesUp, random, faults }, entry);
    }));
    entry.steps.push({ deliveries: records });
    entry.acceptance = results.find(result => result !== 'again') ?? (entry.acceptance === 'done' ? 'done' : 'again');
    entry.isDone ||= results.includes('done');
    await this.check();
  }

  private async send(delivery: Delivery, entry?: Entry): Promise<Acceptance> {
    this.count++;
    let result: unknown;
    let acceptance: Acceptance = 'again';
    try {
      result = await this.options.deliver(delivery);
      acceptance = acceptanceOf(result);
    } catch (error) {
      result = error; // the source has no result
    }
    if (entry && acceptance === 'again') entry.reason = result;
    return acceptance;
  }

  /** Ends the run at the first key with a second effect. One check at a time. */
  private async check(): Promise<void> {
    if (this.options.stopsAtFirst === false || this.isHalted) return;
    this.checking ??= this.violations().then(({ twice }) => {
      this.checking = undefined;
      this.isHalted ||= twice.length > 0;
    });
    await this.checking;
  }

  private async countOf(): Promise<{ all: number; byKey: Map<string, number> }> {
    const effects = await this.options.effects();
    const byKey = new Map<string, number>();
    for (const effect of effects) byKey.set(this.options.key(effect), (byKey.get(this.options.key(effect)) ?? 0) + 1);
    return { all: effects.length, byKey };
  }

  private async violations() {
    const { all, byKey } = await this.countOf();
    const known = new Set(this.entries.map(({ key }) => key));
    return {
      effects: all,
      twice: this.entries.filter(({ key }) => (byKey.get(key) ?? 0) > 1),
      never: this.entries.filter(({ key, isDone }) => isDone && !byKey.has(key)),
      unknown: [...byKey].filter(([key]) => !known.has(key)).reduce((sum, [, count]) => sum + count, 0),
    };
  }

  private async report(): Promise<ProofReport> {
    const { twice, effects, ...found } = await this.violations();
    const [never, stuck] = this.isHalted ? [[], []] : [found.never, this.entries.filter(({ acceptance, givesUp }) => acceptance === 'again' && !givesUp)];
    const { length: keys } = this.entries;
    const deliveries = this.delivered;
    const shortest = (entries: Entry[]) => [...entries].sort((a, b) => a.steps.length - b.steps.length)[0];
    const [entry, violation]: [Entry | undefined, Violation] = twice.length > 0 ? [shortest(twice), 'twice'] : [shortest(never), 'never'];
    return {
      seed: this.seed,
      deliveries,
      keys,
      effects,
      twice: twice.map(({ key }) => key),
      never: never.map(({ key }) => key),
      unknown: found.unknown,
      stuck: stuck.map(({ key }) => key),
      stuckReason: stuck.length > 0 ? textOf(stuck[0].reason) : undefined,
      faults: Object.fromEntries([...this.plan.happened].sort()),
      points: Object.fromEntries(this.plan.points),
      sequence: entry && await this.shortened(entry, violation),
      seconds: Math.round((performance.now() - this.began) / 1_000),
    };
  }

  /** Plays the sequence of a key again with new keys, simplified step by step, as long as the violation remains. */
  private async shortened({ key, steps }: Entry, violation: Violation): Promise<Sequence> {
    const { shortenMillis = SHRINK_MILLIS } = this.options;
    if (shortenMillis === 0) return { key, violation, steps, isReproduced: false };
    const end = performance.now() + shortenMillis;
    this.plan.isCalm = true; // the replays have the faults of their sequence only
    const isViolated = async (candidate: readonly Step[]) => {
      for (let tries = candidate.some(step => step !== 'expire' && step.deliveries.length > 1) ? TRIES : 1; tries > 0; tries--) {
        if (performance.now() > end) return false;
        this.options.signal?.throwIfAborted();
        if (await this.replay(candidate, violation)) return true;
      }
      return false;
    };
    if (!await isViolated(steps)) return { key, violation, steps, isReproduced: false };
    let best: readonly Step[] = steps;
    for (let found: readonly Step[] | undefined = best; found;) {
      found = undefined;
      for (const candidate of simpler(best)) {
        if (!candidate.some(step => step !== 'expire') || !await isViolated(candidate)) continue;
        best = found = candidate;
        break;
      }
    }
    return { key, violation, steps: best, isReproduced: true };
  }

  /** Plays a sequence with a new key, and returns whether the result is the violation. */
  private async replay(steps: readonly Step[], violation: Violation): Promise<boolean> {
    const number = this.entries.length + this.replays++;
    const random = this.random.of('replay', number);
    const key = `key-${number}`;
    let acceptance: Acceptance = 'again';
    const deliver = async (attempt: number, rules: readonly FaultRule[]) => {
      const results = await Promise.all(rules.map((faults, copy) =>
        this.send({ key, number, id: `${number}-replay-${attempt}-${copy}`, attempt, isLate: false, givesUp: false, random, faults })));
      if (acceptance === 'again') acceptance = results.find(result => result !== 'again') ?? 'again';
    };
    for (const [attempt, step] of steps.entries()) {
      if (step === 'expire') await this.options.expire?.();
      else await deliver(attempt, step.deliveries.map(repeated));
    }
    const count = async () => (await this.countOf()).byKey.get(key) ?? 0;
    if (violation === 'twice' && await count() > 1) return true;
    for (let attempt = steps.length; violation === 'never' && (acceptance as Acceptance) === 'again' && attempt < ATTEMPTS_MAX; attempt++) {
      await deliver(attempt, [() => undefined]);
    }
    if (!this.isHalted) await this.options.recover?.(async () => undefined); // a run that was halted had the effects before
    const effects = await count();
    return violation === 'twice' ? effects > 1 : effects === 0 && (acceptance as Acceptance) === 'done';
  }

  private shuffled(): Entry[] {
    const random = this.random.of('late order');
    return this.entries.map(entry => ({ entry, place: random.next() })).sort((a, b) => a.place - b.place).map(({ entry }) => entry);
  }
}

function textOf(reason: unknown): string {
  return (reason instanceof Error ? String(reason) : JSON.stringify(reason) ?? String(reason)).slice(0, REASON_MAX);
}

async function passed(millis: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, millis));
}
