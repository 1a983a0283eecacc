import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Context } from 'aws-lambda';
import { readDeployment } from './deployment';
import { runSmokeTest, type SmokeTestConfig } from './run';

/** What CodeDeploy sends: nothing about the version. */
export interface HookEvent {
  readonly DeploymentId: string;
  readonly LifecycleEventHookExecutionId: string;
}

/** What the release is told, and why. */
interface Verdict {
  readonly status: 'Succeeded' | 'Failed';
  readonly reason: string;
}

const codeDeploy = new CodeDeployClient({ maxAttempts: 5 });
// One attempt: the test counts and spaces its own.
const lambda = new LambdaClient({ maxAttempts: 1 });
/** Kept back to report when the tests take all the time there is. */
const REPORT_MS = 15_000;

/** Tests the new version and always reports, whatever happens on the way. */
export async function handler(event: HookEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Verdict> {
  const verdict = await inTime(context, signal => judge(event, signal));
  console.log(JSON.stringify({ deploymentId: event.DeploymentId, ...verdict }));
  await codeDeploy.send(new PutLifecycleEventHookExecutionStatusCommand({
    deploymentId: event.DeploymentId,
    lifecycleEventHookExecutionId: event.LifecycleEventHookExecutionId,
    status: verdict.status,
  }));
  return verdict;
}

async function judge(event: HookEvent, signal: AbortSignal): Promise<Verdict> {
  const deployment = await readDeployment(codeDeploy, event.DeploymentId, signal);
  if (deployment === undefined) return { status: 'Succeeded', reason: 'the release goes back to an old version: not tested' };
  const test = (JSON.parse(process.env.SMOKE_TESTS!) as Record<string, SmokeTestConfig>)[deployment.group];
  if (test === undefined) throw new Error(`no smoke test for deployment group ${deployment.group}; it has ${process.env.SMOKE_TESTS}`);
  return runSmokeTest(lambda, deployment.version, test, signal);
}

/** Failed when the work throws, and shortly before Lambda would end it. */
async function inTime(context: Pick<Context, 'getRemainingTimeInMillis'>, work: (signal: AbortSignal) => Promise<Verdict>): Promise<Verdict> {
  const remaining = context.getRemainingTimeInMillis();
  const allowed = Math.max(remaining - REPORT_MS, remaining / 2);
  const abort = new AbortController();
  let timer: NodeJS.Timeout;
  const outOfTime = new Promise<Verdict>(resolve => {
    timer = setTimeout(() => {
      resolve({ status: 'Failed', reason: `no right answer within ${Math.round(allowed / 1000)} seconds` });
      abort.abort();
    }, allowed);
  });
  const failed = (error: unknown): Verdict => ({ status: 'Failed', reason: String(error) });
  return Promise.race([outOfTime, work(abort.signal).catch(failed)]).finally(() => clearTimeout(timer));
}
