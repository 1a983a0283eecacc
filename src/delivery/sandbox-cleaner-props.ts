import type * as events from 'aws-cdk-lib/aws-events';

/**
 * Properties of a SandboxCleaner.
 */
export interface SandboxCleanerProps {
  /**
   * Whether the cleaner only logs which stacks it would delete. Read the log of a run before you set it to false.
   *
   * @default true
   */
  readonly dryRun?: boolean;

  /**
   * When the cleaner runs.
   *
   * @default - every day at 03:00 UTC
   */
  readonly schedule?: events.Schedule;
}
