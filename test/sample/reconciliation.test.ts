import { Reconciliation, type ReconciliationParts } from '../../sample/service/reconciliation';
import { Deadline } from 'cdk-production-lambda-runtime';

const deadline = Deadline.of({ getRemainingTimeInMillis: () => 50_000 });
const PAYMENT = { id: 'p-1', amount: 1, currency: 'EUR', customer: 'ada', status: 'pending', chargeId: '', takenAt: '2026-01-01T00:00:00Z' } as const;

/** One payment to review and one event to publish, each once. */
function reconciliation(parts: { chargesOf: () => Promise<[]>; publish: () => Promise<number> }): Reconciliation {
  const once = <T>(found: T) => jest.fn().mockResolvedValueOnce([found]).mockResolvedValue([]);
  return new Reconciliation({
    ledger: { stuck: once(PAYMENT), review: jest.fn(), answered: jest.fn(), abandon: jest.fn().mockResolvedValue({ payment: PAYMENT }) },
    outbox: { unpublished: once({ id: 'e-1' }) },
    publisher: { publish: parts.publish },
    provider: { chargesOf: parts.chargesOf },
    patience: { stuckSeconds: 60, abandonSeconds: 3_600 },
  } as unknown as ReconciliationParts);
}

test('payments do not wait for the bus', async () => {
  let answer!: (taken: number) => void;
  const bus = new Promise<number>(resolve => { answer = resolve; });
  const chargesOf = jest.fn(async (): Promise<[]> => { answer(1); return []; });
  expect(await reconciliation({ chargesOf, publish: () => bus }).run(deadline)).toMatchObject({ published: 1, waiting: 1 });
});

test('events do not wait for the provider', async () => {
  let answer!: (charges: []) => void;
  const provider = new Promise<[]>(resolve => { answer = resolve; });
  const publish = async () => { answer([]); return 1; };
  expect(await reconciliation({ chargesOf: () => provider, publish }).run(deadline)).toMatchObject({ published: 1, waiting: 1 });
});

test('an error of the database does not end the run before the other part has ended', async () => {
  const publish = jest.fn(async () => 1);
  const broken = reconciliation({ chargesOf: async () => [], publish });
  (Reflect.get(broken, 'parts') as { ledger: { stuck: jest.Mock } }).ledger.stuck = jest.fn().mockRejectedValue(new Error('lost'));
  await expect(broken.run(deadline)).rejects.toThrow('lost');
  expect(publish).toHaveBeenCalledTimes(1);
});
