import type { Verdict } from './prove';
import { describe } from '../../testing/src';

/** What must be 0. */
export function failures({ doubleCharges, lostPayments, stuck, differingAnswers, forgedSettlements, unclearAnswers }: Verdict): number {
  return doubleCharges + lostPayments + stuck + differingAnswers + forgedSettlements + unclearAnswers;
}

/** The table that a run prints. */
export function table(verdict: Verdict): string[] {
  const { deliveries, faults, points } = verdict;
  const all = Object.values(deliveries).reduce((sum, n) => sum + n, 0);
  return [
    row('deliveries', all),
    ...Object.entries(deliveries).map(([name, n]) => row(`  ${name}`, n)),
    row('faults', Object.entries(faults).filter(([name]) => !/expired|by hand/.test(name)).reduce((sum, [, n]) => sum + n, 0)),
    ...Object.entries(faults).map(([name, n]) => row(`  ${name}`, n)),
    row('kinds of messages', points.all),
    row('  where a process was killed before', points.killedBefore),
    row('  where a process was killed after', points.killedAfter),
    ...points.missed.map(({ name, passed }) => row(`    not both at: ${name}`, passed)),
    row('processes started', verdict.processes),
    row('payments', verdict.payments),
    row('  settled', verdict.settled),
    row('  given up, never charged', verdict.abandoned),
    row('unreadable messages, in the dead-letter queue', verdict.poison),
    row('notices that somebody else signed', verdict.forged),
    row('charges', verdict.charges),
    row('  not settled by the provider', verdict.unsettled),
    row('double charges (0)', verdict.doubleCharges),
    row('lost payments (0)', verdict.lostPayments),
    row('stuck (0)', verdict.stuck),
    row('different responses to one key (0)', verdict.differingAnswers),
    row('settlements by forged notices (0)', verdict.forgedSettlements),
    row('errors without advice to the customer (0)', verdict.unclearAnswers),
    row('seconds', verdict.seconds),
    '',
    `the same plan again: npm run prove -- --deliveries ${verdict.asked} --seed ${verdict.seed}`,
    ...verdict.details.map(detail => `! ${detail}`),
    ...verdict.sequence ? describe(verdict.sequence) : [],
  ];
}

function row(name: string, value: number): string {
  return `${name.padEnd(44)}${value.toLocaleString('en-US').padStart(10)}`;
}
