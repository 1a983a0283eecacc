import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nextVersions } from './broken/bundle';
import { provePayments, Stopped } from './prove';
import { failures, table } from './report';
import { nodeOfRuntime } from '../../testing/src';
import { STACK, synthesised } from '../local/app';

/** `npm run prove -- --deliveries 10000 --seed 7`: exits with 1 when a number that must be 0 is not. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { deliveries: { type: 'string', default: '10000' }, seed: { type: 'string', default: String(randomInt(1e6)) } } });
  const deliveries = Number(values.deliveries);
  if (!Number.isInteger(deliveries) || deliveries < 1) throw new Error(`--deliveries must be a positive whole number, got '${values.deliveries}'`);
  const outdir = mkdtempSync(join(tmpdir(), 'payments-proof-'));
  process.on('exit', () => rmSync(outdir, { recursive: true, force: true }));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const { path: node, remark } = await nodeOfRuntime();
  console.log(`${deliveries} deliveries under ${remark}, seed ${values.seed}`);
  const verdict = await provePayments({
    assembly: synthesised(outdir),
    stackName: STACK,
    deliveries,
    seed: values.seed,
    node,
    releases: nextVersions(join(outdir, 'next')),
    progress: line => console.log(`  ${line}`),
    signal: stop.signal,
  });
  console.log(['', ...table(verdict)].join('\n'));
  process.exit(failures(verdict) === 0 ? 0 : 1);
}

main().catch(error => {
  console.error(error instanceof Stopped ? error.message : error);
  process.exit(1); // customers of a run that was stopped would go on asking
});
