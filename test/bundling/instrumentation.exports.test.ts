import * as path from 'node:path';
import { Instrumentation, ModuleFormat, NodejsCode } from '../../src/bundling';
import { ExecutionEnvironment } from '../runtime/runtime-api';
import { BundledFunction, TestProject } from '../support/bundled-project';

afterAll(() => TestProject.removeAll());

const WORK = 'async event => event.result';
const { ESM, COMMON_JS } = ModuleFormat;

function bundle(file: string, text: string, handler: string, format: ModuleFormat, layerModules?: string[]): BundledFunction {
  const options = { instrumentation: Instrumentation.observed(), format, layerModules };
  const code = NodejsCode.fromEntry(new TestProject({ [file]: text }).path(file), options);
  return new BundledFunction(code, { handler, environment: { POWERTOOLS_METRICS_NAMESPACE: 'shop' } });
}

test.each<[string, string, string, string, ModuleFormat]>([
  ['a CommonJS file in an ES module', 'pay.cjs', `exports.handler = ${WORK};`, 'index.handler', ESM],
  ['a CommonJS file that replaces its exports, in an ES module', 'pay.cjs', `module.exports = { 'handler': ${WORK} };`, 'index.handler', ESM],
  ['a CommonJS file in an ES module, by its default export', 'pay.cjs', `exports['handler'] = ${WORK};`, 'index.default.handler', ESM],
  ['a property of the default export', 'pay.mjs', `export default { handler: ${WORK} };`, 'index.handler', ESM],
  ['a method of the default export', 'pay.mjs', 'class Pay { async handler(event) { return event.result; } } export default new Pay();', 'index.handler', ESM],
  ['a property of a frozen default export beside others', 'pay.mjs', `export const a = 1; export default Object.freeze({ handler: ${WORK} });`, 'index.default.handler', ESM],
  ['a property of the default export, in CommonJS', 'pay.mjs', `export default { handler: ${WORK} };`, 'index.default.handler', COMMON_JS],
  ['an export before a licence', 'pay.mjs', `/*! @license MIT * export { a }; */ export const handler = ${WORK};`, 'index.handler', ESM],
  ['an export before a licence in one line', 'pay.mjs', `//! MIT\nexport const handler = ${WORK};`, 'index.handler', ESM],
])('%s is instrumented', async (_, file, text, handler, format) => {
  const { folder } = bundle(file, text, handler, format);
  const running = await ExecutionEnvironment.start({ taskRoot: folder, handler, environment: { POWERTOOLS_METRICS_NAMESPACE: 'shop' } });
  try {
    expect(await running.invoke({ result: { statusCode: 500 } })).toEqual({ payload: { statusCode: 500 } });
    await new Promise<void>(resolve => setTimeout(resolve, 50)); // the last lines are on their way
    expect(running.log).toMatch(/"Faults":1/);
  } finally {
    await running.stop();
  }
});

const METRICS = JSON.stringify(path.join(__dirname, '../../node_modules/@aws-lambda-powertools/metrics'));

test.each([
  ['in the namespace of the function, is not counted twice', '', 1],
  ['in a namespace of its own, is counted in both', "{ namespace: 'own' }", 2],
])('a cold start that a handler counts itself by Powertools, %s', async (_, options, expected) => {
  const text = `import { Metrics } from ${METRICS}; const metrics = new Metrics(${options});
    export const handler = async (event: any, context: any) => { metrics.captureColdStartMetric(context.functionName); return event.result; };`;
  const { folder } = bundle('pay.ts', text, 'index.handler', COMMON_JS);
  const environment = { POWERTOOLS_METRICS_NAMESPACE: 'shop', POWERTOOLS_SERVICE_NAME: 'pay', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' };
  const running = await ExecutionEnvironment.start({ taskRoot: folder, handler: 'index.handler', environment });
  try {
    for (let i = 0; i < 2; i++) await running.invoke({ result: { statusCode: 500 } });
    await new Promise<void>(resolve => setTimeout(resolve, 50)); // the last lines are on their way
    expect(running.log.match(/"ColdStart":1/g)).toHaveLength(expected);
    expect(running.log.match(/"Faults":1/g)).toHaveLength(2);
  } finally {
    await running.stop();
  }
});

test('fails if the names of the exports of an ES module are not known', () => {
  expect(() => bundle('pay.ts', "export * from 'ext';", 'index.handler', ESM, ['ext']))
    .toThrow(/^the handler must be exported by its name with 'instrumentation', got 'export \*' of a package outside the bundle in '.*pay.ts'; write: export \{ handler \} from '<package>' \(at Stack\/Fn\/Resource\)$/);
});

test.each(['index.api.handler', 'index.default.api.handler'])('fails for %s, which is not wrapped', handler => {
  expect(() => bundle('pay.ts', `export const api = { handler: ${WORK} }; export default { api };`, handler, ESM)).toThrow("'handler' must be 'index.<export>' with 'instrumentation'");
});
