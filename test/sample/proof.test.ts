import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { STACK, synthesised } from '../../sample/local/app';
import { bundleWithout, nextVersions, type Protection, PROTECTIONS } from '../../sample/proof/broken/bundle';
import { type PaymentsProofOptions as ProofOptions, provePayments, type Verdict } from '../../sample/proof/prove';
import { failures, table } from '../../sample/proof/report';
import { nodeOfRuntime } from '../../testing/src';

const ROOT = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'payments-real-test-'));
const out = join(folder, 'cdk.out');
let assembly: CloudAssembly;
let node: string;

beforeAll(async () => {
  assembly = synthesised(out);
  node = (await nodeOfRuntime({ canInstall: false })).path;
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run sample:local', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'payments-local-test-'));
  let local: ChildProcess;
  let output = '';
  let url: string;
  let curl: string;
  let descendants: number[];

  beforeAll(async () => {
    chmodSync(temporary, 0o755); // PostgreSQL, which is not root, must get through
    local = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', 'sample/local/main.ts', '--app', out], {
      cwd: ROOT, env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.dev.json', TMPDIR: temporary, DISABLE_V8_COMPILE_CACHE: '1' }, stdio: ['ignore', 'pipe', 'inherit'],
    });
    local.stdout!.on('data', chunk => { output += chunk; });
    await until(() => output.includes('Ctrl-C ends it all'), 200);
    curl = /^curl .*$/m.exec(output)![0];
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(curl)![0];
  }, 240_000);
  afterAll(() => {
    local.kill('SIGKILL');
    rmSync(temporary, { recursive: true, force: true });
  });

  async function until(isSo: () => boolean | Promise<boolean>, seconds = 50): Promise<void> {
    for (const end = Date.now() + seconds * 1_000; !await isSo();) {
      if (Date.now() > end || local.exitCode !== null) throw new Error(`waited in vain\n${output}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  /** As a person would: copied from the screen into a shell. */
  function paste(more = ''): { status: number; body: any } {
    const [head, body] = execFileSync('sh', ['-c', `${curl} -s ${more}`], { encoding: 'utf8' }).split('\r\n\r\n');
    return { status: Number(/^HTTP\/1.1 (\d+)/.exec(head)![1]), body: JSON.parse(body) };
  }

  const authorization = () => /authorization: (Bearer [\w.-]+)/.exec(curl)![1];

  test('the printed curl line takes a payment, and again answers the same one', () => {
    const first = paste();
    expect(first).toEqual({ status: 201, body: expect.objectContaining({ amount: 1_250, currency: 'EUR', status: 'charged' }) });
    expect(paste()).toEqual(first);
  });

  test('the provider sends its notice, and the payment is settled', async () => {
    const { body: { id } } = paste();
    const find = async () => (await fetch(`${url}/payments/${id}`, { headers: { authorization: authorization() } })).json() as Promise<{ status: string }>;
    await until(async () => (await find()).status === 'settled');
  }, 60_000);

  test.each<[number, string, string, RequestInit]>([
    [401, 'a request without a token', '/payments', { method: 'POST', body: '{}' }],
    [401, 'a token of somebody else', '/payments', { method: 'POST', body: '{}', headers: { authorization: 'Bearer e30.e30.e30' } }],
    [404, 'a path that no route names', '/nowhere', {}],
    [404, 'a method that no route names', '/payments', { method: 'DELETE' }],
    [413, 'a body above 10 MB', '/webhooks/provider', { method: 'POST', body: 'x'.repeat(10 * 1_024 * 1_024 + 1) }],
    [401, 'a notice that is not signed', '/webhooks/provider', { method: 'POST', body: '{}' }],
  ])('answers %i to %s', async (status, _, path, init) => {
    const response = await fetch(`${url}${path}`, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(expect.objectContaining({ message: expect.any(String) }));
  });

  test('Ctrl-C leaves no process, no port and no file behind', async () => {
    descendants = descendantsOf(local.pid!);
    expect(descendants.length).toBeGreaterThanOrEqual(4); // a function's environment, the watch, PostgreSQL and its own
    expect(readdirSync(temporary)).not.toEqual([]);
    local.kill('SIGINT');
    expect(await once(local, 'exit')).toEqual([0, null]);
    await until(() => descendants.every(pid => !isAlive(pid)));
    expect(readdirSync(temporary)).toEqual([]);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

describe('npm run prove', () => {
  function run(options: Partial<ProofOptions>): Promise<Verdict> {
    return provePayments({ assembly, stackName: STACK, node, seed: 'npm test', deliveries: 300, customersAtOnce: 12, environments: 4, ...options });
  }

  /** Functions without one protection each, until the first double charge. */
  function runWithout(protections: readonly Protection[], options: Partial<ProofOptions>): Promise<Verdict> {
    const broken = Object.fromEntries(protections.map(protection => [PROTECTIONS[protection], bundleWithout(protection, join(folder, protection))]));
    return run({ ...options, haltsAtDoubleCharge: true, code: (id, asset) => broken[/^[A-Z][a-z]+/.exec(id)?.[0] ?? ''] ?? asset });
  }

  test('hundreds of deliveries, with all that breaks, charge each payment once and lose none', async () => {
    const verdict = await run({ outage: 110, releases: nextVersions(folder), chargeMillis: [2, 400] });
    expect({ ...verdict, text: table(verdict) }).toMatchObject({
      doubleCharges: 0, lostPayments: 0, stuck: 0, differingAnswers: 0, forgedSettlements: 0, unclearAnswers: 0, details: [],
    });
    expect(failures(verdict)).toBe(0);
    expect(verdict.charges).toBeGreaterThan(10); // 49 on a machine with nine times the load that it can bear
    expect(verdict.payments).toBe(verdict.charges + verdict.abandoned);
    expect(verdict.abandoned).toBeGreaterThan(100); // what was entered in the outage
    expect(verdict.settled).toBe(verdict.charges - verdict.unsettled);
    expect(Object.values(verdict.deliveries).reduce((sum, n) => sum + n)).toBeGreaterThanOrEqual(300);
    expect(Object.keys(verdict.faults)).toEqual(expect.arrayContaining(['kill before', 'kill after', 'records expired', 'secrets rotated by hand', 'versions released by hand']));
  }, 240_000);

  test('a provider that is slower than every deadline charges each payment once', async () => {
    const verdict = await run({ deliveries: 40, faults: 0, chargeMillis: [2_500, 4_500] });
    expect({ ...verdict, text: table(verdict) }).toMatchObject({ doubleCharges: 0, lostPayments: 0, stuck: 0, differingAnswers: 0, details: [] });
    expect(verdict.charges).toBeGreaterThan(5);
  }, 240_000);

  // Each hole is found by something else, which the run makes likely. From 1,000 deliveries on, processes would be killed at every point first.
  test.each<[Protection, Partial<ProofOptions>]>([
    ['record', { deliveries: 900, faults: 0, chargeMillis: [1_500, 2_000] }], // requests that meet while the provider charges
    ['unique-key', { deliveries: 80 }], // repetitions after days, which come at the end
    ['provider-key', { deliveries: 900, faults: 0, bookingsFail: 0.5, listedMillis: [60_000, 60_000] }], // a booking that fails, and a repetition before the charge is listed
    ['held-record', { deliveries: 900, faults: 0, chargeMillis: [3_700, 4_500], listedMillis: [4_000, 4_000] }], // charges that end after their requests
    ['question', { deliveries: 900, faults: 0.02, failsAfterCharge: 0.9, chargeMillis: [2, 40], listedMillis: [0, 0], demoted: 'reconcile' }], // charges that are answered with an error, and that the reconciliation does not book first
  ])('without the %s it finds a double charge', async (protection, options) => {
    const verdict = await runWithout([protection], options);
    expect(verdict.doubleCharges).toBeGreaterThan(0);
    expect(verdict.details).toContainEqual(expect.stringMatching(/^customer \d+: charged again/));
    expect(failures(verdict)).toBeGreaterThan(0);
  }, 240_000);

  test('without the review of all, the signature, the advice and the payload by name it finds each of them', async () => {
    const releases = { Pay: bundleWithout('named-payload', join(folder, 'named-payload')) };
    const seed = 'seed 10'; // its second, sixth and ninth charge are not settled by the provider
    const verdict = await runWithout(['review', 'signature', 'advice'], { deliveries: 150, outage: 110, releases, seed, chargeMillis: [2, 40] });
    expect(verdict.details).toEqual(expect.arrayContaining([
      expect.stringMatching(/^payment \w+ was charged, and the reconciliation did not book it$/),
      expect.stringMatching(/^payment \w+ is settled by a forged notice$/),
      expect.stringMatching(/^customer \d+ got no advice to repeat$/),
      expect.stringMatching(/^customer \d+ repeated a payment and got the response that it is another one$/),
    ]));
  }, 240_000);

  test('without the renewed secret and the connection to the writer it finds both', async () => {
    // one environment of each function, which has the old secret and the old connection until the end, because no other fault ends it
    const options = { deliveries: 150, faults: Number.MIN_VALUE, demoted: 'settle', environments: 1 };
    const patterns = [/^the genuine notice of charge [\w-]+ was rejected$/, /^payment \w+ is not settled$/];
    const details: string[] = [];
    // a timeout on a machine under load ends the environment, too, and the next one connects to the writer
    for (let runs = 0; runs < 3 && !patterns.every(pattern => details.some(detail => pattern.test(detail))); runs++) {
      details.push(...(await runWithout(['renewal', 'writer'], options)).details);
    }
    expect(details).toEqual(expect.arrayContaining(patterns.map(pattern => expect.stringMatching(pattern))));
  }, 240_000);
});

function descendantsOf(parent: number): number[] {
  const all = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map(line => line.trim().split(/\s+/).map(Number));
  const found = [parent];
  for (const pid of found) found.push(...all.filter(([, ppid]) => ppid === pid).map(([child]) => child));
  return found.slice(1);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
