import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { differences } from './differences';

/** One test, as SmokeTestHook writes it into the environment. */
export interface SmokeTestConfig {
  readonly payload: unknown;
  readonly expect?: unknown;
  readonly attempts: number;
}

interface Outcome {
  readonly status: 'Succeeded' | 'Failed';
  readonly reason: string;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** Invokes the version until its response is the expected one, or until the attempts are used. */
export async function runSmokeTest(client: LambdaClient, version: string, test: SmokeTestConfig, signal: AbortSignal): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const problem = await tryOnce(client, version, test, signal).catch(error => `the invocation failed: ${error}`);
    if (problem === undefined) return { status: 'Succeeded', reason: `${version} returned the expected response in attempt ${attempt}` };
    console.log(JSON.stringify({ version, attempt, problem }));
    if (attempt >= test.attempts) return { status: 'Failed', reason: `${version}: ${problem} (attempt ${attempt} of ${test.attempts})` };
    await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS), undefined, { signal });
  }
}

async function tryOnce(client: LambdaClient, version: string, test: SmokeTestConfig, abortSignal: AbortSignal): Promise<string | undefined> {
  const output = await client.send(new InvokeCommand({ FunctionName: version, Payload: Buffer.from(JSON.stringify(test.payload)) }), { abortSignal });
  const text = Buffer.from(output.Payload ?? []).toString();
  if (output.FunctionError) return `${output.FunctionError} function error ${shortened(text)}`;
  return findStatusProblem(output) ?? findResponseProblem(text, test);
}

function findStatusProblem({ StatusCode }: InvokeCommandOutput): string | undefined {
  return StatusCode === 200 ? undefined : `Lambda responded with status ${StatusCode}`;
}

function findResponseProblem(text: string, test: SmokeTestConfig): string | undefined {
  let response: unknown;
  try {
    response = text === '' ? null : JSON.parse(text);
  } catch {
    return `the response is not JSON, got ${shortened(text)}`;
  }
  if (test.expect === undefined) return failingStatusCode(response);
  const found = differences(test.expect, response);
  return found.length === 0 ? undefined : `the response differs: ${found.join('; ')}`;
}

/** A response to API Gateway, a function URL or a load balancer can be an error without a function error. */
function failingStatusCode(response: unknown): string | undefined {
  const code = (response as { statusCode?: unknown } | null)?.statusCode;
  return typeof code === 'number' && code >= 400 ? `the response has statusCode ${code}` : undefined;
}

function shortened(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}
