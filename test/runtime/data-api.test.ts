import {
  BeginTransactionCommand, CommitTransactionCommand, ExecuteStatementCommand, RDSDataClient, RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { mockClient } from 'aws-sdk-client-mock';
import { contextWith } from '../support/environments';
import { Deadline } from 'cdk-production-lambda-runtime';
import { dataApi, Json } from 'cdk-production-lambda-runtime/data-api';

Object.assign(process.env, { AWS_REGION: 'eu-west-1', DATABASE_CLUSTER_ARN: 'arn:cluster', DATABASE_SECRET_ARN: 'arn:secret', DATABASE_NAME: 'orders' });
const api = mockClient(RDSDataClient);
const TARGET = { resourceArn: 'arn:cluster', secretArn: 'arn:secret', database: 'orders' };
const resuming = Object.assign(new Error('Aurora is resuming'), { name: 'DatabaseResumingException' });
const database = dataApi();
beforeEach(() => api.reset());

test('values are sent with their types, and rows are read by their labels', async () => {
  api.on(ExecuteStatementCommand).resolves({
    columnMetadata: [{ label: 'id' }, { label: 'detail', typeName: 'jsonb' }, { name: 'note' }, { label: 'tags' }, { label: 'share' }],
    records: [[{ longValue: 7 }, { stringValue: '{"a":1}' }, { isNull: true }, { arrayValue: { stringValues: ['x'] } }, { doubleValue: 0.5 }]],
  });
  const values = { text: 'a', whole: 5, part: 0.5, big: 2n ** 60n, yes: true, none: null, missing: undefined as unknown as null, at: new Date('2026-11-29T12:00:00.5Z'), json: new Json({ a: 1 }), blob: new Uint8Array([1]) };
  expect(await database.query('SELECT', values)).toEqual([{ id: 7, detail: { a: 1 }, note: null, tags: ['x'], share: 0.5 }]);
  expect(api.commandCalls(ExecuteStatementCommand)[0].args[0].input).toEqual({
    ...TARGET,
    sql: 'SELECT',
    transactionId: undefined,
    includeResultMetadata: true,
    parameters: [
      { name: 'text', value: { stringValue: 'a' } }, { name: 'whole', value: { longValue: 5 } }, { name: 'part', value: { doubleValue: 0.5 } },
      { name: 'big', value: { stringValue: '1152921504606846976' }, typeHint: 'DECIMAL' }, { name: 'yes', value: { booleanValue: true } },
      { name: 'none', value: { isNull: true } }, { name: 'missing', value: { isNull: true } }, { name: 'at', value: { stringValue: '2026-11-29 12:00:00.500' }, typeHint: 'TIMESTAMP' },
      { name: 'json', value: { stringValue: '{"a":1}' }, typeHint: 'JSON' }, { name: 'blob', value: { blobValue: new Uint8Array([1]) } },
    ],
  });
});

test('a paused database is waited for', async () => {
  api.on(ExecuteStatementCommand).rejectsOnce(resuming).resolves({ records: [] });
  expect(await database.query('SELECT 1')).toEqual([]);
  expect(api.commandCalls(ExecuteStatementCommand)).toHaveLength(2);
});

test('at most until the deadline', async () => {
  api.on(ExecuteStatementCommand).rejects(resuming);
  const error = { name: 'OutOfTimeError', message: 'the database was still resuming at the deadline', cause: resuming };
  await expect(database.query('SELECT 1', {}, Deadline.of(contextWith(1_500)))).rejects.toMatchObject(error);
  await expect(database.query('SELECT 1', {}, Deadline.of(contextWith(900)))).rejects.toMatchObject({ name: 'OutOfTimeError' });
});

test('another error is thrown as it is, and the statement is not sent again', async () => {
  api.on(ExecuteStatementCommand).rejects(Object.assign(new Error('syntax'), { name: 'DatabaseErrorException' }));
  await expect(database.query('SELEC')).rejects.toThrow('syntax');
  expect(api.commandCalls(ExecuteStatementCommand)).toHaveLength(1);
});

test('a transaction waits for the database at its beginning, and commits', async () => {
  api.on(BeginTransactionCommand).rejectsOnce(resuming).resolves({ transactionId: 't-1' });
  api.on(ExecuteStatementCommand).resolves({}).on(CommitTransactionCommand).resolves({});
  expect(await database.transaction(async query => (await query('UPDATE')).length)).toBe(0);
  expect(api.commandCalls(ExecuteStatementCommand)[0].args[0].input.transactionId).toBe('t-1');
  expect(api.commandCalls(CommitTransactionCommand)[0].args[0].input).toEqual({ resourceArn: 'arn:cluster', secretArn: 'arn:secret', transactionId: 't-1' });
});

test('a transaction whose work throws is rolled back', async () => {
  api.on(BeginTransactionCommand).resolves({ transactionId: 't-1' }).on(RollbackTransactionCommand).rejects(new Error('not found'));
  await expect(database.transaction(async () => { throw new TypeError('no'); })).rejects.toThrow(TypeError);
  expect([api.commandCalls(RollbackTransactionCommand).length, api.commandCalls(CommitTransactionCommand).length]).toEqual([1, 0]);
});
