import { databaseSettings } from '../../runtime/src/database-settings';

const NAMES = { host: 'PGHOST', port: 'PGPORT', database: 'PGDATABASE', user: 'PGUSER', localMode: { variable: 'PGSSLMODE', value: 'disable' }, localPassword: 'PGPASSWORD' };
const REMOTE = { PGHOST: 'ledger.proxy-abc.eu-west-1.rds.amazonaws.com', PGPORT: '5432', PGDATABASE: 'payments', PGUSER: 'pay', AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };

const before = { ...process.env };
const given = (variables: Record<string, string>) => { process.env = { ...before, PGSSLMODE: '', ...variables }; };
afterEach(() => { process.env = before; });

test('the password is a token that was signed here, and the certificate is verified', async () => {
  given(REMOTE);
  const settings = databaseSettings(NAMES, {});
  const url = new URL(`https://${await (settings.password as () => Promise<string>)()}`);
  expect([settings.tls, url.hostname, url.port]).toEqual([true, REMOTE.PGHOST, '5432']);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ 'Action': 'connect', 'DBUser': 'pay', 'X-Amz-Expires': '900' });
});

test('a prefix names another connection of the function', () => {
  given({ ...REMOTE, LEDGER_PGHOST: 'other.example.com', LEDGER_PGPORT: '5433', LEDGER_PGDATABASE: 'ledger', LEDGER_PGUSER: 'settle' });
  expect(databaseSettings(NAMES, { prefix: 'LEDGER_' })).toMatchObject({ host: 'other.example.com', port: 5433, database: 'ledger', user: 'settle' });
});

test.each([['disable', 'db.example.com'], ['no-verify', '127.0.0.1'], ['prefer', 'localhost']])('PGSSLMODE %s for %s is rejected', (mode, host) => {
  given({ ...REMOTE, PGSSLMODE: mode, PGHOST: host });
  expect(() => databaseSettings(NAMES, {})).toThrow(`environment variable PGSSLMODE must be unset, or 'disable' for a database on this machine, got '${mode}' for ${host}`);
});

test('a database on this machine can be used without TLS, for tests', () => {
  given({ ...REMOTE, PGHOST: '127.0.0.1', PGSSLMODE: 'disable', PGPASSWORD: 'p' });
  expect(databaseSettings(NAMES, {})).toEqual({ host: '127.0.0.1', port: 5432, database: 'payments', user: 'pay', password: 'p', tls: false });
});

test('a port that is no number is rejected', () => {
  given({ ...REMOTE, PGPORT: 'soon' });
  expect(() => databaseSettings(NAMES, {})).toThrow("environment variable PGPORT must be a positive whole number, got 'soon'");
});
