import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { Customer } from './customer';
import { ProviderServer } from './provider-server';
import { deploy, MiniStack, nodeOfRuntime, Postgres, toLocalProfile, UnavailableError } from '../../testing/src';
import { STACK, synthesised } from '../local/app';

/** Somebody or the clock ended the run. */
class StoppedError extends Error {}

const LEDGER = 'ledger';
const LOGINS = ['migrate', 'pay', 'settle', 'reconcile'];
const MAX_MINUTES = 4;

/** `npm run sample:cloud`: deploys the sample into an account on this machine, goes through it once, and removes all of it. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort(new StoppedError('stopped; nothing is left behind')));
  const limit = setTimeout(() => stop.abort(new StoppedError(`it took more than ${MAX_MINUTES} minutes`)), MAX_MINUTES * 60_000);
  const began = Date.now();
  const say = (line: string) => console.log(`${String(Math.round((Date.now() - began) / 1_000)).padStart(3)} s  ${line}`);
  const folder = mkdtempSync(join(tmpdir(), 'payments-cloud-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  try {
    await goThrough(folder, say, stop.signal);
    say('stopped; nothing is left behind');
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    if (!(error instanceof UnavailableError)) throw error;
    console.log(`SKIPPED: MiniStack can't be had on this machine; it needs python3 with venv, and PyPI\n${error.message}`);
  } finally {
    clearTimeout(limit);
  }
}

async function goThrough(folder: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  const stops: (() => unknown)[] = [];
  const begin = async <T extends { stop(): unknown }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    stops.unshift(() => part.stop());
    return part;
  };
  try {
    const { path: node, remark } = await nodeOfRuntime();
    const account = await begin(MiniStack.start(folder, node, join(__dirname, '..', '..', 'node_modules'), signal));
    say(`an account on this machine: MiniStack at ${account.url}, functions under ${remark}`);
    const ledger = await begin(Postgres.start(LEDGER, LOGINS));
    await own(ledger);
    const { provider, url: providerUrl } = await begin(ProviderServer.start());
    const assembly = synthesised(join(folder, 'cdk.out'), { providerUrl });
    const leftOut = toLocalProfile(assembly, STACK, { postgres: ledger });
    say(`synthesised; the local profile leaves out\n${leftOut.map(({ reason }) => `         ${reason}`).join('\n')}`);
    const { [STACK]: outputs } = await deploy(account, assembly, [STACK], folder, signal);
    say('deployed by cdk deploy: functions behind their aliases, routes with tokens, the queue with its mapping; the schema by its trigger');
    await new Customer(account, outputs, provider.charges, say).goThroughAll().catch(cause => {
      throw new Error(`${cause.message}\n\nwhat MiniStack wrote last:\n${account.lines}`, { cause });
    });
  } finally {
    for (const stop of stops) await stop();
  }
}

/** On AWS the login of the migrations may do this; here it owns the database. */
async function own({ host, port, database }: Postgres): Promise<void> {
  const client = new Client({ host, port, database, user: 'postgres' });
  await client.connect();
  await client.query(`ALTER DATABASE ${LEDGER} OWNER TO migrate`).finally(() => client.end());
}

main().then(() => process.exit(0), error => {
  console.error(error instanceof StoppedError ? error.message : error);
  process.exit(1); // what was asked before it was stopped would go on
});
