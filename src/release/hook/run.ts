import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, type InvokeCommandOutput, type LambdaClient } from '@aws-sdk/client-lambda';
import { differences } from './differences';

/** One test, as the construct wrote it into the environment. */
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

/** Invokes the version until its answer is right, or the attempts are used up. */
export async function runSmokeTest(client: LambdaClient, version: string, test: SmokeTestConfig, signal: AbortSignal): Promise<Outcome> {
  for (let attempt = 1; ; attempt++) {
    const problem = await tryOnce(client, version, test, signal).catch(error => `the invocation failed: ${error}`);
    if (problem === undefined) return { status: 'Succeeded', reason: `${version} gave the right answer in attempt ${attempt}` };
    console.log(JSON.stringify({ version, attempt, problem }));
    if (attempt >= test.attempts) return { status: 'Failed', reason: `${version}: ${problem} (attempt ${attempt} of ${test.attempts})` };
    await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS), undefined, { signal });
  }
}

async function tryOnce(client: LambdaClient, version: string, test: SmokeTestConfig, abortSignal: AbortSignal): Promise<string | undefined> {
  const output = await client.send(new InvokeCommand({ FunctionName: version, Payload: Buffer.from(JSON.stringify(test.payload)) }), { abortSignal });
  const text = Buffer.from(output.Payload ?? []).toString();
  if (output.FunctionError) return `${output.FunctionError} function error ${shortened(text)}`;
  return wrongStatus(output) ?? wrongAnswer(text, test);
}

function wrongStatus({ StatusCode }: InvokeCommandOutput): string | undefined {
  return StatusCode === 200 ? undefined : `Lambda answered with status ${StatusCode}`;
}

function wrongAnswer(text: string, test: SmokeTestConfig): string | undefined {
  let answer: unknown;
  try {
    answer = text === '' ? null : JSON.parse(text);
  } catch {
    return `the answer is not JSON, got ${shortened(text)}`;
  }
  if (test.expect === undefined) return failingStatusCode(answer);
  const found = differences(test.expect, answer);
  return found.length === 0 ? undefined : `the answer differs: ${found.join('; ')}`;
}

/** An answer to API Gateway, a function URL or a load balancer can fail without a function error. */
function failingStatusCode(answer: unknown): string | undefined {
  const code = (answer as { statusCode?: unknown } | null)?.statusCode;
  return typeof code === 'number' && code >= 400 ? `the answer has statusCode ${code}` : undefined;
}

function shortened(text: string): string {
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text;
}
