import { App, Duration, Stack, Tags } from 'aws-cdk-lib';
import { DataApiDatabase, DatabasePrivilege, PrivateNetwork } from '../../src';
import { MYSQL, networkOf, newDatabase, POSTGRES } from '../support/databases';
import { findingsOf } from '../support/findings';
import { production } from '../support/production-function';

const STRICT = { '@aws-cdk/core:validateAgainstDefaultRules': true, '@aws-cdk/core:strictCfnValidateErrors': true };

test.each([false, true])('strict validation, AwsSolutions and Serverless report no open findings on a ProxiedDatabase, with tags: %s', tagged => {
  const { open, made, used } = findingsOf(props => {
    const app = new App(props);
    if (tagged) Tags.of(app).add('team', 'payments');
    const stack = new Stack(app, 'Stack');
    new PrivateNetwork(stack, 'Network');
    for (const engine of [POSTGRES, MYSQL]) {
      const database = newDatabase(stack, { engine, cloudwatchLogsExports: [engine.supportedLogTypes[0]] }, engine.engineType.replace('aurora-', ''));
      database.addUser('pay', { privileges: [DatabasePrivilege.readOnly()] });
      const fn = production(stack, { vpc: networkOf(stack) }, `Fn${engine.engineType.length}`);
      database.connect(fn, { user: 'pay', maxConcurrency: 10, readOnly: true });
    }
    return app;
  }, STRICT);
  expect(open).toEqual([]);
  const ofTags = [made, used].map(list => list.filter(({ path }) => path.endsWith('/ProxyTargetGroup')).length);
  expect(ofTags).toEqual(tagged ? [2, 2] : [0, 0]);
});

test('strict validation, AwsSolutions and Serverless report no open findings on a DataApiDatabase', () => {
  const { open } = findingsOf(props => {
    const app = new App(props);
    const stack = new Stack(app, 'Stack');
    new PrivateNetwork(stack, 'Network');
    const database = new DataApiDatabase(stack, 'Reports', { engine: POSTGRES, vpc: networkOf(stack) });
    database.connect(production(stack, { timeout: Duration.seconds(60) }));
    return app;
  }, STRICT);
  expect(open.filter(({ path }) => path.startsWith('Stack/Reports'))).toEqual([]);
});
