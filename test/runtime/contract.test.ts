import { App, Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { VARIABLES } from '../../runtime/src/variables';
import { DataApiDatabase, IdempotencyStore, PrivateNetwork, ProductionFunction, ProxiedDatabase } from '../../src';
import { dataApi } from 'cdk-production-lambda-runtime/data-api';
import { idempotent } from 'cdk-production-lambda-runtime/idempotency';
import { mysql } from 'cdk-production-lambda-runtime/mysql';
import { postgres } from 'cdk-production-lambda-runtime/postgres';
import { secret } from 'cdk-production-lambda-runtime/secrets';

/** The variables of the construct's end, by the part of the table: what each connection adds to the environment of a function. */
const added: Record<keyof typeof VARIABLES | 'secrets', string[]> = {} as never;
/** What else Lambda sets. */
const LAMBDA = { AWS_REGION: 'eu-west-1' };
const before = { ...process.env };

beforeAll(() => {
  const stack = new Stack(new App(), 'Contract');
  const vpc = new PrivateNetwork(stack, 'Network');
  const fn = new ProductionFunction(stack, 'Fn', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => 1'),
    vpc,
    secrets: { PROVIDER_KEY: new secretsmanager.Secret(stack, 'Secret') },
  });
  const definition = fn.node.findAll().find((child): child is lambda.CfnFunction => child instanceof lambda.CfnFunction)!;
  const names = (): string[] => Object.keys(stack.resolve(definition.environment as object).variables ?? {});
  let known: string[] = [];
  const record = (part: keyof typeof added) => {
    added[part] = names().filter(name => !known.includes(name) && name !== 'NODE_EXTRA_CA_CERTS');
    known = names();
  };
  record('observed');
  added.secrets = added.observed.filter(name => name === 'PROVIDER_KEY');
  new IdempotencyStore(stack, 'Store').connect(fn);
  record('idempotency');
  const budget = { maxConcurrency: 1 };
  new ProxiedDatabase(stack, 'Postgres', { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }), vpc }).connect(fn, { user: 'pay', ...budget });
  record('postgres');
  new ProxiedDatabase(stack, 'Mysql', { engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_10_0 }), vpc }).connect(fn, { user: 'pay', ...budget });
  record('mysql');
  new DataApiDatabase(stack, 'Data', { engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }), vpc }).connect(fn);
  record('dataApi');
});
afterEach(() => { process.env = { ...before }; });

/** What reads each part of the table. */
const READERS: Record<Exclude<keyof typeof added, 'observed'>, () => unknown> = {
  idempotency: () => idempotent('work', async () => 1, { key: 'id' }), postgres: () => postgres(), mysql: () => mysql(), dataApi: () => dataApi(), secrets: () => secret('PROVIDER_KEY'),
};

test.each(['idempotency', 'postgres', 'mysql', 'dataApi'] as const)('the construct sets what the table has for %s, and nothing else', part => {
  expect(added[part].sort()).toEqual(Object.values(VARIABLES[part]).sort());
});

test('a function has the variables that observed reads', () => {
  expect(added.observed).toEqual(expect.arrayContaining(Object.values(VARIABLES.observed)));
});

test.each(Object.keys(READERS) as (keyof typeof READERS)[])('the package starts with exactly what the construct sets for %s, and not without any of it', part => {
  const values = Object.fromEntries(added[part].map(name => [name, /PORT|SECONDS/.test(name) ? '5432' : 'value']));
  process.env = { ...LAMBDA, ...values };
  expect(READERS[part]).not.toThrow();
  expect(added[part].length).toBeGreaterThan(0);
  for (const name of added[part]) {
    process.env = { ...LAMBDA, ...values, [name]: '' };
    expect(READERS[part]).toThrow(`environment variable ${name} is missing`);
  }
});
