import { GUIDE, LOG_RETENTION, row } from './default-row';
import { PROFILES } from './profile-defaults';

const P = PROFILES;
const LDG = GUIDE.lambda;
const NO_CLEANER = 'no cleaner';

/** The defaults of constructs for sandboxes. */
export const DELIVERY_DEFAULTS = {
  EventProbe: {
    retentionMinutes: row(60, '4 days', 'a test reads its messages within minutes, and the messages of earlier tests are deleted', `${GUIDE.sqs}/quotas-messages.html`,
      { unit: 'min' }),
    encryption: row('SQS managed', 'SQS managed', 'pinned: encryption at rest costs nothing', `${GUIDE.sqs}/sqs-configure-sqs-sse-queue.html`),
    enforceSSL: row(true, 'false', 'messages contain the data of the events', `${GUIDE.sqs}/sqs-security-best-practices.html`),
    removalPolicy: row('Delete', 'Delete', 'a sandbox is deleted with its stack', `${GUIDE.cloudFormationTemplates}/aws-attribute-deletionpolicy.html`),
  },
  SandboxCleaner: {
    dryRun: row(true, NO_CLEANER, 'the log of a run shows what would be deleted before something is', `${GUIDE.cloudFormation}/using-iam-servicerole.html`),
    schedule: row('cron(0 3 * * ? *)', NO_CLEANER, 'sandboxes expire at midnight UTC, and deletions have hours before the working day', `${GUIDE.eventBridge}/eb-scheduled-rule-pattern.html`),
    memorySize: row(256, NO_CLEANER, 'the function waits for CloudFormation most of its time', `${LDG}/configuration-memory.html`, { rule: 'LP-F04', unit: 'MB' }),
    timeoutSeconds: row(300, NO_CLEANER, 'two calls for each expired stack, with retries', `${LDG}/configuration-timeout.html`, { rule: 'LP-F01', unit: 's' }),
    retryAttempts: row(0, NO_CLEANER, 'the next run does the same work, and an alarm fires once a run', `${LDG}/invocation-async-configuring.html`,
      { rule: 'LP-F78' }),
    maxEventAgeSeconds: row(3_600, NO_CLEANER, 'an event that is older than an hour belongs to an incident', `${LDG}/invocation-async-configuring.html`,
      { rule: 'LP-F78', unit: 's' }),
    logRetentionDays: row(P.logRetentionDays.production, NO_CLEANER, 'the report of a run is in its log', LOG_RETENTION,
      { rule: 'LP-F13', unit: 'days', sandbox: P.logRetentionDays.sandbox }),
    logRemovalPolicy: row('Delete', NO_CLEANER, 'the reports are not needed after the cleaner is deleted', `${LDG}/monitoring-cloudwatchlogs.html`),
  },
} as const;
