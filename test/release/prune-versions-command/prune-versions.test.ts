import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { pruneVersions } from '../../../src/release/prune-versions-command/prune-versions';
import { FakeAws } from '../../support/fake-aws';

const COMMAND = path.join(__dirname, '..', '..', '..', 'assets', 'prune-versions', 'index.js');

let aws: FakeAws;
let client: LambdaClient;
beforeEach(async () => {
  aws = await FakeAws.start();
  const { AWS_ENDPOINT_URL_LAMBDA: endpoint, AWS_REGION: region } = aws.environment;
  client = new LambdaClient({ endpoint, region, credentials: { accessKeyId: 'fake', secretAccessKey: 'fake' } });
});
afterEach(() => aws.stop());

/** A function with these versions and aliases, each list in two pages. */
function given(versions: string[], aliases: object[]): void {
  const half = Math.ceil(versions.length / 2);
  aws.respond = ({ operation, query }) => {
    if (operation === 'Lambda.GET versions') {
      const page = query!.get('Marker') ? versions.slice(half) : versions.slice(0, half);
      return { body: { Versions: page.map(Version => ({ Version })), NextMarker: query!.get('Marker') ? undefined : 'more' } };
    }
    if (operation === 'Lambda.GET aliases') return { body: { Aliases: query!.get('Marker') ? aliases.slice(1) : aliases.slice(0, 1), NextMarker: query!.get('Marker') ? undefined : 'more' } };
    return { status: 204, body: '' };
  };
}

const deleted = () => aws.calls.filter(call => call.operation === 'Lambda.DELETE').map(call => `${call.target}:${call.query!.get('Qualifier')}`);
const prune = (keep: number, dryRun = false) => pruneVersions(client, { functionName: 'pay', keep, dryRun });
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

test('throws the error of Lambda for a version that an alias points to in the meantime', async () => {
  given(MANY, [{ FunctionVersion: '11' }]);
  const usual = aws.respond;
  aws.respond = call => call.operation === 'Lambda.DELETE' ? { status: 409, headers: { 'x-amzn-ErrorType': 'ResourceConflictException' }, body: { Message: 'in use' } } : usual(call);
  await expect(prune(3)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  expect(deleted()).toEqual(['pay:3']);
});

describe('the command', () => {
  const command = (...args: string[]) => new Promise<{ code: number; out: string; err: string }>(resolve => {
    execFile(process.execPath, [COMMAND, ...args], { env: { PATH: process.env.PATH, ...aws.environment } },
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

  test('prints its usage', async () => {
    expect(await command('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^usage: prune-versions --keep /) });
  });

  test.each([[[]], [['pay']], [['--keep', '1', 'pay']], [['--keep', 'x', 'pay']], [['--keep', '3']], [['--unknown']]])('rejects %j and deletes nothing', async args => {
    const { code, err } = await command(...args);
    expect(code).toBe(1);
    expect(err).toMatch(/usage: prune-versions|Unknown option/);
    expect(aws.calls).toEqual([]);
  });
});
