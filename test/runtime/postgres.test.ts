import { DatabaseError } from 'pg';
import { PostgresDatabase } from '../../runtime/src/postgres';

class Exposed extends PostgresDatabase {
  public loses(code: string, severity: string): boolean {
    return this.isLost(Object.assign(new DatabaseError('refused', 0, 'error'), { code, severity }));
  }
}

const database = new Exposed({ host: 'localhost', port: 5432, database: 'app', user: 'pay', password: '', tls: false });

test.each([
  ['08006', 'ERROR', 'the connection of the proxy failed'],
  ['25006', 'ERROR', 'the server is not the writer any more'],
  ['25P03', 'FATAL', 'the transaction was idle for too long'],
  ['57P01', 'FATAL', 'an administrator ended the session'],
  ['57P02', 'FATAL', 'the server crashed'],
  ['57P03', 'FATAL', 'the server is starting'],
  ['57P05', 'FATAL', 'the session was idle for too long'],
  ['XX000', 'PANIC', 'the server stops'],
])('after %s (%s) the connection is opened again: %s', (code, severity) => {
  expect(database.loses(code, severity)).toBe(true);
});

test.each([
  ['23505', 'a unique key'],
  ['25P02', 'a transaction that failed'],
  ['40001', 'a conflict of transactions'],
  ['40P01', 'a deadlock'],
  ['53200', 'a statement without memory'],
  ['55P03', 'a lock'],
  ['57014', 'a statement that took too long'],
])('after %s the connection is kept: %s', code => {
  expect(database.loses(code, 'ERROR')).toBe(false);
});

test('after an error that is not one of the server the connection is opened again', () => {
  expect(Reflect.get(database, 'isLost').call(database, new Error('read ECONNRESET'))).toBe(true);
});
