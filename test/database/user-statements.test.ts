import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { quoted } from '../../src/database/sql-syntax';
import { userStatements } from '../../src/database/user-statements';

const QUEUE = "PERFORM pg_advisory_xact_lock(hashtext('cdk-production-lambda:DatabaseUser'));";
const word = (value: string): Token => ({ kind: 'word', value });
const name = (value: string): Token => ({ kind: 'name', value });
const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '-', '/', '*', 'user', '$user$', '$user1$', ' END ', 'DROP ROLE x'), minLength: 1, maxLength: 12 }),
).filter(text => !text.includes('\0'));

describe('a user of PostgreSQL', () => {
  const { ensure, revoke, drop } = userStatements('postgresql', 'pay', 'app');

  test('is created if it does not exist, may connect, and authenticates with a token; transactions wait for each other', () => {
    expect(ensure).toEqual([
      `DO $user$ BEGIN ${QUEUE} ` + "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN CREATE ROLE \"pay\" LOGIN; END IF; END $user$",
      'GRANT CONNECT ON DATABASE "app" TO "pay"',
      'GRANT rds_iam TO "pay"',
    ]);
  });

  test('loses each privilege separately, also if the table or the user no longer exists', () => {
    expect(revoke(['REVOKE SELECT ON TABLE "public"."a" FROM "pay"', 'REVOKE USAGE ON SCHEMA "public" FROM "pay"'])).toEqual([
      `DO $user$ BEGIN ${QUEUE} ` + 'REVOKE SELECT ON TABLE "public"."a" FROM "pay"; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END $user$',
      `DO $user$ BEGIN ${QUEUE} ` + 'REVOKE USAGE ON SCHEMA "public" FROM "pay"; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END $user$',
    ]);
    expect(revoke([])).toEqual([]);
  });

  test('is dropped if it exists, and its objects go to the master user, who never becomes a member of rds_iam', () => {
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

  test('a dollar quote does not occur in the text that it encloses', () => {
    expect(revoke(['a "$user$"'])[0]).toMatch(/^DO \$user1\$ BEGIN PERFORM \S+; a "\$user\$"; .* END \$user1\$$/);
    expect(revoke(['a "$user$" "$user1$"'])[0]).toMatch(/^DO \$user2\$ .* END \$user2\$$/);
  });
});

describe('a user of MySQL', () => {
  const { ensure, revoke, drop } = userStatements('mysql', 'pay', 'app');

  test('is created if it does not exist, authenticates with a token, and requires TLS', () => {
    expect(ensure).toEqual(["CREATE USER IF NOT EXISTS 'pay'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL"]);
  });

  test('loses all privileges with one statement', () => {
    expect(revoke([])).toEqual(["REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'pay'@'%'"]);
  });

  test('is dropped if it exists', () => {
    expect(drop).toEqual(["DROP USER IF EXISTS 'pay'@'%'"]);
  });
});

describe('any characters in a name', () => {
  test('are read by PostgreSQL and MySQL as one name, the same name', () => {
    fc.assert(fc.property(anyName, text => {
      expect(tokensOf('postgresql', quoted.postgresql(text))).toEqual([name(text)]);
      expect(tokensOf('mysql', quoted.mysql(text))).toEqual([name(text)]);
      expect(tokensOf('mysql', quoted.mysqlAccount(text))).toEqual([{ kind: 'text', value: text }, { kind: 'sign', value: '@' }, { kind: 'text', value: '%' }]);
    }));
  });

  test('are one name of a database', () => {
    fc.assert(fc.property(anyName, text => {
      expect(tokensOf('postgresql', userStatements('postgresql', 'pay', text).ensure[1])).toEqual([...'GRANT CONNECT ON DATABASE'.split(' ').map(word), name(text), word('TO'), name('pay')]);
    }));
  });

  test('leave a statement complete in its block', () => {
    fc.assert(fc.property(anyName, text => {
      const statement = `REVOKE SELECT ON TABLE ${quoted.postgresql(text)} FROM "pay"`;
      const [outer, block, ...more] = tokensOf('postgresql', userStatements('postgresql', 'pay', 'app').revoke([statement])[0]);
      expect([outer, more]).toEqual([word('DO'), []]);
      expect(block).toEqual({ kind: 'block', value: ` BEGIN ${QUEUE} ${statement}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END ` });
    }));
  });

  test.each(['ensure', 'drop'] as const)('%s names the user and has the same shape for every name', list => {
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

  test.each(['', 'a\0b'])('fail when the name is %j, which no database supports', text => {
    for (const quote of Object.values(quoted)) {
      expect(() => quote(text)).toThrow(new Error(`a name in SQL must not be empty or contain NUL, got ${JSON.stringify(text)}`));
    }
  });
});

test.each(['"', '\'', '$a$', '-- a', '/* a', '`'])('the SQL parser of these tests detects an unclosed %j', sql => {
  expect(() => tokensOf(sql === '`' ? 'mysql' : 'postgresql', sql)).toThrow();
});
