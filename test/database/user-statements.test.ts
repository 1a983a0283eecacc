import { Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { checkUserName } from '../../src/database/database-user';
import { quoted, userStatements } from '../../src/database/user-statements';

const QUEUE = "PERFORM pg_advisory_xact_lock(hashtext('cdk-production-lambda:DatabaseUser'));";
const word = (value: string): Token => ({ kind: 'word', value });
const name = (value: string): Token => ({ kind: 'name', value });
const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '-', '/', '*', 'user', '$user$', '$user1$', ' END ', 'DROP ROLE x'), minLength: 1, maxLength: 12 }),
).filter(text => !text.includes('\0'));

describe('a login of PostgreSQL', () => {
  const { ensure, revoke, drop } = userStatements('postgresql', 'pay', 'app');

  test('is made, one after the other, where it is not there, may connect, and is known by its token', () => {
    expect(ensure).toEqual([
      `DO $user$ BEGIN ${QUEUE} ` + "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN CREATE ROLE \"pay\" LOGIN; END IF; END $user$",
      'GRANT CONNECT ON DATABASE "app" TO "pay"',
      'GRANT rds_iam TO "pay"',
    ]);
  });

  test('loses privileges, each by itself, also where the table or the login is gone', () => {
    expect(revoke(['REVOKE SELECT ON TABLE "public"."a" FROM "pay"', 'REVOKE USAGE ON SCHEMA "public" FROM "pay"'])).toEqual([
      `DO $user$ BEGIN ${QUEUE} ` + 'REVOKE SELECT ON TABLE "public"."a" FROM "pay"; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END $user$',
      `DO $user$ BEGIN ${QUEUE} ` + 'REVOKE USAGE ON SCHEMA "public" FROM "pay"; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END $user$',
    ]);
    expect(revoke([])).toEqual([]);
  });

  test('is taken away where it is there, and gives what it owns to the master user, who is never one of rds_iam by it', () => {
    expect(drop).toEqual([
      `DO $user$ BEGIN ${QUEUE} ` + "IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN "
      + 'REVOKE rds_iam FROM "pay"; GRANT "pay" TO CURRENT_USER; REASSIGN OWNED BY "pay" TO CURRENT_USER; '
      + 'DECLARE owner regrole; BEGIN FOR owner IN SELECT DISTINCT owned.refobjid FROM pg_shdepend granted JOIN pg_shdepend owned USING (dbid, classid, objid) '
      + "WHERE granted.deptype = 'a' AND granted.refclassid = 'pg_authid'::regclass AND granted.refobjid = '\"pay\"'::regrole "
      + "AND granted.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owned.deptype = 'o' AND NOT pg_has_role(owned.refobjid, 'USAGE') "
      + "LOOP EXECUTE 'GRANT ' || owner || ' TO CURRENT_USER'; DROP OWNED BY \"pay\"; EXECUTE 'REVOKE ' || owner || ' FROM CURRENT_USER'; END LOOP; END; "
      + 'DROP OWNED BY "pay"; DROP ROLE "pay"; END IF; END $user$',
    ]);
  });

  test('a tag that stands in what it encloses is not taken', () => {
    expect(revoke(['a "$user$"'])[0]).toMatch(/^DO \$user1\$ BEGIN PERFORM \S+; a "\$user\$"; .* END \$user1\$$/);
    expect(revoke(['a "$user$" "$user1$"'])[0]).toMatch(/^DO \$user2\$ .* END \$user2\$$/);
  });
});

describe('a login of MySQL', () => {
  const { ensure, revoke, drop } = userStatements('mysql', 'pay', 'app');

  test('is made where it is not there, is known by its token, and must come by TLS', () => {
    expect(ensure).toEqual(["CREATE USER IF NOT EXISTS 'pay'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"]);
  });

  test('loses all its privileges by one statement', () => {
    expect(revoke([])).toEqual(["REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'"]);
  });

  test('is taken away where it is there', () => {
    expect(drop).toEqual(["DROP USER IF EXISTS 'pay'@'%'"]);
  });
});

describe('whatever is in a name', () => {
  test('PostgreSQL and MySQL read one name, and it is that one', () => {
    fc.assert(fc.property(anyName, text => {
      expect(tokensOf('postgresql', quoted.postgresql(text))).toEqual([name(text)]);
      expect(tokensOf('mysql', quoted.mysql(text))).toEqual([name(text)]);
      expect(tokensOf('mysql', quoted.mysqlAccount(text))).toEqual([{ kind: 'text', value: text }, { kind: 'sign', value: '@' }, { kind: 'text', value: '%' }]);
    }));
  });

  test('a database is named by one name', () => {
    fc.assert(fc.property(anyName, text => {
      expect(tokensOf('postgresql', userStatements('postgresql', 'pay', text).ensure[1])).toEqual([...'GRANT CONNECT ON DATABASE'.split(' ').map(word), name(text), word('TO'), name('pay')]);
    }));
  });

  test('a statement stands whole in its block, and ends with it', () => {
    fc.assert(fc.property(anyName, text => {
      const statement = `REVOKE SELECT ON TABLE ${quoted.postgresql(text)} FROM "pay"`;
      const [outer, block, ...more] = tokensOf('postgresql', userStatements('postgresql', 'pay', 'app').revoke([statement])[0]);
      expect([outer, more]).toEqual([word('DO'), []]);
      expect(block).toEqual({ kind: 'block', value: ` BEGIN ${QUEUE} ${statement}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END ` });
    }));
  });

  test.each(['ensure', 'drop'] as const)('%s names the login, as it names any other', list => {
    const shapeOf = (sql: string, login: string): string => tokensOf('postgresql', sql).map(({ kind, value }) => {
      if (kind === 'block') return shapeOf(value, login);
      if (value === login) return `<login as ${kind}>`;
      return value === quoted.postgresql(login) ? '<quoted login>' : `${kind} ${value}`;
    }).join('\n');
    const plain = userStatements('postgresql', 'a-login', 'a-database')[list].map(sql => shapeOf(sql, 'a-login'));
    expect(plain.join()).toContain('<login as name>');
    fc.assert(fc.property(anyName.map(text => `z9${text}`), text => {
      expect(userStatements('postgresql', text, 'a-database')[list].map(sql => shapeOf(sql, text))).toEqual(plain);
    }));
  });

  test.each(['', 'a\0b'])('fails when it is %j, which no database has', text => {
    for (const quote of Object.values(quoted)) {
      expect(() => quote(text)).toThrow(new Error(`a name in SQL must have characters and no NUL, got ${JSON.stringify(text)}`));
    }
  });
});

test.each(['"', '\'', '$a$', '-- a', '/* a', '`'])('the reader of these tests notices %j where it stands open', sql => {
  expect(() => tokensOf(sql === '`' ? 'mysql' : 'postgresql', sql)).toThrow();
});

describe('the name of a user', () => {
  const check = (family: 'postgresql' | 'mysql', user: string, masterName?: string) => () => checkUserName('Stack/Db', { family, name: user, masterName });

  test.each<['postgresql' | 'mysql', string]>([
    ['postgresql', 'a'], ['postgresql', '_'], ['postgresql', 'pay_2'], ['postgresql', 'a'.repeat(63)], ['postgresql', 'root'], ['postgresql', 'admin'], ['postgresql', 'users'],
    ['postgresql', 'page'], ['mysql', 'a'], ['mysql', '_'], ['mysql', 'a'.repeat(32)], ['mysql', 'postgres'], ['mysql', 'public'], ['mysql', 'administrator'],
  ])('of %s may be %s', (family, user) => {
    expect(check(family, user, 'clusteradmin')).not.toThrow();
  });

  test.each<['postgresql' | 'mysql', string, number]>([
    ['postgresql', 'a'.repeat(64), 63], ['mysql', 'a'.repeat(33), 32],
    ...['', 'Pay', '2pay', 'pay-2', 'pay 2', 'pay"', "pay'", 'pay;', 'päy', 'pay\n'].flatMap(user => [['postgresql', user, 63], ['mysql', user, 32]] as ['postgresql' | 'mysql', string, number][]),
  ])('of %s fails when it is %j', (family, user, length) => {
    expect(check(family, user)).toThrow(new Error(
      `'name' must be 1 to ${length} small letters, digits and underscores, not beginning with a digit, got '${user}'; rename the user (at Stack/Db)`));
  });

  test.each<['postgresql' | 'mysql', string]>([
    ...['pg_monitor', 'pg_', 'rds_iam', 'rdsadmin', 'rds', 'postgres', 'public', 'none', 'user', 'current_user', 'session_user', 'current_role'].map(user => ['postgresql', user] as ['postgresql', string]),
    ...['rdsadmin', 'rds_superuser_role', 'root', 'admin', 'mysql', 'mysql_sys'].map(user => ['mysql', user] as ['mysql', string]),
  ])('of %s fails when it is reserved: %s', (family, user) => {
    expect(check(family, user)).toThrow(new Error(`'name' must not be reserved by RDS or the database, got '${user}'; rename the user (at Stack/Db)`));
  });

  test.each(['postgresql', 'mysql'] as const)('of %s fails when it is the master user\'s', family => {
    expect(check(family, 'boss', 'boss')).toThrow(new Error("'name' must not be the master user's, got 'boss'; give each function a user of its own (at Stack/Db)"));
    expect(check(family, 'boss')).not.toThrow();
  });

  test('fails when it is a token', () => {
    expect(check('postgresql', Lazy.string({ produce: () => 'pay' }))).toThrow(new Error(
      "'name' must be known at synth, got a token; it becomes a part of SQL and of permissions (at Stack/Db)"));
  });

  test('never is one that could break out of SQL', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('postgresql' as const, 'mysql' as const), (user, family) => {
      try {
        check(family, user)();
      } catch {
        return true;
      }
      return /^[a-z0-9_]+$/.test(user);
    }));
  });
});
