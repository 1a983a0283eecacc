import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Step { readonly name?: string; readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }
interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly permissions: Record<string, string>;
  readonly environment?: string;
  readonly uses?: string;
  readonly concurrency?: object;
  readonly steps?: Step[];
}
interface Workflow { readonly on: Record<string, unknown>; readonly permissions: object; readonly jobs: Record<string, Job> }

const WORKFLOWS = join(__dirname, '..', '..', 'sample', '.github', 'workflows');
const textOf = (file: string) => readFileSync(join(WORKFLOWS, file), 'utf8');
const deploy = parse(textOf('deploy.yml')) as Workflow;
const deployTo = parse(textOf('deploy-to.yml')) as Workflow;
const jobs = [...Object.values(deploy.jobs), ...Object.values(deployTo.jobs)];
const steps = jobs.flatMap(job => job.steps ?? []);
const takesOnARole = (job: Job) => (job.steps ?? []).some(({ uses }) => uses?.startsWith('aws-actions/'));

test('each action is pinned by its commit, with the version beside it', () => {
  const used = [...`${textOf('deploy.yml')}${textOf('deploy-to.yml')}`.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, action]) => action);
  expect(used.length).toBeGreaterThan(5);
  for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('there is no key and no secret', () => {
  expect(`${textOf('deploy.yml')}${textOf('deploy-to.yml')}`).not.toMatch(/secrets\.|aws-access-key-id|aws-secret-access-key|AWS_SECRET/);
});

test('a token of GitHub is asked for where a role is taken on, and nothing is writable', () => {
  expect([deploy.permissions, deployTo.permissions]).toEqual([{}, {}]);
  for (const job of jobs) {
    const needsToken = takesOnARole(job) || job.uses !== undefined;
    expect(job.permissions).toEqual({ contents: 'read', ...needsToken && { 'id-token': 'write' } });
  }
});

test('the code of a pull request runs without more rights than it has, and deploys nothing', () => {
  expect(Object.keys(deploy.on)).toEqual(['push', 'pull_request']);
  const { diff, staging, production } = deploy.jobs;
  expect(diff.if).toContain('head.repo.full_name == github.repository');
  expect(diff.steps!.map(({ run }) => run).join()).not.toContain('cdk deploy');
  for (const job of [staging, production]) expect(job.if).toBe("github.event_name == 'push'");
});

test('staging comes before production, and both deploy what was tested', () => {
  const { staging, production } = deploy.jobs;
  expect([staging.needs, production.needs]).toEqual(['build', 'staging']);
  expect(deployTo.jobs.deploy).toMatchObject({ environment: '${{ inputs.environment }}', concurrency: { 'cancel-in-progress': false } });
  const [deploying] = steps.filter(({ run }) => run?.includes('cdk deploy'));
  expect(deploying.run).toContain('--app cdk.out');
});

test('values of the event reach a shell by its environment only', () => {
  for (const { run } of steps) expect(run ?? '').not.toContain('${{');
});

describe('the report', () => {
  let home: string;
  beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'report-')); });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** Runs the step with an `aws` that says what it was asked for. */
  function report(aws: string): string {
    const stack = (properties: object) => ({ type: 'aws:cloudformation:stack', properties });
    mkdirSync(join(home, 'cdk.out', 'assembly-Prod'), { recursive: true });
    writeFileSync(join(home, 'cdk.out', 'manifest.json'), JSON.stringify({ artifacts: { 'Payments': stack({}), 'Payments.assets': { type: 'cdk:asset-manifest' } } }));
    writeFileSync(join(home, 'cdk.out', 'assembly-Prod', 'manifest.json'), JSON.stringify({ artifacts: { ProdLedger: stack({ stackName: 'Prod-Ledger' }) } }));
    const { run } = steps.find(({ name }) => name === 'The results of the canaries')!;
    const summary = join(home, 'summary');
    execFileSync('bash', ['-e', '-c', `aws() ( ${aws} )\n${run}`], {
      cwd: home,
      stdio: 'pipe',
      env: {
        ...process.env,
        GITHUB_STEP_SUMMARY: summary,
        SINCE: '2026-11-24T16:00:00Z',
        OUTCOME: 'failure',
        ENVIRONMENT: 'staging',
      },
    });
    return readFileSync(summary, 'utf8');
  }

  test('has the events of the aliases of all stacks, those of stages too', () => {
    const told = report('echo "$4 $8"');
    expect(told).toContain('### staging: failure');
    expect(told).toContain("Payments StackEvents[?Timestamp>='2026-11-24T16:00:00Z' && ResourceType=='AWS::Lambda::Alias']");
    expect(told).toContain('Prod-Ledger StackEvents');
    expect(told).not.toContain('Payments.assets');
  });

  test('fails where the events can not be read', () => {
    expect(() => report('exit 255')).toThrow('Command failed');
  });
});
