import { familyOf, isKnown, type User } from './known-statements';
import { asOwner } from '../sql-syntax';
import { MARKER, userStatements } from '../user-statements';

/** The properties of a resource before an update. */
type Before = User & { readonly grant: string[]; readonly revoke: string[] };

const MYSQL_GRANT = /^GRANT (.+) ON (.+) TO ('[^']+'@'%')( WITH GRANT OPTION)?$/;
const REVOKE_ON = /^DO \$user\d*\$ BEGIN PERFORM [^;]+; (REVOKE [A-Z, ]+ ON TABLE (.+) FROM \S+); EXCEPTION /;

/** Whether an earlier version of this library created the user, without a marker. */
export function isFromEarlierVersion(before: Before): boolean {
  return !before.grant.some(statement => statement.includes(MARKER));
}

/**
 * The statements that revoke the privileges of a resource before an update, in the form of this version. Statements that this library
 * never wrote do not run: they are reported in the log.
 */
export function earlierRevokes(before: Before, now: { readonly grant: string[] }): string[] {
  const removed = before.grant.filter(statement => !now.grant.includes(statement));
  if (removed.length === 0) return [];
  const statements = familyOf(before) === 'mysql' ? removed.flatMap(statement => mysqlRevokes(before, statement)) : before.revoke.map(statement => currentForm(before, statement));
  return statements.filter(statement => {
    const isSafe = familyOf(before) === 'mysql' || isKnown(before, statement, 'revoke');
    if (!isSafe) console.log(JSON.stringify({ level: 'WARN', message: 'a privilege was not revoked: its statement is unknown', statement }));
    return isSafe;
  });
}

/** MySQL revokes what was granted, word for word: also a grant of an earlier version, whose `_` was a wildcard. */
function mysqlRevokes(before: Before, statement: string): string[] {
  const [, words, place, account, option] = MYSQL_GRANT.exec(statement) ?? [];
  if (words === undefined || ![statement, escaped(statement)].some(form => isKnown(before, form, 'grant'))) return [];
  return [...option ? [`REVOKE GRANT OPTION ON ${place} FROM ${account}`] : [], `REVOKE ${words} ON ${place} FROM ${account}`];
}

function escaped(statement: string): string {
  return statement.replace(/ ON `(.+)`\.\* /, (_, name: string) => ` ON \`${name.replace(/[\\_%]/g, '\\$&')}\`.* `);
}

/** Earlier versions wrote colons, and revoked the privileges on a table as the master user only. */
function currentForm(before: Before, statement: string): string {
  const form = statement
    .replace("hashtext('cdk-production-lambda:DatabaseUser')", `hashtext('${MARKER}')`)
    .replace(/('(?:[^']|'')*')::regnamespace/g, 'CAST($1 AS regnamespace)');
  const [, revoke, table] = REVOKE_ON.exec(form) ?? [];
  return revoke === undefined ? form : userStatements('postgresql', before.name, before.database).revoke([asOwner(table, revoke)])[0];
}
