import { App, Stack, Validations } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabasePrivilege, PrivateNetwork, ProductionChecks, ProxiedDatabase } from '../../src';
import { POSTGRES } from '../support/databases';
import { only } from '../support/production-function';

const newStack = (id = 'Shop') => new Stack(new App(), id, { env: { account: '111122223333', region: 'eu-west-1' } });
const newDatabase = (stack: Stack, id = 'Ledger') => new ProxiedDatabase(stack, id, { engine: POSTGRES, vpc: new PrivateNetwork(stack, `${id}Network`) });

describe('the name of the proxy', () => {
  test('is in lower case, as RDS stores it and emits its metrics', () => {
    const stack = newStack('Shop-PROD');
    newDatabase(stack);
    expect(only(stack, 'AWS::RDS::DBProxy').Properties.DBProxyName).toMatch(/^shopprod-ledger-[0-9a-f]{8}-proxy$/);
  });

  test('has at most 63 characters, and the hash of the whole path', () => {
    const names = ['A', 'B'].map(last => {
      const stack = newStack('Long'.repeat(20));
      newDatabase(stack, `${'Id'.repeat(30)}${last}`);
      return only(stack, 'AWS::RDS::DBProxy').Properties.DBProxyName;
    });
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]{0,55}-proxy$/);
    expect(names[0]).not.toBe(names[1]);
  });

  test('of the endpoint of the readers is in lower case, too', () => {
    const stack = newStack();
    const database = newDatabase(stack);
    expect(Reflect.get(database, 'databaseProxy').readOnlyEndpoint).toBeDefined();
    expect(only(stack, 'AWS::RDS::DBProxyEndpoint').Properties.DBProxyEndpointName).toMatch(/^shop-ledger-[0-9a-f]{8}-readonly$/);
  });
});

describe('ProductionChecks', () => {
  const messagesOf = (change: (database: ProxiedDatabase) => void) => {
    const stack = newStack();
    Validations.of(stack.node.root).addPlugins(new ProductionChecks());
    change(newDatabase(stack));
    const { exitCode } = process;
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      (stack.node.root as App).synth();
      return written.mock.calls.join();
    } catch (error) {
      return `${error} ${written.mock.calls.join()}`;
    } finally {
      written.mockRestore();
      process.exitCode = exitCode;
    }
  };

  test('accept a database without users: there is no one as whom the proxy could log in', () => {
    expect(messagesOf(() => undefined)).not.toContain('LP-D16');
  });

  test('accept a database with a user', () => {
    expect(messagesOf(database => database.addUser('pay', { privileges: [DatabasePrivilege.usage()] }))).not.toContain('LP-D16');
  });

  test('report a proxy that may not log in as its users', () => {
    expect(messagesOf(database => {
      database.addUser('pay', { privileges: [DatabasePrivilege.usage()] });
      (database.proxy.node.scope!.node.findChild('ProxyRole').node.findChild('DefaultPolicy').node.defaultChild as rds.CfnDBProxy).addPropertyOverride('PolicyDocument.Statement', []);
    })).toContain('LP-D16');
  });
});
