import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { DatabasePrivilege, TablePrivilege } from '../../src/database/database-privilege';

const { SELECT, INSERT, UPDATE, DELETE } = TablePrivilege;
/** PL/pgSQL that does the same to each of the master user's own tables, or sequences, of a schema. */
const eachOwned = (kinds: string, schema: string, before: string, after: string) =>
  `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = '"${schema}"'::regnamespace AND relkind = ANY ('{${kinds}}') `
  + `AND pg_has_role(relowner, 'USAGE') LOOP EXECUTE '${before} ' || place || ' ${after}'; END LOOP; END`;
const statementsOf = (privilege: DatabasePrivilege, family: 'postgresql' | 'mysql') => privilege._statements(family, 'pay', 'app');

describe('in PostgreSQL', () => {
  test.each<[string, string, DatabasePrivilege]>([['public', 'by default', DatabasePrivilege.readOnly()], ['audit', 'if it is named', DatabasePrivilege.readOnly('audit')]])('readOnly covers the schema %s %s, with tables created later', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [
        `GRANT USAGE ON SCHEMA "${schema}" TO "pay"`,
        `DO $user$ BEGIN ${eachOwned('r,p,v,m,f', schema, 'GRANT SELECT ON TABLE', 'TO "pay"')}; END $user$`,
        `DO $user$ BEGIN ${eachOwned('S', schema, 'GRANT SELECT ON SEQUENCE', 'TO "pay"')}; END $user$`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" GRANT SELECT ON TABLES TO "pay"`,
        `ALTER DEFAULT PRIVILEGES IN SCHEMA "${schema}" GRANT SELECT ON SEQUENCES TO "pay"`,
      ],
      revoke: [
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
      `DO $user$ BEGIN ${eachOwned('r,p,v,m,f', 'public', 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE', 'TO "pay"')}; END $user$`,
      `DO $user$ BEGIN ${eachOwned('S', 'public', 'GRANT USAGE, SELECT ON SEQUENCE', 'TO "pay"')}; END $user$`,
      'ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "pay"',
      'ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT USAGE, SELECT ON SEQUENCES TO "pay"',
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
      grant: [`GRANT USAGE ON SCHEMA ${schema} TO "pay"`, `GRANT SELECT, UPDATE ON TABLE ${schema}.${name} TO "pay"`],
      revoke: [`REVOKE SELECT, UPDATE ON TABLE ${schema}.${name} FROM "pay"`, `REVOKE USAGE ON SCHEMA ${schema} FROM "pay"`],
    });
  });
});

describe('in MySQL', () => {
  test.each<[string, DatabasePrivilege, string[]]>([
    ['readOnly', DatabasePrivilege.readOnly(), ["GRANT SELECT ON `app`.* TO 'pay'@'%'"]],
    ['readOnly of a schema', DatabasePrivilege.readOnly('audit'), ["GRANT SELECT ON `audit`.* TO 'pay'@'%'"]],
    ['readWrite', DatabasePrivilege.readWrite(), ["GRANT SELECT, INSERT, UPDATE, DELETE ON `app`.* TO 'pay'@'%'"]],
    ['migrate', DatabasePrivilege.migrate(), ["GRANT ALL PRIVILEGES ON `app`.* TO 'pay'@'%' WITH GRANT OPTION"]],
    ['migrate of a schema', DatabasePrivilege.migrate('audit'), ["GRANT ALL PRIVILEGES ON `audit`.* TO 'pay'@'%' WITH GRANT OPTION"]],
    ['usage, which needs no privilege', DatabasePrivilege.usage(), []],
    ['on', DatabasePrivilege.on('orders', INSERT, DELETE), ["GRANT INSERT, DELETE ON `app`.`orders` TO 'pay'@'%'"]],
    ['on of a schema', DatabasePrivilege.on('audit.log', INSERT), ["GRANT INSERT ON `audit`.`log` TO 'pay'@'%'"]],
  ])('%s is granted, and revoked by the statement of the user', (_, privilege, grant) => {
    expect(statementsOf(privilege, 'mysql')).toEqual({ grant, revoke: [] });
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
  ).filter(text => !/[\0.]/.test(text));
  const kinds: [string, (schema: string, table: string) => DatabasePrivilege][] = [
    ['readOnly', schema => DatabasePrivilege.readOnly(schema)],
    ['readWrite', schema => DatabasePrivilege.readWrite(schema)],
    ['migrate', schema => DatabasePrivilege.migrate(schema)],
    ['usage', schema => DatabasePrivilege.usage(schema)],
    ['on', (schema, table) => DatabasePrivilege.on(`${schema}.${table}`, SELECT)],
  ];

  /** A statement with each name told by what it stands for: blocks and texts are SQL too, but for those of a MySQL account. */
  function shapeOf(family: 'postgresql' | 'mysql', sql: string, schema: string, table: string): string {
    const told = ({ kind, value }: Token): string => {
      if (kind === 'name') return value === 'pay' ? '<user>' : value === schema ? '<schema>' : value === table ? '<table>' : `unknown: ${value}`;
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
