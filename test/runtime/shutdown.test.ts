import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ExecutionEnvironment } from './runtime-api';

const folder = mkdtempSync(join(tmpdir(), 'shutdown-'));
afterAll(() => rmSync(folder, { recursive: true }));

let environment: ExecutionEnvironment;
afterEach(() => environment.stop());

/** Runs a handler under the runtime client of Lambda, after these statements. */
async function start(name: string, statements: string): Promise<void> {
  const contents = `import { observed, onShutdown } from './index';\n${statements}\nexport const handler = observed(async () => 'done');`;
  const taskRoot = join(folder, name);
  buildSync({ stdin: { contents, resolveDir: join(__dirname, '../../runtime/src'), loader: 'ts' }, outfile: join(taskRoot, 'index.js'), bundle: true, platform: 'node', mainFields: ['module', 'main'] });
  environment = await ExecutionEnvironment.start({
    taskRoot,
    handler: 'index.handler',
    environment: { POWERTOOLS_TRACE_ENABLED: 'false', POWERTOOLS_METRICS_DISABLED: 'true' },
  });
  expect(await environment.invoke({}, 30_000)).toEqual({ payload: 'done' });
}

test('at SIGTERM everything is closed, also after one that fails, and the process ends with 0', async () => {
  await start('closes', `
    onShutdown(async () => { throw new Error('not open'); });
    onShutdown(async () => { await new Promise(resolve => setTimeout(resolve, 20)); process.stdout.write('closed\\n'); });`);
  expect((await environment.shutDown()).code).toBe(0);
  expect(environment.log).toContain('closed');
  expect(environment.log).toContain('shutdown was not clean');
  expect(environment.extensions.registered).toEqual([]);
});

test('what does not close in time is left, before Lambda ends the process', async () => {
  await start('hangs', 'onShutdown(() => new Promise(() => setInterval(() => undefined, 1_000)));');
  const { code, millis } = await environment.shutDown(5_000);
  expect(code).toBe(0);
  expect(millis).toBeGreaterThan(240);
});

test('an extension is registered once, without events, and waits for one: Lambda then sends SIGTERM', async () => {
  await start('registers', `
    onShutdown(() => process.stdout.write('first\\n'), { registerExtension: true });
    onShutdown(() => process.stdout.write('second\\n'), { registerExtension: true });`);
  expect(environment.extensions).toEqual({ registered: [{ name: 'cdk-production-lambda-shutdown', events: [] }], waiting: ['extension-1'] });
  await environment.shutDown();
  expect(environment.log).toMatch(/first[\s\S]*second/);
});
