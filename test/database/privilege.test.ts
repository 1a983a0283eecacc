import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { Privilege, TablePrivilege } from '../../src/database/privilege';

const { SELECT, INSERT, UPDATE, DELETE } = TablePrivilege;
/** PL/pgSQL that does the same to each of the master user's own tables, or sequences, of a schema. */
const eachOwned = (kinds: string, schema: string, before: string, after: string) =>
  `DECLARE place regclass; BEGIN FOR place IN SELECT oid FROM pg_class WHERE relnamespace = '"${schema}"'::regnamespace AND relkind = ANY ('{${kinds}}') `
  + `AND pg_has_role(relowner, 'USAGE') LOOP EXECUTE '${before} ' || place || ' ${after}'; END LOOP; END`;
const statementsOf = (privilege: Privilege, family: 'postgresql' | 'mysql') => privilege._statements(family, 'pay', 'app');

describe('in PostgreSQL', () => {
  test.each<[string, string, Privilege]>([['public', 'by default', Privilege.readOnly()], ['audit', 'where it is named', Privilege.readOnly('audit')]])('readOnly is of the schema %s %s, with what comes later', (schema, _, privilege) => {
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

  test('readWrite has the four privileges on rows, and what inserting takes of sequences', () => {
    expect(statementsOf(Privilege.readWrite(), 'postgresql').grant).toEqual([
      'GRANT USAGE ON SCHEMA "public" TO "pay"',
      `DO $user$ BEGIN ${eachOwned('r,p,v,m,f', 'public', 'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE', 'TO "pay"')}; END $user$`,
      `DO $user$ BEGIN ${eachOwned('S', 'public', 'GRANT USAGE, SELECT ON SEQUENCE', 'TO "pay"')}; END $user$`,
      'ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "pay"',
      'ALTER DEFAULT PRIVILEGES IN SCHEMA "public" GRANT USAGE, SELECT ON SEQUENCES TO "pay"',
    ]);
  });

  test.each<[string, string, Privilege]>([['public', 'by default', Privilege.migrate()], ['audit', 'where it is named', Privilege.migrate('audit')]])('migrate makes tables in the schema %s %s', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [`GRANT USAGE, CREATE ON SCHEMA "${schema}" TO "pay"`], revoke: [`REVOKE USAGE, CREATE ON SCHEMA "${schema}" FROM "pay"`],
    });
  });

  test.each<[string, string, Privilege]>([['public', 'by default', Privilege.usage()], ['audit', 'where it is named', Privilege.usage('audit')]])('usage sees the schema %s %s', (schema, _, privilege) => {
    expect(statementsOf(privilege, 'postgresql')).toEqual({
      grant: [`GRANT USAGE ON SCHEMA "${schema}" TO "pay"`], revoke: [`REVOKE USAGE ON SCHEMA "${schema}" FROM "pay"`],
    });
  });

  test.each([
    ['orders', '"public"', '"orders"'],
    ['audit.log', '"audit"', '"log"'],
    ['audit.log.2026', '"audit"', '"log.2026"'],
  ])('on %s is on the table %s.%s', (table, schema, name) => {
    expect(statementsOf(Privilege.on(table, SELECT, UPDATE), 'postgresql')).toEqual({
      grant: [`GRANT USAGE ON SCHEMA ${schema} TO "pay"`, `GRANT SELECT, UPDATE ON TABLE ${schema}.${name} TO "pay"`],
      revoke: [`REVOKE SELECT, UPDATE ON TABLE ${schema}.${name} FROM "pay"`, `REVOKE USAGE ON SCHEMA ${schema} FROM "pay"`],
    });
  });
});

describe('in MySQL', () => {
  test.each<[string, Privilege, string[]]>([
    ['readOnly', Privilege.readOnly(), ["GRANT SELECT ON `app`.* TO 'pay'@'%'"]],
    ['readOnly of a schema', Privilege.readOnly('audit'), ["GRANT SELECT ON `audit`.* TO 'pay'@'%'"]],
    ['readWrite', Privilege.readWrite(), ["GRANT SELECT, INSERT, UPDATE, DELETE ON `app`.* TO 'pay'@'%'"]],
    ['migrate', Privilege.migrate(), ["GRANT ALL PRIVILEGES ON `app`.* TO 'pay'@'%' WITH GRANT OPTION"]],
    ['migrate of a schema', Privilege.migrate('audit'), ["GRANT ALL PRIVILEGES ON `audit`.* TO 'pay'@'%' WITH GRANT OPTION"]],
    ['usage, which needs no privilege', Privilege.usage(), []],
    ['on', Privilege.on('orders', INSERT, DELETE), ["GRANT INSERT, DELETE ON `app`.`orders` TO 'pay'@'%'"]],
    ['on of a schema', Privilege.on('audit.log', INSERT), ["GRANT INSERT ON `audit`.`log` TO 'pay'@'%'"]],
  ])('%s is granted, and taken back by the statement of the user', (_, privilege, grant) => {
    expect(statementsOf(privilege, 'mysql')).toEqual({ grant, revoke: [] });
  });
});

test('a privilege that is named twice is granted once', () => {
  expect(statementsOf(Privilege.on('orders', SELECT, SELECT, INSERT), 'mysql').grant).toEqual(["GRANT SELECT, INSERT ON `app`.`orders` TO 'pay'@'%'"]);
});

test('on fails when it names no privilege', () => {
  expect(() => Privilege.on('orders')).toThrow(new Error("'privileges' must name at least one, got none for the table 'orders'; add for example TablePrivilege.SELECT"));
});

describe('whatever is in the name of a schema or a table', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '--', '/*', ' TO public', '$user$'), minLength: 1, maxLength: 8 }),
  ).filter(text => !/[\0.]/.test(text));
  const kinds: [string, (schema: string, table: string) => Privilege][] = [
    ['readOnly', schema => Privilege.readOnly(schema)],
    ['readWrite', schema => Privilege.readWrite(schema)],
    ['migrate', schema => Privilege.migrate(schema)],
    ['usage', schema => Privilege.usage(schema)],
    ['on', (schema, table) => Privilege.on(`${schema}.${table}`, SELECT)],
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

  test.each(kinds)('%s names that one, and has the shape that it has for any other', (_, create) => {
    const distinct = fc.tuple(part, part).filter(([schema, table]) => schema !== table && schema !== 'pay' && table !== 'pay');
    fc.assert(fc.property(distinct, fc.constantFrom('postgresql' as const, 'mysql' as const), ([schema, table], family) => {
      const [hostile, plain] = [statementsOf(create(schema, table), family), statementsOf(create('s', 't'), family)];
      for (const list of ['grant', 'revoke'] as const) {
        expect(hostile[list].map(sql => shapeOf(family, sql, schema, table))).toEqual(plain[list].map(sql => shapeOf(family, sql, 's', 't')));
      }
    }));
  });
});
