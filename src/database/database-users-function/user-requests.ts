import type { RDSDataClient } from '@aws-sdk/client-rds-data';
import { earlierRevokes, isFromEarlierVersion } from './earlier-statements';
import { familyOf, validateStatements, validateUser } from './known-statements';
import { inDatabase, type Run, type Session } from './run-statements';
import type { UserEvent, UserProperties } from './user-event';
import {
  connectRevoke, EXISTS_WITHOUT_MARKER, MARKER, mysqlAttributesQuery, NOT_DROPPED, otherDatabasesQuery, releaseStatement, userStatements,
} from '../user-statements';

/** The errors of MySQL if a privilege to revoke, or its user, does not exist. */
const NOTHING_TO_REVOKE = /There is no such grant defined|Can't find any matching row/i;
/** The error of the Data API for a cluster without instances, to which no user can log in. */
const NO_DATABASE = 'DatabaseNotFoundException';
const DATABASE_WAS_DROPPED = /database "?\S+ does not exist|Unknown database/i;
/** A database that every cluster has, to drop a user whose own database was dropped. */
const SYSTEM_DATABASE = { postgresql: 'postgres', mysql: 'mysql' };

/** The physical id of a user that was created. */
export function idOf({ name }: UserProperties): string {
  return `user:${name}`;
}

/** Does what CloudFormation requests. Runs no other statements than this library writes for the user. */
export async function serve(client: RDSDataClient, event: UserEvent, signal: AbortSignal): Promise<void> {
  const { RequestType, ResourceProperties: now, OldResourceProperties: before, PhysicalResourceId } = event;
  if (!['Create', 'Update', 'Delete'].includes(RequestType)) throw new Error(`'RequestType' must be Create, Update or Delete, got ${RequestType}`);
  validateUser(now);
  const session = { client, target: now, signal };
  if (RequestType === 'Delete') return remove(session, now, PhysicalResourceId === idOf(now));
  validateStatements(now, now.grant, 'grant');
  const isSameUser = RequestType === 'Update' && before && PhysicalResourceId === idOf(now) && before.clusterArn === now.clusterArn;
  return isSameUser ? update(session, now, before) : create(session, now);
}

async function create(session: Session, user: UserProperties): Promise<void> {
  if (familyOf(user) === 'postgresql') return inDatabase(session, async run => runAll(run, user.grant));
  const existed = await inDatabase(session, async run => hasMysqlUser(run, user));
  try {
    await inDatabase(session, async run => runAll(run, user.grant));
  } catch (error) {
    if (!existed) await inDatabase(session, async run => runAll(run, dropOf(user))).catch(() => undefined); // Delete drops it otherwise
    throw error;
  }
}

async function update(session: Session, now: UserProperties, before: UserProperties): Promise<void> {
  validateUser(before);
  const revokes = earlierRevokes(before, now);
  if (familyOf(now) === 'mysql') return inDatabase(session, async run => updateInMysql(run, now, before, revokes));
  const isElsewhere = before.database !== now.database;
  if (isElsewhere) await revokeElsewhere(session, before, revokes);
  await inDatabase(session, async run => runAll(run, [...markOf(now, before), ...isElsewhere ? [] : revokes, ...now.grant]));
}

/** Each statement takes effect immediately, so the new privileges are granted first, and again if a revocation contained them. */
async function updateInMysql(run: Run, now: UserProperties, before: UserProperties, revokes: string[]): Promise<void> {
  const mark = markOf(now, before);
  if (mark.length === 0) await hasMysqlUser(run, now);
  await runAll(run, [...now.grant, ...mark]);
  if (revokes.length === 0) return;
  await runAll(run, revokes, NOTHING_TO_REVOKE);
  await runAll(run, now.grant);
}

async function revokeElsewhere(session: Session, before: UserProperties, revokes: string[]): Promise<void> {
  const elsewhere = { ...session, target: { ...session.target, database: before.database } };
  const statements = [...revokes, connectRevoke(before.name, before.database)];
  await inDatabase(elsewhere, async run => runAll(run, statements)).catch(unlessDropped);
}

/** Drops the user. One that this library did not create remains, which is the expected result if CloudFormation did not create it either. */
async function remove(session: Session, user: UserProperties, wasCreated: boolean): Promise<void> {
  const family = familyOf(user);
  const drop = async (database: string) => (family === 'postgresql' ? dropFromPostgres : dropFromMysql)({ ...session, target: { ...user, database } }, user);
  try {
    await drop(user.database).catch(async error => {
      unlessDropped(error);
      await drop(SYSTEM_DATABASE[family]);
    });
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== NO_DATABASE && (wasCreated || !message.includes(NOT_DROPPED))) throw error;
  }
}

async function dropFromPostgres(session: Session, user: UserProperties): Promise<void> {
  const databases = await inDatabase(session, async run => run(otherDatabasesQuery(user.name)));
  for (const database of databases) {
    const elsewhere = { ...session, target: { ...session.target, database: database! } };
    await inDatabase(elsewhere, async run => runAll(run, [releaseStatement(user.name)]));
  }
  await inDatabase(session, async run => runAll(run, dropOf(user)));
}

async function dropFromMysql(session: Session, user: UserProperties): Promise<void> {
  await inDatabase(session, async run => {
    await hasMysqlUser(run, user, NOT_DROPPED);
    await runAll(run, dropOf(user));
  });
}

/** Whether the user exists. Throws an error if it exists without the marker. PostgreSQL checks that in its statements. */
async function hasMysqlUser(run: Run, { name }: UserProperties, problem = EXISTS_WITHOUT_MARKER): Promise<boolean> {
  const users = await run(mysqlAttributesQuery(name));
  if (users.some(attributes => !attributes?.includes(MARKER))) throw new Error(`${problem} (${name})`);
  return users.length > 0;
}

/** The statement that marks a user that an earlier version created without a marker. */
function markOf(now: UserProperties, before: UserProperties): string[] {
  return isFromEarlierVersion(before) ? userStatements(familyOf(now), now.name, now.database).mark : [];
}

function dropOf(user: UserProperties): string[] {
  return userStatements(familyOf(user), user.name, user.database).drop;
}

async function runAll(run: Run, statements: string[], expected?: RegExp): Promise<void> {
  for (const statement of statements) {
    await run(statement).catch(error => {
      if (!expected?.test((error as Error).message)) throw error;
    });
  }
}

function unlessDropped(error: Error): void {
  if (!DATABASE_WAS_DROPPED.test(error.message)) throw error;
}
