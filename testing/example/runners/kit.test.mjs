// For jest and vitest: test and expect are globals.
import { createServer } from 'node:http';
import { contextOf, expectNothingPastTheAlias, faultAt, runHandler, snapshotOf, sqsEvent } from 'cdk-production-lambda-testing';
import { pay, stack } from '../app.ts';

test('templates', () => {
  expectNothingPastTheAlias(stack);
  expect(snapshotOf(stack)).toMatchSnapshot();
});

test('events and contexts', () => {
  expect(sqsEvent([{ body: { order: 1 } }]).Records[0].body).toBe('{"order":1}');
  expect(contextOf({ remainingMillis: 5_000 }).getRemainingTimeInMillis()).toBeLessThanOrEqual(5_000);
});

test('a handler under the runtime client of Lambda, with a fault', async () => {
  const provider = createServer((request, response) => response.writeHead(request.method === 'GET' ? 404 : 200).end());
  await new Promise(resolve => provider.listen(0, '127.0.0.1', resolve));
  const handler = await runHandler(pay, { http: { PROVIDER_URL: `http://127.0.0.1:${provider.address().port}` } });
  try {
    expect(await handler.invoke({ order: 1 })).toEqual({ kind: 'answer', payload: { order: 1 } });
    const faults = faultAt({ kind: 'reject', when: 'before' }, { message: 'POST /charges' });
    expect(await handler.invoke({ order: 2 }, { faults })).toMatchObject({ kind: 'error', errorMessage: 'POST /charges/2: 400' });
  } finally {
    await handler.stop();
    provider.closeAllConnections();
    provider.close();
  }
});
