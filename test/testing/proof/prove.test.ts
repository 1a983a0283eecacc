import { FaultPlan } from '../../../testing/src/faults/fault-plan';
import type { Delivery } from '../../../testing/src/proof/delivery';
import { acceptanceOf } from '../../../testing/src/proof/delivery';
import { prove, ProofError, type ProofReport, type ProveOptions } from '../../../testing/src/proof/prove';

/** An app of three messages: it reads a record, takes the money, and writes the record. Each may fail as the proxy lets it. */
class App {
  public readonly charges: { key: string }[] = [];
  public readonly records = new Set<string>();
  private readonly keys = new Set<string>();

  constructor(private readonly has: { record?: boolean; providerKey?: boolean; gives?: boolean } = {}) {}

  public async deliver({ key, faults }: Delivery): Promise<unknown> {
    const send = (what: string, effect: () => void) => {
      const fault = faults({ service: 'Service', what });
      if (fault?.when === 'before' && fault.kind !== 'freeze') throw new Error(fault.kind);
      effect();
      if (fault?.when === 'after' && fault.kind !== 'freeze') throw new Error(fault.kind);
    };
    await Promise.resolve();
    let isKnown = false;
    send('GetItem', () => { isKnown = this.records.has(key); });
    if (isKnown && this.has.record !== false) return { statusCode: 200 };
    if (this.has.gives !== false) send('POST /charges', () => this.charge(key));
    send('PutItem', () => this.records.add(key));
    return { statusCode: 201 };
  }

  public forget(): void {
    this.records.clear();
  }

  private charge(key: string): void {
    if (this.has.providerKey !== false && this.keys.has(key)) return;
    this.keys.add(key);
    this.charges.push({ key });
  }
}

function run(app: App, options: Partial<ProveOptions<{ key: string }>> = {}): Promise<ProofReport> {
  const deliver = (delivery: Parameters<typeof app.deliver>[0]) => app.deliver(delivery);
  return prove({ deliver, effects: () => app.charges, key: ({ key }) => key, expire: () => app.forget(), ...options });
}

async function failureOf(proof: Promise<unknown>): Promise<ProofError> {
  const error = await proof.then(() => undefined, found => found);
  expect(error).toBeInstanceOf(ProofError);
  return error;
}

test('an app that keeps a key towards the provider passes, and each kind of message had a crash before and after it', async () => {
  const report = await run(new App());
  expect(report).toMatchObject({ twice: [], never: [], stuck: [], unknown: 0 });
  expect(report.deliveries).toBeGreaterThanOrEqual(200);
  expect(Object.keys(report.points)).toEqual(['handler: Service GetItem', 'handler: Service POST /charges', 'handler: Service PutItem']);
  const points = Object.values(report.points);
  for (const point of points) expect(point).toMatchObject({ killedBefore: expect.any(Number), killedAfter: expect.any(Number) });
});

test('without the key a crash after the charge and one more delivery is the shortest sequence', async () => {
  const { report, message } = await failureOf(run(new App({ providerKey: false }), { concurrency: 1 }));
  expect(report.sequence).toMatchObject({ violation: 'twice', isReproduced: true });
  expect(report.sequence!.steps).toHaveLength(2);
  expect(message).toContain('1. a delivery;');
  expect(message).toMatch(/2\. the same delivery again$/);
});

test('a record that expires is found missing by the deliveries after days', async () => {
  const app = new App({ providerKey: false });
  const { report, message } = await failureOf(run(app, { faults: new FaultPlan({ share: 0, everyPoint: false }), concurrency: 1 }));
  expect(report.sequence!.steps).toEqual([{ deliveries: [[]] }, 'expire', { deliveries: [[]] }]);
  expect(message).toContain('2. the records expire');
});

test('an effect that never happens is found, and needs one delivery', async () => {
  const { report } = await failureOf(run(new App({ gives: false }), { deliveries: 10 }));
  expect(report.never.length).toBeGreaterThan(0);
  expect(report.sequence).toMatchObject({ violation: 'never', steps: [{ deliveries: [[]] }], isReproduced: true });
});

test('an effect whose key was never delivered is found', async () => {
  const { report } = await failureOf(run(new App(), { deliveries: 5, key: () => 'another' }));
  expect(report.unknown).toBeGreaterThan(0);
});

test('the same seed has the same faults, another seed has others', async () => {
  const plan = () => new FaultPlan({ everyPoint: false, kinds: { kill: 1, cut: 1 } });
  const faultsOf = async (seed: number) => (await run(new App(), { seed, concurrency: 1, faults: plan() })).faults;
  const first = await faultsOf(7);
  expect(await faultsOf(7)).toEqual(first);
  expect(await faultsOf(8)).not.toEqual(first);
});

test('it ends when it is aborted', async () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(run(new App(), { signal })).rejects.toThrow('stopped');
});

test.each([
  ['done', 'done'], [undefined, 'done'], [false, 'again'], ['rejected', 'rejected'], [{ kind: 'time-out' }, 'again'], [{ kind: 'answer', payload: {} }, 'done'],
  [{ kind: 'answer', payload: { statusCode: 503 } }, 'again'], [{ kind: 'answer', payload: { statusCode: 499 } }, 'done'],
  [{ kind: 'answer', payload: { batchItemFailures: [{ itemIdentifier: '1' }] } }, 'again'], [{ kind: 'answer', payload: { batchItemFailures: [] } }, 'done'],
])('%j is %s', (result, acceptance) => {
  expect(acceptanceOf(result)).toBe(acceptance);
});

test('a key whose deliveries never end has the reason in the error', async () => {
  const options = { effects: () => [], key: () => '', deliveries: 1, concurrency: 1, pauseMillis: [0, 0] as const };
  const thrown = await failureOf(prove({ ...options, deliver: () => { throw new TypeError('pay is undefined'); } }));
  expect(thrown.message).toMatch(/1 still without a result, .*\nthe last delivery of key-0 without a result: TypeError: pay is undefined$/);
  const failed = await failureOf(prove({ ...options, deliver: async () => ({ kind: 'error', errorType: 'Error', errorMessage: 'no table' }) }));
  expect(failed.report.stuckReason).toBe('{"kind":"error","errorType":"Error","errorMessage":"no table"}');
});
