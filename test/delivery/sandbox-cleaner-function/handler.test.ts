import {
  CloudFormationClient, DeleteStackCommand, DescribeStacksCommand, GetTemplateSummaryCommand, type Stack,
} from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../src/delivery/sandbox-cleaner-function/handler';

const cloudFormation = mockClient(CloudFormationClient as never) as any;
const logged = jest.spyOn(console, 'log').mockImplementation();
const SANDBOX = JSON.stringify({ 'cdk-production-lambda': { profile: 'sandbox' } });

/** A stack that has expired. */
function stack(name: string, props: Partial<Stack> = {}, tags: Record<string, string> = {}): Stack {
  const all = { owner: 'ana', expires: '2026-11-28', ...tags };
  return {
    StackName: name,
    StackId: `id-of-${name}`,
    StackStatus: 'UPDATE_COMPLETE',
    CreationTime: new Date(0),
    RoleARN: 'arn:aws:iam::111122223333:role/cfn-exec',
    Tags: Object.entries(all).filter(([, value]) => value !== '').map(([Key, Value]) => ({ Key, Value })),
    ...props,
  };
}

function stacks(...all: Stack[]): void {
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: all });
}

const deleted = () => cloudFormation.commandCalls(DeleteStackCommand).map((call: any) => call.args[0].input);
const outcomes = async () => (await handler()).map(({ stack: name, result, reason }) => [name, result, ...reason === undefined ? [] : [reason]]);

beforeEach(() => {
  cloudFormation.reset();
  cloudFormation.on(GetTemplateSummaryCommand).resolves({ Metadata: SANDBOX });
  cloudFormation.on(DeleteStackCommand).resolves({});
  jest.useFakeTimers({ now: new Date('2026-11-29T03:00:00Z'), doNotFake: ['nextTick', 'setImmediate'] });
  logged.mockClear();
  process.env.DRY_RUN = 'false';
});
afterAll(() => {
  jest.useRealTimers();
  delete process.env.DRY_RUN;
});

test('deletes an expired sandbox by its id, without another role, and logs the outcome', async () => {
  stacks(stack('Payments-a'));
  expect(await handler()).toEqual([{ stack: 'Payments-a', owner: 'ana', expires: '2026-11-28', result: 'deletion started' }]);
  expect(deleted()).toEqual([{ StackName: 'id-of-Payments-a' }]);
  expect(logged.mock.calls.map(([line]) => JSON.parse(line))).toEqual([
    { dryRun: false, stack: 'Payments-a', owner: 'ana', expires: '2026-11-28', result: 'deletion started' },
    { dryRun: false, expiredStacks: 1 },
  ]);
});

test('reads all pages', async () => {
  cloudFormation.on(DescribeStacksCommand).resolvesOnce({ Stacks: [stack('A')], NextToken: 'more' }).resolves({ Stacks: [stack('B')] });
  expect(await outcomes()).toEqual([['A', 'deletion started'], ['B', 'deletion started']]);
});

test.each<[string, Stack]>([
  ['that expires today', stack('A', {}, { expires: '2026-11-29' })],
  ['that expires later', stack('A', {}, { expires: '2027-01-31' })],
  ['without a day of expiry', stack('A', {}, { expires: '' })],
  ['whose expiry is no day', stack('A', {}, { expires: 'never' })],
  ['without an owner', stack('A', {}, { owner: '' })],
  ['without tags', stack('A', { Tags: undefined })],
  ['that is nested in another', stack('A', { ParentId: 'id-of-B' })],
  ['that is being deleted', stack('A', { StackStatus: 'DELETE_IN_PROGRESS' })],
])('does not touch a stack %s', async (_, found) => {
  stacks(found);
  expect(await handler()).toEqual([]);
  expect(deleted()).toEqual([]);
});

test.each([
  ['without metadata', undefined], ['of production', '{"cdk-production-lambda":{}}'], ['of somebody else', '{"Designer":{"a":1}}'], ['of nothing', 'null'],
])('does not delete a stack with a template %s', async (_, Metadata) => {
  stacks(stack('A'));
  cloudFormation.on(GetTemplateSummaryCommand).resolves({ Metadata });
  expect(await outcomes()).toEqual([['A', 'no sandbox of this library', 'the template has no metadata of Profile.sandbox()']]);
  expect(deleted()).toEqual([]);
});

test('waits for a stack that is being changed', async () => {
  stacks(stack('A', { StackStatus: 'UPDATE_IN_PROGRESS' }));
  expect(await outcomes()).toEqual([['A', 'waits', 'UPDATE_IN_PROGRESS']]);
  expect(deleted()).toEqual([]);
});

describe('fails, after the other stacks were deleted,', () => {
  test.each<[string, Stack, string, boolean]>([
    ['for a protected stack', stack('A', { EnableTerminationProtection: true }), 'termination protection is enabled; disable it, or remove the tag expires', false],
    ['for a stack without a role', stack('A', { RoleARN: undefined }), 'the stack has no execution role; delete it with cdk destroy', false],
    ['for a deletion that failed, and starts it again', stack('A', { StackStatus: 'DELETE_FAILED', StackStatusReason: 'the bucket is not empty' }),
      'the last deletion failed and is started again: the bucket is not empty', true],
  ])('%s', async (_, found, reason, isTried) => {
    stacks(found, stack('B'));
    await expect(handler()).rejects.toThrow(`expired sandboxes could not be deleted: A of ana (${reason})`);
    expect(deleted().map(({ StackName }: any) => StackName)).toEqual([...isTried ? ['id-of-A'] : [], 'id-of-B']);
  });

  test('for an error of CloudFormation', async () => {
    stacks(stack('A'), stack('B'));
    cloudFormation.on(DeleteStackCommand, { StackName: 'id-of-A' }).rejects(Object.assign(new Error('an output is imported'), { name: 'ValidationError' }));
    await expect(handler()).rejects.toThrow('expired sandboxes could not be deleted: A of ana (ValidationError: an output is imported)');
    expect(deleted()).toHaveLength(2);
  });
});

test('fails if the stacks cannot be listed', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(new Error('denied'));
  await expect(handler()).rejects.toThrow('denied');
});

test.each([['true'], [undefined]])('a dry run (%s) deletes nothing and does not fail', async value => {
  if (value === undefined) delete process.env.DRY_RUN;
  else process.env.DRY_RUN = value;
  stacks(stack('A'), stack('B', { EnableTerminationProtection: true }));
  expect(await outcomes()).toEqual([['A', 'would delete'], ['B', 'not deleted', expect.stringContaining('termination protection')]]);
  expect(deleted()).toEqual([]);
});

test('a request without an answer ends after ten seconds, is repeated, and is reported for its stack only', async () => {
  const options: any[] = [];
  jest.isolateModules(() => {
    jest.doMock('@aws-sdk/client-cloudformation', () => ({ CloudFormationClient: class { constructor(given: object) { options.push(given); } } }));
    jest.requireActual('../../../src/delivery/sandbox-cleaner-function/handler');
    jest.dontMock('@aws-sdk/client-cloudformation');
  });
  expect(options).toEqual([{ maxAttempts: 3, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true } }]);
  stacks(stack('Payments-a'), stack('Payments-b'));
  cloudFormation.on(GetTemplateSummaryCommand, { StackName: 'id-of-Payments-a' }).rejects(Object.assign(new Error('no answer'), { name: 'TimeoutError' }));
  await expect(handler()).rejects.toThrow('Payments-a of ana (TimeoutError: no answer)');
  expect(deleted()).toEqual([{ StackName: 'id-of-Payments-b' }]);
});
