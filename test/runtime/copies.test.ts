import { contextWith } from '../support/environments';

type Runtime = typeof import('cdk-production-lambda-runtime');
type Idempotency = typeof import('cdk-production-lambda-runtime/idempotency');

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

/** The package, as a handler in ES modules has it, and as a CommonJS module that it imports has it. */
function copy(): Runtime & Pick<Idempotency, 'InProgressError' | 'MissingKeyError' | 'ResultLostError'> {
  let found: any;
  jest.isolateModules(() => {
    found = { ...jest.requireActual('cdk-production-lambda-runtime'), ...jest.requireActual('cdk-production-lambda-runtime/idempotency') };
  });
  return found;
}

const [one, other] = [copy(), copy()];

test.each<[string, Error, number]>([
  ['InProgressError', new other.InProgressError('busy'), 409],
  ['MissingKeyError', new other.MissingKeyError('no key', { cause: new Error('empty') }), 400],
  ['ResultLostError', new other.ResultLostError('too large'), 500],
  ['OutOfTimeError', new other.OutOfTimeError('late'), 503],
])('an %s of another copy of the package is answered as one of this copy', (name, error, status) => {
  expect(error).not.toBeInstanceOf((one as any)[name]);
  expect([error.name, Object.keys(error)]).toEqual([name, ['name']]);
  expect(one.errorAnswer(error).statusCode).toBe(status);
});

test('a rule for a class of this copy applies to an error of the other one, and no rule to an error of another package with the name', () => {
  expect(one.errorAnswer(new other.InProgressError('busy'), [{ type: one.InProgressError, status: 425 }]).statusCode).toBe(425);
  expect(one.errorAnswer(Object.assign(new Error('secret'), { name: 'InProgressError' })).statusCode).toBe(500);
});

test('at SIGTERM, the process ends when the functions of both copies are done', async () => {
  const listeners: (() => void)[] = [];
  const once = jest.spyOn(process, 'once').mockImplementation(((_signal: string, listener: () => void) => listeners.push(listener)) as never);
  const done: string[] = [];
  const ended = new Promise<void>(resolve => jest.spyOn(process, 'exit').mockImplementation((() => { done.push('exit'); resolve(); }) as never));
  let close!: () => void;
  one.onShutdown(() => { done.push('one'); });
  other.onShutdown(() => new Promise<void>(resolve => { close = resolve; }).then(() => { done.push('other'); }));
  for (const listener of listeners) listener();
  await Promise.resolve();
  close();
  await ended;
  expect([done, once.mock.calls.length]).toEqual([['one', 'other', 'exit'], 1]);
  jest.restoreAllMocks();
});

test('the invocation of one copy is current in the other', () => {
  const invocation = { event: {}, context: contextWith(1_000) };
  expect(one.runInvocation(invocation, () => other.currentInvocation())).toBe(invocation);
});
