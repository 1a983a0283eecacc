import type { HappenedFault } from '../faults/fault-plan';

/** A step of a sequence: deliveries of the same key at the same time, each with its faults, or the expiry of records. */
export type Step = { readonly deliveries: readonly (readonly HappenedFault[])[] } | 'expire';

/** How the effects of a key differ from exactly one. */
export type Violation = 'twice' | 'never';

/** The shortest sequence of deliveries of one key that violates the proof. */
export interface Sequence {
  readonly key: string;
  readonly violation: Violation;
  readonly steps: readonly Step[];
  /** Whether the sequence was played again with a new key and had the same result. */
  readonly isReproduced: boolean;
}

const DONE: Record<string, string> = {
  kill: 'the process is killed',
  cut: 'the connection is closed',
  silence: 'there is no response until the timeout',
  reject: 'the service rejects',
  throttle: 'the service throttles',
  delay: 'the message is delayed',
  twice: 'the service receives the message two times',
  freeze: 'the process is frozen',
  demote: 'the connection leads to a reader',
};

/** A sequence in words, one line a step. */
export function describe({ violation, steps, isReproduced }: Sequence): string[] {
  const result = violation === 'twice' ? 'the effect happened more than once' : 'the effect never happened';
  return [
    `${result} for one key. The shortest sequence found${isReproduced ? '' : ' (it depends on the time, and was not reproduced)'}:`,
    ...steps.map((step, i) => `  ${i + 1}. ${textOf(step, i)}`),
  ];
}

function textOf(step: Step, index: number): string {
  if (step === 'expire') return 'the records expire';
  const times = step.deliveries.length > 1 ? `${step.deliveries.length} deliveries at the same time` : index === 0 ? 'a delivery' : 'the same delivery again';
  const faults = step.deliveries.flat().map(({ fault, message, nth }) => `${DONE[fault.kind]} ${fault.when} ${message}${nth > 1 ? ` (number ${nth})` : ''}`);
  return [times, ...faults].join('; ');
}

/** All sequences that are one simplification shorter: without a step, without a concurrent delivery, without a fault. */
export function simpler(steps: readonly Step[]): Step[][] {
  const replaced = (index: number, ...by: Step[]) => [...steps.slice(0, index), ...by, ...steps.slice(index + 1)];
  return steps.flatMap((step, i) => {
    if (step === 'expire') return [replaced(i)];
    const { deliveries } = step;
    const fewer = deliveries.length > 1 ? deliveries.map((_, j) => replaced(i, { deliveries: deliveries.filter((_each, k) => k !== j) })) : [];
    const calmer = deliveries.flatMap((faults, j) => faults.map((_, f) =>
      replaced(i, { deliveries: deliveries.map((own, k) => k === j ? own.filter((_each, g) => g !== f) : own) })));
    return [replaced(i), ...fewer, ...calmer];
  });
}
