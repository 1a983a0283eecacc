import * as fc from 'fast-check';
import { type Token, tokensOf } from './sql-tokens';
import { quoted } from '../../src/database/sql-syntax';
import { tableGroupOf } from '../../src/database/table-group';
import { connectRevoke, mysqlAttributesQuery, otherDatabasesQuery, releaseStatement, userStatements } from '../../src/database/user-statements';

const QUEUE = "PERFORM pg_advisory_xact_lock(hashtext('cdk-production-lambda DatabaseUser'));";
const word = (value: string): Token => ({ kind: 'word', value });
const name = (value: string): Token => ({ kind: 'name', value });
const anyName = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('"', '\'', '`', '\\', '$', ';', '-', '/', '*', 'user', '$user$', '$user1$', ' END ', 'DROP ROLE x'), minLength: 1, maxLength: 12 }),
).filter(text => !text.includes('\0'));

describe('a user of PostgreSQL', () => {
  const { ensure, revoke, drop, mark } = userStatements('postgresql', 'pay', 'app');
  const isMarked = "EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay' AND strpos(shobj_description(pg_roles.oid, 'pg_authid'), 'cdk-production-lambda DatabaseUser') > 0)";

  test('is created and marked if it does not exist, is rejected without the marker, may connect, and authenticates with a token', () => {
    expect(ensure).toEqual([
      `DO $user$ BEGIN ${QUEUE} IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN CREATE ROLE "pay" LOGIN; COMMENT ON ROLE "pay" IS 'cdk-production-lambda DatabaseUser'; `
      + `ELSIF NOT ${isMarked} THEN RAISE EXCEPTION USING MESSAGE = 'a database user of this name exists and was not created by cdk-production-lambda (pay)'; END IF; `
      + "IF EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl) acl WHERE nspname = 'public' AND acl.grantee = 0 AND acl.privilege_type = 'CREATE') "
      + 'THEN REVOKE CREATE ON SCHEMA public FROM PUBLIC; END IF; END $user$',
      'GRANT CONNECT ON DATABASE "app" TO "pay"',
      'GRANT rds_iam TO "pay"',
    ]);
  });

  test('loses each privilege separately, also if the table or the user no longer exists', () => {
    const tolerant = (sql: string) => `DO $user$ BEGIN ${QUEUE} ${sql}; EXCEPTION WHEN undefined_table OR invalid_schema_name OR undefined_object OR insufficient_privilege THEN NULL; END $user$`;
    expect(revoke(['REVOKE SELECT ON TABLE "public"."a" FROM "pay"', 'REVOKE USAGE ON SCHEMA "public" FROM "pay"']))
      .toEqual([tolerant('REVOKE SELECT ON TABLE "public"."a" FROM "pay"'), tolerant('REVOKE USAGE ON SCHEMA "public" FROM "pay"')]);
    expect(revoke([])).toEqual([]);
    expect(connectRevoke('pay', 'app')).toBe(tolerant('REVOKE CONNECT ON DATABASE "app" FROM "pay"'));
  });

  const releasedOf = (role: string) => `GRANT "${role}" TO CURRENT_USER; REASSIGN OWNED BY "${role}" TO CURRENT_USER; `
    + 'DECLARE owner regrole; BEGIN FOR owner IN SELECT DISTINCT owned.refobjid FROM pg_shdepend granted JOIN pg_shdepend owned USING (dbid, classid, objid) '
    + `WHERE granted.deptype = 'a' AND granted.refclassid = CAST('pg_authid' AS regclass) AND granted.refobjid = CAST('"${role}"' AS regrole) `
    + "AND granted.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND owned.deptype = 'o' AND NOT pg_has_role(owned.refobjid, 'USAGE') "
    + `LOOP EXECUTE 'GRANT ' || owner || ' TO CURRENT_USER'; DROP OWNED BY "${role}"; EXECUTE 'REVOKE ' || owner || ' FROM CURRENT_USER'; END LOOP; END; `
    + `DROP OWNED BY "${role}"; REVOKE "${role}" FROM CURRENT_USER;`;
  const group = 'pay_tables_9350872d';
  const hasGroup = isMarked.replace("'pay'", `'${group}'`);

  test('is dropped if it has the marker, and its objects go to the master user, who never becomes a member of rds_iam', () => {
    expect(drop).toEqual([
      `DO $user$ BEGIN ${QUEUE} IF ${isMarked} OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN `
      + `IF ${hasGroup} THEN ${releasedOf(group)} DROP ROLE "${group}"; END IF; END IF; `
      + `IF ${isMarked} THEN REVOKE rds_iam FROM "pay"; ${releasedOf('pay')} DROP ROLE "pay"; `
      + "ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN RAISE EXCEPTION USING MESSAGE = 'the database user was not created by cdk-production-lambda and is not dropped (pay)'; END IF; END $user$",
    ]);
  });

  test('is released in another database before it is dropped', () => {
    expect(releaseStatement('pay')).toBe(`DO $user$ BEGIN ${QUEUE} ${releasedOf('pay')} IF ${hasGroup} THEN ${releasedOf(group)}  END IF; END $user$`);
    expect(otherDatabasesQuery('pay')).toContain("AND datname <> current_database() AND (rolname = 'pay' AND strpos(");
    expect(otherDatabasesQuery('pay')).toContain(`OR rolname = '${group}' AND strpos(`);
  });

  test('of an earlier version is marked, if it exists', () => {
    expect(mark).toEqual([
      `DO $user$ BEGIN ${QUEUE} IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'pay') THEN COMMENT ON ROLE "pay" IS 'cdk-production-lambda DatabaseUser'; END IF; END $user$`,
    ]);
  });

  test('a dollar quote does not occur in the text that it encloses', () => {
    expect(revoke(['a "$user$"'])[0]).toMatch(/^DO \$user1\$ BEGIN PERFORM [^;]+; a "\$user\$"; .* END \$user1\$$/);
    expect(revoke(['a "$user$" "$user1$"'])[0]).toMatch(/^DO \$user2\$ .* END \$user2\$$/);
  });
});

describe('a user of MySQL', () => {
  const { ensure, revoke, drop, mark } = userStatements('mysql', 'pay', 'app');

  test('is created and marked by one statement if it does not exist, authenticates with a token, and requires TLS', () => {
    expect(ensure).toEqual([
      "CREATE USER IF NOT EXISTS 'pay'@'%' IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL /*!80021 COMMENT 'cdk-production-lambda DatabaseUser' */",
    ]);
    expect(mark).toEqual(["ALTER USER 'pay'@'%' COMMENT 'cdk-production-lambda DatabaseUser'"]);
    expect(mysqlAttributesQuery('pay')).toBe("SELECT attribute FROM information_schema.user_attributes WHERE user = 'pay' AND host = '%'");
  });

  test('loses each privilege separately', () => {
    expect(revoke(['REVOKE SELECT ON `app`.* FROM \'pay\'@\'%\''])).toEqual(["REVOKE SELECT ON `app`.* FROM 'pay'@'%'"]);
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

  test.each(['ensure', 'drop', 'mark'] as const)('%s names the user and has the same shape for every name', list => {
    const shapeOf = (sql: string, login: string): string => tokensOf('postgresql', sql).map(({ kind, value }) => {
      if (kind === 'block') return shapeOf(value, login);
      if (value === login) return `<login as ${kind}>`;
      if (value === tableGroupOf(login)) return `<group as ${kind}>`;
      if (value === quoted.postgresql(tableGroupOf(login))) return '<quoted group>';
      if (value.endsWith(`(${login})`)) return '<message>';
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
