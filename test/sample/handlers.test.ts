import * as dgram from 'node:dgram';
import dns from 'node:dns';
import { readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { EVENTS } from './http/events';
import { NEEDS, Platform, REQUEST } from './platform';
import { payHandler, payParts } from '../../sample/service/pay';
import { reconcileParts } from '../../sample/service/reconcile';
import { settleHandler, settleParts } from '../../sample/service/settle';
import { webhookParts } from '../../sample/service/webhook';
import { NodejsBundle } from '../../src';
import { ExecutionEnvironment } from '../runtime/runtime-api';
import { newEnvironment } from '../support/environments';
import { postgres } from 'cdk-production-lambda-runtime/postgres';

const PARTS: Record<string, () => unknown> = {
  pay: () => payHandler(payParts()), settle: () => settleHandler(settleParts()), reconcile: reconcileParts, webhook: webhookParts, migrate: postgres,
};

const platform = new Platform();
const load = (name: string) => newEnvironment<unknown, any>(() => jest.requireActual(`../../sample/handlers/${name}`));

beforeAll(() => platform.start('Pay'));
afterAll(() => platform.stop());

describe.each(Object.entries(NEEDS))('%s', (name, variables) => {
  const parts = PARTS[name];

  test('loads without any call', () => {
    const calls = [
      jest.spyOn(Socket.prototype, 'connect'), jest.spyOn(dns, 'lookup'), jest.spyOn(dgram.Socket.prototype, 'send'), jest.spyOn(dgram.Socket.prototype, 'bind'),
    ].map(spy => (spy as jest.SpyInstance).mockImplementation(() => {
      throw new Error('the handler called out while it was loaded');
    }));
    try {
      expect(load(name)).toBeInstanceOf(Function);
      expect(calls.flatMap(spy => spy.mock.calls)).toEqual([]);
    } finally {
      for (const spy of calls) spy.mockRestore();
    }
  });

  test.each(variables)('does not start without %s, and says so', variable => {
    const isFirst = variable === variables[0]; // to load a whole handler for each would take half a minute
    withVariable(variable, undefined, () => {
      expect(() => isFirst ? load(name) : parts()).toThrow(`environment variable ${variable} is missing`);
    });
  });
});

test.each(['PGPORT', 'STUCK_AFTER_SECONDS'])('%s that is no number stops the start', variable => {
  withVariable(variable, 'soon', () => {
    expect(() => reconcileParts()).toThrow(`environment variable ${variable} must be a positive whole number, got 'soon'`);
  });
});

function withVariable(name: string, value: string | undefined, work: () => void): void {
  const before = process.env[name];
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
  try {
    work();
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
}

describe('as it is shipped, under the runtime client of Lambda', () => {
  let pay: ExecutionEnvironment;
  const xray = dgram.createSocket('udp4');
  const segments: any[] = [];

  beforeAll(async () => {
    xray.on('message', message => segments.push(JSON.parse(message.toString().split('\n')[1])));
    await new Promise<void>(resolve => xray.bind(0, '127.0.0.1', resolve));
    const stack = new Stack(new App(), 'Shipped');
    const handlers = NodejsBundle.fromDirectory(join(__dirname, '../../sample/handlers'), { optionalModules: ['pg-native'] });
    new lambda.Function(stack, 'Pay', { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler', code: handlers.code('pay') });
    const assembly = (stack.node.root as App).synth();
    const asset = readdirSync(assembly.directory).find(name => name.startsWith('asset.'))!;
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(AWS|PG|IDEMPOTENCY|PROVIDER|EVENT|CHARGE|POWERTOOLS)/.test(name))) as Record<string, string>;
    pay = await ExecutionEnvironment.start({
      taskRoot: join(assembly.directory, asset),
      handler: 'index.handler',
      traced: true,
      environment: {
        ...environment,
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        POWERTOOLS_METRICS_DISABLED: 'false',
        POWERTOOLS_SERVICE_NAME: 'payments',
        POWERTOOLS_TRACE_ENABLED: 'true',
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${xray.address().port}`,
      },
    });
  });
  afterAll(async () => {
    await pay.stop();
    xray.close();
  });

  const post = async (key: string, headers: object = { 'idempotency-key': key }) => {
    const { payload } = await pay.invoke(EVENTS.httpApi({ method: 'POST', path: '/payments', body: JSON.stringify(REQUEST), headers: headers as Record<string, string> }));
    return (payload as { statusCode: number }).statusCode;
  };
  /** What is found once it is enough: an answer may overtake the lines that were written before it. */
  async function until<T>(find: () => T, isEnough: (found: T) => boolean): Promise<T> {
    for (const end = Date.now() + 10_000; !isEnough(find()) && Date.now() < end;) await new Promise(resolve => setTimeout(resolve, 20));
    return find();
  }
  const lines = () => pay.log.split('\n').filter(line => line.trim() !== '').map(line => JSON.parse(line));

  test('writes one line of JSON for each thing it says, with the id of its request and without a secret', async () => {
    expect(await post('shipped-1')).toBe(201);
    platform.provider.failNext(503);
    expect(await post('shipped-2')).toBe(502);
    platform.provider.failNext({ body: 'no JSON sk_of_the_tests' });
    expect(await post('shipped-3')).toBe(502);
    const errors = await until(() => lines().filter(line => line.level === 'ERROR'), found => found.length >= 2);
    expect(errors.map(line => [line.function_request_id, line.message])).toEqual([['request-2', 'request failed'], ['request-3', 'request failed']]);
    const metrics = lines().filter(line => line._aws).map(({ ColdStart, PaymentTaken, Faults }) => ({ ColdStart, PaymentTaken, Faults }));
    expect(metrics).toEqual([{ ColdStart: 1 }, { PaymentTaken: 1 }, { Faults: 1 }, { Faults: 1 }]);
    expect(pay.log).not.toMatch(/sk_of_the_tests|"authorization"/i);
  });

  test('appears in the trace with the calls that it makes', async () => {
    expect(await post('shipped-traced')).toBe(201);
    const names = await until(() => JSON.stringify(segments), found => /## index.handler/.test(found) && /Events|EventBridge/i.test(found));
    expect(segments.map(segment => segment.name)).toContain('## index.handler');
    expect(names).toMatch(/DynamoDB/);
    expect(names).toMatch(/Events|EventBridge/i);
  });

  test('leaves no key of one request on the lines of the next', async () => {
    const before = lines().length;
    platform.provider.failNext(500);
    expect(await post('shipped-4')).toBe(502);
    const [own] = await until(() => lines().slice(before).filter(line => line.level === 'ERROR'), found => found.length > 0);
    expect(own).toMatchObject({ function_request_id: 'request-5', requestId: 'request-id', cold_start: false });
  });
});
