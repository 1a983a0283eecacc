import { join } from 'node:path';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Proof } from './proof';
import { NodejsCode, DatabasePrivilege, PrivateNetwork, ProxiedDatabase } from '../../src';

/**
 * Each function logs in through the proxy as its own user, with a token and TLS, to the writer or to a reader, and has the
 * privileges of that user.
 */
export const proof = new Proof('ProxiedDatabase');
const network = new PrivateNetwork(proof.stack, 'Network');
const database = new ProxiedDatabase(proof.stack, 'Database', {
  engine: rds.DatabaseClusterEngine.auroraPostgres({ version: rds.AuroraPostgresEngineVersion.VER_17_6 }), vpc: network, readers: 1,
});
const connected = (id: string, user: string, readOnly: boolean) => {
  const code = NodejsCode.fromEntry(join(__dirname, 'handlers', 'query.ts'), { optionalModules: ['pg-native'] });
  const fn = proof.function(id, '', { code, vpc: network, reservedConcurrentExecutions: 1 });
  database.connect(fn, { user, readOnly });
  return fn;
};
database.addUser('app', { privileges: [DatabasePrivilege.migrate()] });
database.addUser('report', { privileges: [DatabasePrivilege.usage()] });
const app = connected('App', 'app', false);
const report = connected('Report', 'report', true);

proof.answers(app, { sql: 'SELECT current_user AS who, pg_is_in_recovery() AS reader' }, [{ who: 'app', reader: false }])
  .next(proof.answers(app, { sql: 'CREATE TABLE IF NOT EXISTS note (text text)' }, []))
  .next(proof.answers(report, { sql: 'SELECT current_user AS who, pg_is_in_recovery() AS reader' }, [{ who: 'report', reader: true }]))
  .next(proof.answers(report, { sql: 'SELECT text FROM note' }, { refused: '42501' })); // insufficient_privilege
