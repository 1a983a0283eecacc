import { setTimeout as sleep } from 'node:timers/promises';
import { type CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand, type PutLifecycleEventHookExecutionStatusCommandInput } from '@aws-sdk/client-codedeploy';

const ATTEMPTS = 4;
const ATTEMPT_MS = 3_000;
const FIRST_PAUSE_MS = 250;
/** The time that the report needs at most. */
export const REPORT_MS = 15_000;
/** An earlier attempt arrived, and only its answer was lost. */
const ARRIVED = 'LifecycleEventAlreadyCompletedException';

/** Reports to CodeDeploy, which otherwise waits for an hour. An attempt that gets no answer is given up for the next one. */
export async function report(client: CodeDeployClient, input: PutLifecycleEventHookExecutionStatusCommandInput): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.send(new PutLifecycleEventHookExecutionStatusCommand(input), { abortSignal: AbortSignal.timeout(ATTEMPT_MS) });
      return;
    } catch (error) {
      if (attempt > 1 && (error as Error).name === ARRIVED) return;
      if (attempt === ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
