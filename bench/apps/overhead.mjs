// What the instrumentation of a bundle adds to the import of a handler that does nothing, and to each of its invocations after the first ones.
import { createRequire } from 'node:module';

const [plain, instrumented] = process.argv.slice(2);
const require = createRequire(import.meta.url);
Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'bench', AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand' });
const INVOCATIONS = 5_000;

/** CPU time of this thread in milliseconds. The system counts it in ticks of milliseconds, so it is for many invocations, and not for an import. */
const cpu = () => {
  const { user, system } = (process.threadCpuUsage ?? process.cpuUsage)();
  return (user + system) / 1000;
};
const loaded = file => {
  const started = performance.now();
  const { handler } = require(file);
  return [handler, performance.now() - started];
};
const perInvocation = async handler => {
  const started = cpu();
  for (let i = 0; i < INVOCATIONS; i++) {
    await handler({}, { functionName: 'pay', functionVersion: '1', awsRequestId: `request-${i}`, getRemainingTimeInMillis: () => 3_000 });
  }
  return (cpu() - started) / INVOCATIONS;
};

const [without, loadWithout] = loaded(plain);
const [observed, loadObserved] = loaded(instrumented);
for (const handler of [without, observed]) await perInvocation(handler);
const invocation = await perInvocation(observed) - await perInvocation(without);
console.log(`\n${JSON.stringify({ load: loadObserved - loadWithout, invocation })}`);
