import { Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';
import { problemOfName } from '../../src/database/schema-name';
import { revokeEverywhere } from '../../src/database/sql-syntax';
import { ensureTableGroup } from '../../src/database/user-statements';

const { SELECT, INSERT, UPDATE, DELETE } = TablePrivilege;
/** The role that has the privileges of `pay` on all tables of a schema. */
const GROUP = '"pay_tables_9350872d"';
/** PL/pgSQL that does the same to each of the master user's own tables, or sequences, of a schema. */
const eachOwned = (kinds: string, schema: string, before: string, after: string) =>
  `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = CAST('"${schema}"' AS regnamespace) AND relkind = ANY ('{${kinds}}') `
  + `AND pg_has_role(relowner, 'USAGE') LOOP EXECUTE '${before} ' || place || ' ${after}'; END LOOP; END`;
/** PL/pgSQL that runs a statement on a table as its owner. */
const asOwner = (table: string, sql: string) => `DECLARE owner regrole; BEGIN SELECT relowner INTO owner FROM pg_class WHERE oid = CAST('${table}' AS regclass); `
  + `IF pg_has_role(owner, 'USAGE') THEN ${sql}; ELSE EXECUTE 'GRANT ' || owner || ' TO CURRENT_USER'; ${sql}; EXECUTE 'REVOKE ' || owner || ' FROM CURRENT_USER'; END IF; END`;
const statementsOf = (privilege: DatabasePrivilege, family: 'postgresql' | 'mysql') => privilege._statements(family, 'pay', 'app');

describe('in PostgreSQL', () => {
  test.each<[string, string, DatabasePrivilege]>([['public', 'by default', DatabasePrivilege.readOnly()], ['audit', 'if it is named', DatabasePrivilege.readOnly('audit')]])('readOnly covers the schema %s %s, with tables created later', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [
        `GRANT USAGE ON SCHEMA "${schema}" TO "pay"`,
        ensureTableGroup('pay'),
        `DO $user$ BEGIN ${eachOwned('r,p,v,m,f', schema, 'GRANT SELECT ON TABLE', `TO ${GROUP}`)}; END $user$`,
        `DO $user$ BEGIN ${eachOwned('S', schema, 'GRANT SELECT ON SEQUENCE', `TO ${GROUP}`)}; END $user$`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" GRANT SELECT ON TABLES TO ${GROUP}`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" GRANT SELECT ON SEQUENCES TO ${GROUP}`,
      ],
      revoke: [
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" REVOKE ALL ON TABLES FROM ${GROUP}`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" REVOKE ALL ON SEQUENCES FROM ${GROUP}`,
        revokeEverywhere(`"${schema}"`, GROUP),
        `REVOKE ${GROUP} FROM "pay"`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" REVOKE ALL ON TABLES FROM "pay"`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" REVOKE ALL ON SEQUENCES FROM "pay"`,
        eachOwned('r,p,v,m,f', schema, 'REVOKE ALL ON TABLE', 'FROM "pay"'),
        eachOwned('S', schema, 'REVOKE ALL ON SEQUENCE', 'FROM "pay"'),
        `REVOKE USAGE ON SCHEMA "${schema}" FROM "pay"`,
      ],
    });
  });

  test('readWrite grants four privileges on tables, and those on sequences that an insert needs', () => {
    expect(statementsOf(DatabasePrivilege.readWrite(), 'postgresql').grant).toEqual([
      'GRANT USAGE ON SCHEMA "public" TO "pay"',
      ensureTableGroup('pay'),
      `DO $user$ BEGIN ${eachOwned('r,p,v,m,f', 'public', 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE', `TO ${GROUP}`)}; END $user$`,
      `DO $user$ BEGIN ${eachOwned('S', 'public', 'GRANT USAGE, SELECT ON SEQUENCE', `TO ${GROUP}`)}; END $user$`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${GROUP}`,
      `ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT USAGE, SELECT ON SEQUENCES TO ${GROUP}`,
    ]);
  });

  test.each<[string, string, DatabasePrivilege]>([['public', 'by default', DatabasePrivilege.migrate()], ['audit', 'if it is named', DatabasePrivilege.migrate('audit')]])('migrate may create tables in the schema %s %s', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [`GRANT USAGE, CREATE ON SCHEMA "${schema}" TO "pay"`], revoke: [`REVOKE USAGE, CREATE ON SCHEMA "${schema}" FROM "pay"`],
    });
  });

  test.each<[string, string, DatabasePrivilege]>([['public', 'by default', DatabasePrivilege.usage()], ['audit', 'if it is named', DatabasePrivilege.usage('audit')]])('usage may use the schema %s %s', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [`GRANT USAGE ON SCHEMA "${schema}" TO "pay"`], revoke: [`REVOKE USAGE ON SCHEMA "${schema}" FROM "pay"`],
    });
  });

  test.each([
    ['orders', '"public"', '"orders"'],
    ['audit.log', '"audit"', '"log"'],
    ['audit.log.2026', '"audit"', '"log.2026"'],
  ])('on %s grants on the table %s.%s', (table, schema, name) => {
    expect(statementsOf(DatabasePrivilege.on(table, SELECT, UPDATE), 'postgresql')).toEqual({
      grant: [`GRANT USAGE ON SCHEMA ${schema} TO "pay"`, `DO $user$ BEGIN ${asOwner(`${schema}.${name}`, `GRANT SELECT, UPDATE ON TABLE ${schema}.${name} TO "pay"`)}; END $user$`],
      revoke: [asOwner(`${schema}.${name}`, `REVOKE SELECT, UPDATE ON TABLE ${schema}.${name} FROM "pay"`), `REVOKE USAGE ON SCHEMA ${schema} FROM "pay"`],
    });
  });
});

describe('in MySQL', () => {
  test.each<[string, DatabasePrivilege, string[], string[]]>([
    ['readOnly', DatabasePrivilege.readOnly(), ["GRANT SELECT ON `app`.* TO 'pay'@'%'"], ["REVOKE SELECT ON `app`.* FROM 'pay'@'%'"]],
    ['readOnly of a schema', DatabasePrivilege.readOnly('audit'), ["GRANT SELECT ON `audit`.* TO 'pay'@'%'"], ["REVOKE SELECT ON `audit`.* FROM 'pay'@'%'"]],
    ['readWrite', DatabasePrivilege.readWrite(), ["GRANT SELECT, INSERT, UPDATE, DELETE ON `app`.* TO 'pay'@'%'"], ["REVOKE SELECT, INSERT, UPDATE, DELETE ON `app`.* FROM 'pay'@'%'"]],
    ['migrate', DatabasePrivilege.migrate(), ["GRANT ALL PRIVILEGES ON `app`.* TO 'pay'@'%' WITH GRANT OPTION"], ["REVOKE GRANT OPTION ON `app`.* FROM 'pay'@'%'", "REVOKE ALL PRIVILEGES ON `app`.* FROM 'pay'@'%'"]],
    ['migrate of a schema', DatabasePrivilege.migrate('audit'), ["GRANT ALL PRIVILEGES ON `audit`.* TO 'pay'@'%' WITH GRANT OPTION"], ["REVOKE GRANT OPTION ON `audit`.* FROM 'pay'@'%'", "REVOKE ALL PRIVILEGES ON `audit`.* FROM 'pay'@'%'"]],
    ['usage, which needs no privilege', DatabasePrivilege.usage(), [], []],
    ['on', DatabasePrivilege.on('orders', INSERT, DELETE), ["GRANT INSERT, DELETE ON `app`.`orders` TO 'pay'@'%'"], ["REVOKE INSERT, DELETE ON `app`.`orders` FROM 'pay'@'%'"]],
    ['on of a schema', DatabasePrivilege.on('audit.log', INSERT), ["GRANT INSERT ON `audit`.`log` TO 'pay'@'%'"], ["REVOKE INSERT ON `audit`.`log` FROM 'pay'@'%'"]],
  ])('%s is granted and revoked', (_, privilege, grant, revoke) => {
    expect(statementsOf(privilege, 'mysql')).toEqual({ grant, revoke });
  });

  test.each<[string, DatabasePrivilege]>([
    ['readOnly', DatabasePrivilege.readOnly('tenant_1')], ['readWrite', DatabasePrivilege.readWrite('tenant_1')], ['migrate', DatabasePrivilege.migrate('tenant_1')],
  ])('_ is no wildcard in a grant of %s on a whole database', (_, privilege) => {
    const { grant, revoke } = statementsOf(privilege, 'mysql');
    for (const sql of [...grant, ...revoke]) expect(sql).toContain(' ON `tenant\\_1`.* ');
  });

  test('_ is no wildcard in the name of the database that is the default schema', () => {
    expect(DatabasePrivilege.readOnly()._statements('mysql', 'pay', 'shop_db').grant).toEqual(["GRANT SELECT ON `shop\\_db`.* TO 'pay'@'%'"]);
  });

  test('_ is written as it is in a grant on one table, which has no wildcards', () => {
    expect(statementsOf(DatabasePrivilege.on('tenant_1.pay_ments', SELECT), 'mysql').grant).toEqual(["GRANT SELECT ON `tenant_1`.`pay_ments` TO 'pay'@'%'"]);
  });
});

describe('fails if the name of a schema or table cannot have been intended', () => {
  const LITERAL = 'must be a literal name without % and backslashes: wildcards are not supported, and _ is escaped for you';
  const ALL_KINDS: ((name: string) => DatabasePrivilege)[] = [DatabasePrivilege.readOnly, DatabasePrivilege.readWrite, DatabasePrivilege.migrate, DatabasePrivilege.usage, name => DatabasePrivilege.on(`${name}.t`, SELECT)];

  test.each<['postgresql' | 'mysql', string, string]>([
    ['mysql', '%', LITERAL], ['mysql', 'tenant%', LITERAL], ['mysql', 'tenant\\_1', LITERAL],
    ['mysql', 'mysql', 'must not be a schema of the database system'], ['mysql', 'SYS', 'must not be a schema of the database system'],
    ['mysql', 'information_schema', 'must not be a schema of the database system'], ['mysql', 'performance_schema', 'must not be a schema of the database system'],
    ['mysql', 'a'.repeat(65), 'must be at most 64 characters'], ['mysql', 'a ', 'must not end with a space'], ['mysql', '😀', 'must not contain characters beyond U+FFFF'],
    ['postgresql', 'pg_catalog', 'must not be a schema of the database system'], ['postgresql', 'information_schema', 'must not be a schema of the database system'],
    ['postgresql', 'a'.repeat(64), 'must be at most 63 bytes'], ['postgresql', 'ü'.repeat(32), 'must be at most 63 bytes'],
    ...(['postgresql', 'mysql'] as const).flatMap(family => [
      [family, '*', 'must be one name, not a wildcard'], [family, '', 'must not be empty or contain NUL'], [family, 'a\0b', 'must not be empty or contain NUL'],
      [family, 'a:b', 'must not contain a colon, which the Data API reads as a parameter'],
    ] as ['postgresql' | 'mysql', string, string][]),
  ])('in %s, the schema %j', (family, name, problem) => {
    for (const create of ALL_KINDS) {
      expect(() => create(name)._statements(family, 'pay', 'app', 'Stack/Db')).toThrow(new Error(`'schema' ${problem}, got '${name}'; name one schema of your own (at Stack/Db)`));
    }
  });

  test.each<['postgresql' | 'mysql', string]>([
    ['mysql', 'a'.repeat(64)], ['mysql', 'mysql_2'], ['mysql', 'pg_catalog'], ['mysql', 'ü'.repeat(64)],
    ['postgresql', 'a'.repeat(63)], ['postgresql', 'ü'.repeat(31)], ['postgresql', 'mysql'], ['postgresql', '%'], ['postgresql', 'a\\b'], ['postgresql', '😀'], ['postgresql', 'a '],
  ])('in %s, but not the schema %j', (family, name) => {
    for (const create of ALL_KINDS) expect(() => create(name)._statements(family, 'pay', 'app')).not.toThrow();
  });

  test.each<['postgresql' | 'mysql', string]>([['mysql', '%'], ['mysql', '*'], ['mysql', 'a:b'], ['postgresql', '*'], ['postgresql', 'a:b'], ['postgresql', '']])('in %s, the table %j', (family, name) => {
    expect(() => DatabasePrivilege.on(`audit.${name}`, SELECT)._statements(family, 'pay', 'app')).toThrow(/^'table' must .* \(at DatabasePrivilege\)$/);
  });

  test('in MySQL, a token, whose wildcards are unknown at synth', () => {
    const schema = Lazy.string({ produce: () => 'tenant_1' });
    expect(() => DatabasePrivilege.readOnly(schema)._statements('mysql', 'pay', 'app')).toThrow(new Error(
      "'schema' must be known at synth, got a token; MySQL reads its _ and % as wildcards, use a literal name (at DatabasePrivilege)"));
    expect(() => DatabasePrivilege.readOnly(schema)._statements('postgresql', 'pay', 'app')).not.toThrow();
  });
});

test('a duplicate privilege is granted once', () => {
  expect(statementsOf(DatabasePrivilege.on('orders', SELECT, SELECT, INSERT), 'mysql').grant).toEqual(["GRANT SELECT, INSERT ON `app`.`orders` TO 'pay'@'%'"]);
});

test('on fails without a privilege', () => {
  expect(() => DatabasePrivilege.on('orders')).toThrow(new Error("'privileges' must have at least one item, got none for the table 'orders'; add for example TablePrivilege.SELECT (at DatabasePrivilege)"));
});

describe('any characters in the name of a schema or a table', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '--', '/*', ' TO public', '$user$'), minLength: 1, maxLength: 8 }),
  ).filter(text => !text.includes('.') && ['postgresql', 'mysql'].every(family => problemOfName(family as 'mysql', 'schema', text) === undefined));
  const kinds: [string, (schema: string, table: string) => DatabasePrivilege][] = [
    ['readOnly', schema => DatabasePrivilege.readOnly(schema)],
    ['readWrite', schema => DatabasePrivilege.readWrite(schema)],
    ['migrate', schema => DatabasePrivilege.migrate(schema)],
    ['usage', schema => DatabasePrivilege.usage(schema)],
    ['on', (schema, table) => DatabasePrivilege.on(`${schema}.${table}`, SELECT)],
  ];

  /** A statement with each name told by what it stands for: blocks and texts are SQL too, but for those of a MySQL account. */
  function shapeOf(family: 'postgresql' | 'mysql', sql: string, schema: string, table: string): string {
    const named = (value: string) => value === 'pay' ? '<user>' : value === schema ? '<schema>' : value === table ? '<table>' : `unknown: ${value}`;
    const told = ({ kind, value }: Token): string => {
      if (kind === 'name') return named(value.replaceAll('\\_', '_'));
      if (family === 'mysql' || kind === 'word' || kind === 'sign') return value;
      return `${kind}(${shapeOf(family, value, schema, table)})`;
    };
    return tokensOf(family, sql).map(told).join(' ');
  }

  test.each(kinds)('%s names it and has the same shape for every name', (_, create) => {
    const distinct = fc.tuple(part, part).filter(([schema, table]) => schema !== table && schema !== 'pay' && table !== 'pay');
    fc.assert(fc.property(distinct, fc.constantFrom('postgresql' as const, 'mysql' as const), ([schema, table], family) => {
      const [hostile, plain] = [statementsOf(create(schema, table), family), statementsOf(create('s', 't'), family)];
      for (const list of ['grant', 'revoke'] as const) {
        expect(hostile[list].map(sql => shapeOf(family, sql, schema, table))).toEqual(plain[list].map(sql => shapeOf(family, sql, 's', 't')));
      }
    }));
  });
});
