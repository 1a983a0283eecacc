import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import Ajv from 'ajv';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Instrumentation, Minify, ModuleFormat, NodejsCode, type NodejsBundlingOptions, SourceMaps } from '../../src/bundling';
import { ProductionFunction } from '../../src/function';
import { FunctionAlarms } from '../../src/observability';
import { publishesFaults } from '../../src/private/faults';
import { ExecutionEnvironment } from '../runtime/runtime-api';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const VARIABLES = { POWERTOOLS_METRICS_NAMESPACE: 'shop', POWERTOOLS_SERVICE_NAME: 'pay', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' };
const NAMESPACE = { environment: { POWERTOOLS_METRICS_NAMESPACE: 'shop' } };
const OBSERVED = { instrumentation: Instrumentation.observed() };

/** The lines that one environment wrote, and its answers, as CloudWatch Logs receives them. */
interface Run {
  readonly answers: unknown[];
  readonly lines: string[];
  readonly metrics: any[];
}

/** The X-Ray daemon of an execution environment. */
class Daemon {
  static async start(): Promise<Daemon> {
    const daemon = new Daemon(createSocket('udp4'));
    await new Promise<void>(resolve => daemon.socket.bind(0, '127.0.0.1', resolve));
    return daemon;
  }

  readonly segments: any[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', message => this.segments.push(JSON.parse(message.toString().split('\n')[1])));
  }

  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>(resolve => setTimeout(resolve, 50));
    this.socket.close();
  }
}

function folderOf(files: Record<string, string>, options: NodejsBundlingOptions): string {
  const code = NodejsCode.fromEntry(new TestProject(files).path('pay.ts'), options);
  return new BundledFunction(code, NAMESPACE).folder;
}

async function run(folder: string, events: unknown[], environment: Record<string, string> = {}, traced = false): Promise<Run> {
  const taskRoot = fs.mkdtempSync(path.join(os.tmpdir(), 'task-'));
  fs.cpSync(folder, taskRoot, { recursive: true });
  const running = await ExecutionEnvironment.start({
    taskRoot, handler: 'index.handler', traced, environment: { ...VARIABLES, ...environment },
  });
  try {
    const answers = [];
    for (const event of events) answers.push(await running.invoke(event));
    await new Promise<void>(resolve => setTimeout(resolve, 50)); // the last lines are on their way
    const lines = running.log.split('\n').filter(line => line !== '');
    const json = lines.filter(line => line.startsWith('{')).map(line => JSON.parse(line));
    return { answers, lines, metrics: json.filter(line => line._aws) };
  } finally {
    await running.stop();
    fs.rmSync(taskRoot, { recursive: true });
  }
}

const named = ({ metrics }: Run, name: string) => metrics.filter(({ _aws }) => _aws.CloudWatchMetrics[0].Metrics[0].Name === name);

const METRIC = { type: 'object', required: ['Name'], properties: { Name: { type: 'string', minLength: 1 }, Unit: { enum: ['Count', 'Milliseconds'] } } };
/** What CloudWatch requires of a line in the embedded metric format. */
const EMBEDDED_METRIC = new Ajv().compile({
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer', minimum: 1_700_000_000_000, maximum: 4_000_000_000_000 },
        CloudWatchMetrics: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
              Dimensions: { type: 'array', minItems: 1, items: { type: 'array', maxItems: 30, items: { type: 'string', minLength: 1, maxLength: 250 } } },
              Metrics: {
                type: 'array',
                maxItems: 100,
                items: METRIC,
              },
            },
          },
        },
      },
    },
  },
});

const HANDLER = `
import { setTimeout } from 'node:timers/promises';
export const handler = async (event: any): Promise<unknown> => {
  console.log('paying');
  process.stdout.write(JSON.stringify({ level: 'INFO', message: 'by a logger' }) + '\\n');
  process.stdout.write('no JSON\\n');
  if (event.bad) throw new TypeError('declined');
  if (event.slow) await setTimeout(10_000);
  return event.result;
};`;

describe('a handler whose code does not change', () => {
  let result: Run;
  let daemon: Daemon;

  beforeAll(async () => {
    daemon = await Daemon.start();
    const events = [{ result: { statusCode: 200 } }, { result: { statusCode: 503 } }, { bad: true }, { result: { batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] } }];
    result = await run(folderOf({ 'pay.ts': HANDLER }, OBSERVED), events, { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_LAMBDA_LOG_FORMAT: 'JSON' }, true);
    await daemon.stop();
  });

  test('answers as before', () => {
    expect(result.answers).toMatchObject([{ payload: { statusCode: 200 } }, { payload: { statusCode: 503 } }, { error: { errorType: 'TypeError', errorMessage: 'declined' } }, {}]);
  });

  test('writes metrics that CloudWatch reads', () => {
    expect(result.metrics.length).toBeGreaterThan(0);
    for (const metric of result.metrics) {
      expect([EMBEDDED_METRIC(metric), EMBEDDED_METRIC.errors]).toEqual([true, null]);
      const [{ Dimensions, Metrics }] = metric._aws.CloudWatchMetrics;
      for (const name of Dimensions[0]) expect(metric[name]).toEqual(expect.any(String));
      for (const { Name } of Metrics) expect(metric[Name]).toEqual(expect.any(Number));
    }
  });

  test('counts the cold start once, the failures of its responses by version, and its duration by outcome', () => {
    expect(named(result, 'ColdStart')).toEqual([expect.objectContaining({ service: 'pay', function_name: 'local', ColdStart: 1 })]);
    expect(named(result, 'Faults').map(({ FunctionName, ExecutedVersion, Faults }) => [FunctionName, ExecutedVersion, Faults])).toEqual([['local', '1', 1], ['local', '1', 2]]);
    expect(named(result, 'Duration').map(({ Outcome }) => Outcome)).toEqual(['Success', 'Fault', 'Error', 'Fault']);
    expect(new Set(result.metrics.map(({ _aws }) => _aws.CloudWatchMetrics[0].Namespace))).toEqual(new Set(['shop']));
  });

  test('has the request id in each line of JSON', () => {
    const ids = result.lines.filter(line => line.includes('by a logger')).map(line => JSON.parse(line));
    expect(ids).toEqual(['request-1', 'request-2', 'request-3', 'request-4'].map(requestId => ({ requestId, level: 'INFO', message: 'by a logger' })));
    expect(result.lines.filter(line => line.includes('paying')).map(line => JSON.parse(line).requestId)).toEqual(['request-1', 'request-2', 'request-3', 'request-4']);
    expect(result.lines).toContain('no JSON');
  });

  test('sends a segment to X-Ray for each request, with its error', () => {
    expect(daemon.segments).toHaveLength(4);
    for (const segment of daemon.segments) {
      expect(segment).toMatchObject({ type: 'subsegment', name: '## index.handler', annotations: { Service: 'pay' } });
      expect(segment).toMatchObject({ trace_id: '1-5759e988-bd862e3fe1be46a994272793', parent_id: '53995c3f42cd8ad8' });
      expect(segment.id).toMatch(/^[\da-f]{16}$/);
      expect(segment.end_time).toBeGreaterThanOrEqual(segment.start_time);
    }
    expect(daemon.segments.map(({ annotations }) => annotations.ColdStart)).toEqual([true, false, false, false]);
    expect(daemon.segments.map(({ fault }) => fault)).toEqual([undefined, true, true, true]);
    expect(daemon.segments[2].cause.exceptions[0]).toMatchObject({ type: 'TypeError', message: 'declined', stack: expect.arrayContaining([expect.objectContaining({ label: 'handler' })]) });
  });
});

test('writes an error before the timeout, sends no segment of a request that is not sampled, and no duration if it is switched off', async () => {
  const daemon = await Daemon.start();
  const folder = folderOf({ 'pay.ts': HANDLER }, { instrumentation: Instrumentation.observed({ duration: false }) });
  const running = await ExecutionEnvironment.start({
    taskRoot: folder, handler: 'index.handler', environment: { ...VARIABLES, AWS_XRAY_DAEMON_ADDRESS: daemon.address },
  });
  await running.invoke({ result: 1 });
  await expect(running.invoke({ slow: true }, 1_000)).rejects.toThrow('Task timed out');
  await running.stop();
  await daemon.stop();
  expect(running.log).toContain('request-2\tERROR\tthe invocation has not ended 200 ms before its timeout');
  expect(running.log).not.toContain('Duration');
  expect(daemon.segments).toEqual([]);
});

/** Handlers by the shape of their module. */
const SHAPES: [string, string, string][] = [
  ['an ES module', 'pay.ts', HANDLER],
  ['a CommonJS module', 'pay.cjs', 'exports.handler = async event => event.result;'],
  ['a module whose exports are an object', 'pay.cjs', 'module.exports = { handler: async event => event.result };'],
  ['a module whose exports are an instance of a class', 'pay.cjs', 'class App { async handler(event) { return event.result; } } module.exports = new App();'],
  ['a function with a handler', 'pay.cjs', 'module.exports = () => 1; module.exports.handler = async event => event.result;'],
  ['a module that exports another', 'pay.ts', "export * from './other';"],
  ['a module with a renamed and a default export', 'pay.ts', "import { handler as other } from './other'; export { other as handler }; export default other;"],
];

describe.each([ModuleFormat.COMMON_JS, ModuleFormat.ESM])('in %s', format => {
  test.each(SHAPES.filter(([, file]) => format === ModuleFormat.COMMON_JS || file.endsWith('.ts')))('%s is instrumented', async (_, file, text) => {
    const project = new TestProject({ [file]: text, 'other.ts': HANDLER });
    for (const minify of [Minify.KEEP_NAMES, Minify.NONE]) {
      const { folder } = new BundledFunction(NodejsCode.fromEntry(project.path(file), { ...OBSERVED, format, minify }), NAMESPACE);
      const result = await run(folder, [{ result: { statusCode: 500 } }]);
      expect(result.answers).toEqual([{ payload: { statusCode: 500 } }]);
      expect(result.metrics).toHaveLength(3);
    }
  });

  test('several exports are instrumented; classes and values are not changed', async () => {
    const text = 'export class Pay { static n = 1; } export const limit = 7; export async function one() { return new Pay() instanceof Pay; } export const two = async () => limit; export const handler = async () => [await one(), await two()];';
    const { folder } = new BundledFunction(NodejsCode.fromEntry(new TestProject({ 'pay.ts': text }).path('pay.ts'), { ...OBSERVED, format }), NAMESPACE);
    const file = path.join(folder, format === ModuleFormat.ESM ? 'index.mjs' : 'index.js');
    const script = `import(${JSON.stringify(file)}).then(m => { m = m.handler ? m : m.default; const mark = Symbol.for('cdk-production-lambda-runtime.observed');
      console.log(JSON.stringify([m.one[mark], m.two[mark], m.Pay[mark], new m.Pay().constructor.n, m.limit, Object.keys(m).filter(name => name !== 'module.exports' && name !== 'default').sort()])); })`;
    expect(JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))).toEqual([true, true, null, 1, 7, ['Pay', 'handler', 'limit', 'one', 'two']]);
  });

  test('a stack trace names the file of the handler, by its source map', async () => {
    const project = new TestProject({ 'pay.ts': '\n\n\nexport const handler = async () => {\n  throw new Error("declined");\n};' });
    const { folder } = new BundledFunction(NodejsCode.fromEntry(project.path('pay.ts'), { ...OBSERVED, format, sourceMaps: SourceMaps.SHIPPED }), NAMESPACE);
    const [{ error }] = (await run(folder, [{}], { NODE_OPTIONS: '--enable-source-maps' })).answers as any[];
    expect(error.trace[1]).toMatch(/^ +at .*handler \(.*pay\.ts:5:9\)$/);
  });

  test('a streaming handler is instrumented, and the status of its response counts', async () => {
    const text = `declare const awslambda: any;
      const { from } = awslambda.HttpResponseStream; // before the first invocation
      export const handler = awslambda.streamifyResponse(async (event: any, stream: any) => {
        const response = from(stream, { statusCode: event.status });
        response.write('paid'); response.end();
      });`;
    const result = await run(folderOf({ 'pay.ts': text }, { ...OBSERVED, format }), [{ status: 200 }, { status: 502 }, { status: 200 }]);
    expect(result.answers).toEqual(new Array(3).fill({ payload: expect.stringMatching(/paid$/) }));
    expect(named(result, 'Faults')).toHaveLength(1);
    // The response of a stream is complete before its handler ends.
    expect(named(result, 'Duration').map(({ Outcome }) => Outcome).slice(0, 2)).toEqual(['Success', 'Fault']);
  });
});

test.each([
  ['observed itself', 'export const handler = observed(work);', 0],
  ['observed, in a handler of its own', 'const inner = observed(work); export const handler = async (event: any, context: any) => inner(event, context);', 1],
])('a handler that is %s is not counted twice', async (_, text, durations) => {
  const runtime = JSON.stringify(path.join(__dirname, '../../runtime/src/index.ts'));
  const files = { 'pay.ts': `import { observed } from ${runtime}; const work = async (event: any) => event.result;\n${text}` };
  const result = await run(folderOf(files, OBSERVED), [{ result: { statusCode: 500 } }], { POWERTOOLS_TRACE_ENABLED: 'false' });
  expect([named(result, 'ColdStart').length, named(result, 'Faults').length, named(result, 'Duration').length]).toEqual([1, 1, durations]);
});

test('a handler with a callback, which the runtimes before Node.js 24 call, is not instrumented, and says so', () => {
  const entry = new TestProject({ 'pay.ts': 'export const handler = (_e: any, _c: any, done: any) => done(undefined, 1);' }).path('pay.ts');
  const fn = new BundledFunction(NodejsCode.fromEntry(entry, OBSERVED), { ...NAMESPACE, runtime: lambda.Runtime.NODEJS_22_X });
  const script = `require(${JSON.stringify(fn.folder)}).handler({}, {}, (_, result) => console.log(result))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8', env: { ...process.env, _HANDLER: 'index.handler' } });
  expect([stdout.trim(), stderr.trim()]).toEqual(['1', "the handler 'handler' is not instrumented, because it has a callback; return a promise"]);
});

describe('in an app', () => {
  const entry = () => new TestProject({ 'pay.ts': HANDLER }).path('pay.ts');
  const props = { runtime: lambda.Runtime.NODEJS_24_X, handler: 'index.handler' };

  test('the alarms of a ProductionFunction count Faults', () => {
    const stack = new Stack(new App(), 'Stack');
    const pay = new ProductionFunction(stack, 'Pay', { ...props, code: NodejsCode.fromEntry(entry(), OBSERVED), alarms: {} });
    const other = new ProductionFunction(stack, 'Other', { ...props, code: NodejsCode.fromEntry(entry()) });
    expect([publishesFaults(pay), publishesFaults(other)]).toEqual([true, false]);
    const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).filter(alarm => JSON.stringify(alarm).includes('"Faults"'));
    expect(alarms).toHaveLength(2); // of the release, and of the function
  });

  test('FunctionAlarms of a plain function count them too, and its metrics need a namespace', () => {
    const stack = new Stack(new App(), 'Stack');
    const fn = new lambda.Function(stack, 'Fn', { ...props, architecture: lambda.Architecture.ARM_64, code: NodejsCode.fromEntry(entry(), OBSERVED) });
    new FunctionAlarms(stack, 'Alarms', { function: fn.addAlias('live') });
    expect(() => Template.fromStack(stack)).toThrow('got no variable POWERTOOLS_METRICS_NAMESPACE');
    fn.addEnvironment('POWERTOOLS_METRICS_NAMESPACE', 'shop');
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'))).toContain('"Faults"');
  });

  test('fails if the handler is not an export itself', () => {
    const code = NodejsCode.fromEntry(new TestProject({ 'pay.ts': 'export const api = { handler: async () => 1 };' }).path('pay.ts'), OBSERVED);
    expect(() => new BundledFunction(code, { handler: 'index.api.handler' }))
      .toThrow("'handler' must be 'index.<export>' with 'instrumentation', got 'index.api.handler'; export the function itself (at Stack/Fn/Resource)");
  });

  test('none() changes nothing, and another choice is another package', () => {
    const file = entry();
    const key = (options: NodejsBundlingOptions) => new BundledFunction(NodejsCode.fromEntry(file, options), NAMESPACE).assetKey;
    const choices = [undefined, Instrumentation.none(), Instrumentation.observed(), Instrumentation.observed({ duration: false })];
    const keys = choices.map(instrumentation => key({ instrumentation }));
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
  });
});
