import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { readDeployment } from './deployment';
import { report, REPORT_MS } from './report';
import { runSmokeTest, type SmokeTestConfig } from './smoke-test-run';
import { durationText } from '../../private/duration-text';

/** The event of CodeDeploy, which does not contain the version. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** The status that is reported to CodeDeploy, and its reason. */
interface Verdict {
  readonly status: 'Succeeded' | 'Failed';
  readonly reason: string;
}

const CONNECTION_MS = 3_000;
const codeDeploy = new CodeDeployClient({
  maxAttempts: 5,
  requestHandler: { connectionTimeout: CONNECTION_MS, requestTimeout: 10_000, throwOnRequestTimeout: true },
});
// One attempt, because runSmokeTest() repeats the invocation. Only the time of the hook limits an invocation, which can be slow.
const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: CONNECTION_MS } });

/** Tests the new version and reports the result to CodeDeploy, also after an error. */
export async function handler(event: HookEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Verdict> {
  const verdict = await inTime(context, signal => test(event, signal));
  console.log(JSON.stringify({ deploymentId: event.DeploymentId, ...verdict }));
  const { DeploymentId: deploymentId, LifecycleEventHookExecutionId: lifecycleEventHookExecutionId } = event;
  await report(codeDeploy, { deploymentId, lifecycleEventHookExecutionId, status: verdict.status });
  return verdict;
}

async function test(event: HookEvent, signal: AbortSignal): Promise<Verdict> {
  const deployment = await readDeployment(codeDeploy, event.DeploymentId, signal);
  if (deployment === undefined) return { status: 'Succeeded', reason: 'not tested, because the deployment is a rollback' };
  const config = (JSON.parse(process.env.SMOKE_TESTS!) as Record<string, SmokeTestConfig>)[deployment.group];
  if (config === undefined) throw new Error(`no smoke test for deployment group ${deployment.group}; got ${process.env.SMOKE_TESTS}`);
  return runSmokeTest(lambda, deployment.version, config, signal);
}

/** Resolves to Failed if the work throws an error, or shortly before the timeout of the function. */
async function inTime(context: Pick<Context, 'getRemainingTimeInMillis'>, work: (signal: AbortSignal) => Promise<Verdict>): Promise<Verdict> {
  const remaining = context.getRemainingTimeInMillis();
  const allowed = Math.max(remaining - REPORT_MS, remaining / 2);
  const abort = new AbortController();
  let timer: NodeJS.Timeout;
  const outOfTime = new Promise<Verdict>(resolve => {
    timer = setTimeout(() => {
      resolve({ status: 'Failed', reason: `no expected response within ${durationText(Math.round(allowed / 1000))}` });
      abort.abort();
    }, allowed);
  });
  const failed = (error: unknown): Verdict => ({ status: 'Failed', reason: String(error) });
  return Promise.race([outOfTime, work(abort.signal).catch(failed)]).finally(() => clearTimeout(timer));
}
