import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Customer } from './customer';
import { ProviderServer } from './provider-server';
import { Postgres, rehearse, UnavailableError } from '../../testing/src';
import { STACK, synthesised } from '../local/app';

/** Somebody ended the run. */
class StoppedError extends Error {}

const LEDGER = 'ledger';
const LOGINS = ['migrate', 'pay', 'settle', 'reconcile'];

/** `npm run sample:cloud`: a rehearsal of the sample, with its PostgreSQL and a provider, and a customer who uses it. */
async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort(new StoppedError('stopped; nothing is left behind')));
  const began = Date.now();
  const say = (line: string) => console.log(`${String(Math.round((Date.now() - began) / 1_000)).padStart(3)} s  ${line}`);
  const folder = mkdtempSync(join(tmpdir(), 'payments-cloud-'));
  const ledger = await Postgres.start(LEDGER, LOGINS);
  const server = await ProviderServer.start();
  try {
    await ledger.query(`ALTER DATABASE ${LEDGER} OWNER TO migrate`); // on AWS the login of the migrations may do this; here it owns the database
    const app = synthesised(join(folder, 'cdk.out'), { providerUrl: server.url }).directory;
    await rehearse({
      app,
      stacks: [STACK],
      postgres: ledger,
      log: say,
      signal: stop.signal,
      use: async ({ account, outputs, stacks: [{ leftOut }] }) => {
        say(`the local profile leaves out\n${leftOut.map(({ reason }) => `         ${reason}`).join('\n')}`);
        await new Customer(account, outputs[STACK], server.provider.charges, say).goThroughAll();
      },
    });
    say('stopped; nothing is left behind');
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    console.log(`SKIPPED: MiniStack can't be had on this machine; it needs python3 with venv, and PyPI\n${error.message}`);
  } finally {
    server.stop();
    await ledger.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(() => process.exit(0), error => {
  console.error(error instanceof StoppedError ? error.message : error);
  process.exit(1); // what was asked before it was stopped would go on
});
