import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { type PruneClients, pruneVersions } from '../../../src/release/prune-versions-command/prune-versions';
import { FakeAws } from '../../support/fake-aws';

const COMMAND = path.join(__dirname, '..', '..', '..', 'assets', 'prune-versions', 'index.js');

let aws: FakeAws;
let clients: PruneClients;
beforeEach(async () => {
  aws = await FakeAws.start();
  const { AWS_ENDPOINT_URL_LAMBDA: endpoint, AWS_REGION: region } = aws.environment;
  const config = { endpoint, region, credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' } };
  clients = { lambda: new LambdaClient(config), codeDeploy: new CodeDeployClient(config) };
});
afterEach(() => aws.stop());

/** A function with these versions and aliases, each list in two pages. */
function given(versions: string[], aliases: object[], more: typeof aws.respond = () => ({})): void {
  const half = Math.ceil(versions.length / 2);
  aws.respond = call => {
    const { operation, query } = call;
    if (operation === 'Lambda.GET versions') {
      const page = query!.get('Marker') ? versions.slice(half) : versions.slice(0, half);
      return { body: { Versions: page.map(Version => ({ Version })), NextMarker: query!.get('Marker') ? undefined : 'more' } };
    }
    if (operation === 'Lambda.GET aliases') return { body: { Aliases: query!.get('Marker') ? aliases.slice(1) : aliases.slice(0, 1), NextMarker: query!.get('Marker') ? undefined : 'more' } };
    return call.operation === 'Lambda.DELETE' ? { status: 204, body: '' } : more(call);
  };
}

const deleted = () => aws.calls.filter(call => call.operation === 'Lambda.DELETE').map(call => `${call.target}:${call.query!.get('Qualifier')}`);
const pruneAll = (keep: number, dryRun = false) => pruneVersions(clients, { functionName: 'pay', keep, dryRun });
const prune = async (keep: number, dryRun = false) => (await pruneAll(keep, dryRun)).deleted;
const MANY = ['$LATEST', '1', '2', '3', '9', '10', '11'];

test('the newest versions stay, by number and not by text', async () => {
  given(MANY, [{ FunctionVersion: '11' }]);
  expect(await prune(3)).toEqual(['3', '2', '1']);
  expect(deleted()).toEqual(['pay:3', 'pay:2', 'pay:1']);
});

test('what an alias points to stays, however old, and with weights too', async () => {
  given(MANY, [{ FunctionVersion: '11', RoutingConfig: { AdditionalVersionWeights: { 2: 0.1 } } }, { FunctionVersion: '1' }]);
  expect(await prune(2)).toEqual(['9', '3']);
});

test('$LATEST is no version, and never deleted', async () => {
  given(['$LATEST'], []);
  expect(await prune(2)).toEqual([]);
  expect(deleted()).toEqual([]);
});

test('fewer versions than are to be kept all stay', async () => {
  given(['$LATEST', '1', '2'], [{ FunctionVersion: '2' }]);
  expect(await prune(2)).toEqual([]);
});

test('a dry run returns the versions and deletes nothing', async () => {
  given(MANY, [{ FunctionVersion: '11' }]);
  expect(await prune(3, true)).toEqual(['3', '2', '1']);
  expect(deleted()).toEqual([]);
});

const arn = (qualifier: string | number) => `arn:aws:lambda:eu-west-1:123456789012:function:pay:${qualifier}`;

test.each<[string, typeof aws.respond]>([
  ['event source mapping', ({ operation, target }) => operation.endsWith('event-source-mappings') && target === 'pay:2' ? { body: { EventSourceMappings: [{ FunctionArn: arn(2) }] } } : {}],
  ['provisioned concurrency', ({ operation }) => operation === 'Lambda.GET provisioned' ? { body: { ProvisionedConcurrencyConfigs: [{ FunctionArn: arn(2) }] } } : {}],
  ['function URL', ({ operation }) => operation === 'Lambda.GET urls' ? { body: { FunctionUrlConfigs: [{ FunctionArn: arn(2) }] } } : {}],
  ['configuration of asynchronous invocation', ({ operation }) => operation === 'Lambda.GET event' ? { body: { FunctionEventInvokeConfigs: [{ FunctionArn: arn(2) }] } } : {}],
  ['permission to invoke the version', ({ operation, query }) => operation === 'Lambda.GET policy' && query!.get('Qualifier') === '2' ? { body: { Policy: '{}' } } : {}],
  ['running durable execution', ({ operation, query }) => operation === 'Lambda.GET durable' && query!.get('Qualifier') === '2' && query!.get('Statuses') === 'RUNNING'
    ? { body: { DurableExecutions: [{ FunctionArn: arn(2), Status: 'RUNNING' }] } } : {}],
])('a version with a %s is not deleted', async (use, more) => {
  given(MANY, [{ FunctionVersion: '11' }], more);
  const { deleted: gone, used, failed } = await pruneAll(3);
  expect(gone).toEqual(['3', '1']);
  expect([...used]).toEqual([['2', use]]);
  expect(failed.size).toBe(0);
  expect(deleted()).toEqual(['pay:3', 'pay:1']);
});

/** A deployment of a function in progress, from one version to another. */
const deploying = (functionName: string, currentVersion: string, targetVersion: string): typeof aws.respond => ({ operation, input }) => ({
  body: {
    'CodeDeploy.ListDeployments': input?.includeOnlyStatuses?.includes('InProgress') ? { deployments: ['d-1'] } : {},
    'CodeDeploy.ListDeploymentTargets': { targetIds: [`${functionName}:live`] },
    'CodeDeploy.BatchGetDeploymentTargets': { deploymentTargets: [{ lambdaTarget: { lambdaFunctionInfo: { functionName, currentVersion, targetVersion } } }] },
  }[operation] ?? {},
});

test.each(['pay', 'arn:aws:lambda:eu-west-1:123456789012:function:pay'])('the versions of a deployment of %s in progress are not deleted, before and after the alias has weights', async functionName => {
  given(MANY, [{ FunctionVersion: '11' }], deploying('pay', '1', '2'));
  const { deleted: gone, used } = await pruneVersions(clients, { functionName, keep: 3, dryRun: false });
  expect(gone).toEqual(['3']);
  expect([...used]).toEqual([['2', 'deployment in progress'], ['1', 'deployment in progress']]);
});

test('a deployment of another function, or without a function, is no use', async () => {
  given(MANY, [{ FunctionVersion: '11' }], deploying('refund', '1', '2'));
  expect(await prune(3)).toEqual(['3', '2', '1']);
  given(MANY, [{ FunctionVersion: '11' }], ({ operation }) => operation === 'CodeDeploy.ListDeployments' ? { body: { deployments: ['d-1'] } } : {});
  expect(await prune(3)).toEqual(['3', '2', '1']);
});

test('nothing is deleted if the deployments cannot be read', async () => {
  given(MANY, [{ FunctionVersion: '11' }], ({ operation }) => operation === 'CodeDeploy.ListDeployments'
    ? { status: 400, body: { __type: 'AccessDeniedException', message: 'no' } } : {});
  await expect(pruneAll(3)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(deleted()).toEqual([]);
});

test('a function without a policy, durable executions or mappings has no uses', async () => {
  given(MANY, [{ FunctionVersion: '11' }], ({ operation }) => operation.startsWith('CodeDeploy') ? {}
    : { status: 404, headers: { 'x-amzn-ErrorType': 'ResourceNotFoundException' }, body: { Message: 'none' } });
  expect(await prune(3)).toEqual(['3', '2', '1']);
});

test('a version that Lambda does not delete does not stop the others', async () => {
  given(MANY, [{ FunctionVersion: '11' }]);
  const usual = aws.respond;
  aws.respond = call => call.operation === 'Lambda.DELETE' && call.query!.get('Qualifier') === '3'
    ? { status: 409, headers: { 'x-amzn-ErrorType': 'ResourceConflictException' }, body: { Message: 'in use' } } : usual(call);
  const pruned = await pruneAll(3);
  expect(pruned.deleted).toEqual(['2', '1']);
  expect([...pruned.failed].map(([version, { name }]) => [version, name])).toEqual([['3', 'ResourceConflictException']]);
});

test('a version whose uses cannot be read is not deleted', async () => {
  given(MANY, [{ FunctionVersion: '11' }], ({ operation }) => operation === 'Lambda.GET policy'
    ? { status: 403, headers: { 'x-amzn-ErrorType': 'AccessDeniedException' }, body: { Message: 'no' } } : {});
  const pruned = await pruneAll(3);
  expect([pruned.deleted, [...pruned.failed.keys()]]).toEqual([[], ['3', '2', '1']]);
  expect(deleted()).toEqual([]);
});

test('nothing is deleted if the aliases cannot be read', async () => {
  given(MANY, []);
  const usual = aws.respond;
  aws.respond = call => call.operation === 'Lambda.GET aliases' ? { status: 403, headers: { 'x-amzn-ErrorType': 'AccessDeniedException' }, body: { Message: 'no' } } : usual(call);
  await expect(pruneAll(3)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  expect(deleted()).toEqual([]);
});

describe('the command', () => {
  const command = (...args: string[]) => new Promise<{ code: number; out: string; err: string }>(resolve => {
    execFile(process.execPath, [COMMAND, ...args], { env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...aws.environment } },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }));
  });

  test('deletes versions of each function and prints them', async () => {
    given(MANY, [{ FunctionVersion: '11' }]);
    expect(await command('--keep', '4', 'pay', 'refund')).toMatchObject({ code: 0, out: 'pay: deleted 2, 1\nrefund: deleted 2, 1\n' });
    expect(deleted()).toEqual(['pay:2', 'pay:1', 'refund:2', 'refund:1']);
  });

  test('prints the versions of a dry run', async () => {
    given(MANY, []);
    expect(await command('--keep', '6', '--dry-run', 'pay')).toMatchObject({ code: 0, out: 'pay: would delete nothing\n' });
  });

  test('names the function and the version of an error, continues with the next function, and exits with 1', async () => {
    given(MANY, [{ FunctionVersion: '11' }]);
    const usual = aws.respond;
    aws.respond = call => call.operation === 'Lambda.DELETE' && call.target === 'pay' && call.query!.get('Qualifier') === '2'
      ? { status: 409, headers: { 'x-amzn-ErrorType': 'ResourceConflictException' }, body: { Message: 'in use' } } : usual(call);
    expect(await command('--keep', '4', 'pay', 'refund')).toEqual({ code: 1, out: 'pay: deleted 1\nrefund: deleted 2, 1\n', err: 'pay:2: ResourceConflictException: in use\n' });
  });

  test('prints the versions in use, and exits with 0', async () => {
    given(MANY, [{ Name: 'old', FunctionVersion: '1' }]);
    expect(await command('--keep', '4', 'pay')).toEqual({ code: 0, out: 'pay: deleted 2\npay: in use 1 (alias old)\n', err: '' });
  });

  test('prints no control character and no workflow command of a name or a message', async () => {
    given(MANY, [{ Name: '\u001b[2J\n::stop-commands::x', FunctionVersion: '1' }]);
    const usual = aws.respond;
    aws.respond = call => call.operation === 'Lambda.DELETE' ? { status: 409, headers: { 'x-amzn-ErrorType': 'Conflict' }, body: { Message: 'no\n##[error]x' } } : usual(call);
    const { out, err } = await command('--keep', '4', 'pay');
    expect(out).toBe('pay: deleted nothing\npay: in use 1 (alias \uFFFD[2J :\uFFFDstop-commands::x)\n');
    expect(err).toContain('Conflict: no ##\uFFFDerror]x\n');
  });

  test.each(['pay:live', 'pay:7', 'arn:aws:lambda:eu-west-1:123456789012:function:pay:7'])('rejects %s, which has a qualifier', async name => {
    const { code, err } = await command('--keep', '2', name);
    expect([code, err]).toEqual([1, expect.stringContaining(`'function' must have no version or alias, got ${name}`)]);
    expect(aws.calls).toEqual([]);
  });

  test('prints its usage', async () => {
    expect(await command('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^usage: prune-versions --keep /) });
  });

  test.each([
    [[], "'--keep' must be a whole number of at least 2, got nothing; keep the versions for rollbacks"],
    [['pay'], "'--keep' must be a whole number of at least 2, got nothing"],
    [['--keep', '1', 'pay'], "'--keep' must be a whole number of at least 2, got 1"],
    [['--keep', 'x', 'pay'], "'--keep' must be a whole number of at least 2, got x"],
    [['--keep', '1e1', 'pay'], "'--keep' must be a whole number of at least 2, got 1e1"],
    [['--keep', '2.5', 'pay'], "'--keep' must be a whole number of at least 2, got 2.5"],
    [['--keep', '3'], "'function' must be the name or the ARN of a function, got nothing; pass at least one"],
    [['--unknown'], 'Unknown option'],
  ])('rejects %j and deletes nothing', async (args, message) => {
    const { code, err } = await command(...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(aws.calls).toEqual([]);
  });
});
