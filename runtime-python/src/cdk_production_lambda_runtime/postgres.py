"""The PostgreSQL database to which the function is connected. Requires the extra `postgres` of this package."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import boto3
import certifi
import psycopg
from psycopg.rows import dict_row

from .deadline import Deadline
from .snap_start import before_snapshot
from .variables import PGDATABASE, PGHOST, PGPORT, PGUSER, required, required_number

__all__ = ["PostgresDatabase", "Query", "StatementTimeoutError", "postgres"]

Row = dict[str, Any]
_Connection = psycopg.Connection[Row]

_CONNECT_MILLIS = 3_000
_STATEMENT_MILLIS = 5_000
_BEGIN: LiteralString = "BEGIN"
_THIS_MACHINE = re.compile(r"^(localhost|127\.0\.0\.1|::1)$")


class StatementTimeoutError(psycopg.OperationalError):
    """The time of a statement is over. The server may still execute it, and rolls it back if it belongs to a transaction."""


class Query:
    """Sends statements of one transaction."""

    def __init__(self, database: PostgresDatabase, connection: _Connection) -> None:
        self._database = database
        self._connection = connection
        self._has_ended = False

    def __call__(self, text: LiteralString, values: Sequence[Any] = ()) -> list[Row]:
        """Sends a statement with values for `%s`, and returns its rows."""
        if self._has_ended:
            raise RuntimeError("the transaction has ended; send its statements in its block")
        return self._database._send(self._connection, text, values)


class PostgresDatabase:
    """The single connection of an execution environment. It is opened on first use, reused between invocations, and opened again after it
    was lost. One thread uses it at a time; the others wait. Statements end at the deadline of the invocation, at most after five seconds.

    The session has no state, so that RDS Proxy can reuse the connection to the database after each transaction: no `SET`, no prepared
    statement, no temporary table, no lock of the session. Your statements must not create such a state either.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html
    """

    def __init__(self, prefix: str = "") -> None:
        self._host, self._database, self._user = (required(prefix + name) for name in (PGHOST, PGDATABASE, PGUSER))
        self._port = required_number(prefix + PGPORT)
        self._local_password = os.environ.get(f"{prefix}PGPASSWORD", "") if _is_local(self._host) else None
        self._lock = threading.RLock()
        self._in_transaction = False
        self._connection: _Connection | None = None
        before_snapshot(self.close)  # A copied connection is of no use, and would be shared.

    def query(self, text: LiteralString, values: Sequence[Any] = ()) -> list[Row]:
        """Runs one statement that can be repeated: it is sent again if the connection was lost while the environment was frozen."""
        with self._alone():
            return self._first(text, values)[1]

    @contextmanager
    def transaction(self) -> Iterator[Query]:
        """One transaction, which is rolled back if the block raises or the deadline passes. A commit whose response was lost also raises,
        although it may have succeeded: a repetition must be safe.

            with ledger.transaction() as query:
                query("UPDATE payments SET status = 'captured' WHERE id = %s", [payment])
        """
        with self._alone():
            connection, _ = self._first(_BEGIN, ())
            query = Query(self, connection)
            self._in_transaction = True
            try:
                yield query
                if connection.info.transaction_status is psycopg.pq.TransactionStatus.INERROR:
                    raise RuntimeError("the transaction had failed and was rolled back")
                self._send(connection, "COMMIT", ())
            except BaseException:
                self._roll_back(connection)
                raise
            finally:
                query._has_ended = True
                self._in_transaction = False

    def close(self) -> None:
        """Closes the connection. It is opened again when it is needed."""
        with self._alone():
            connection, self._connection = self._connection, None
            if connection is not None:
                connection.close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Waits for the transaction of another thread. One of the same thread would be committed by its statements, or lose them."""
        with self._lock:
            if self._in_transaction:
                raise RuntimeError("statements of a transaction must use the 'query' of its block, got one of the database")
            yield

    def _first(self, text: LiteralString, values: Sequence[Any]) -> tuple[_Connection, list[Row]]:
        """A reused connection may have been closed while the environment was frozen: then a new one repeats the statement. A statement whose
        time is over is not repeated. Only BEGIN is: a connection that was cut without a word does not answer."""
        kept = self._connection
        if kept is not None:
            try:
                return kept, self._send(kept, text, values)
            except psycopg.Error as error:
                if self._connection is kept or (isinstance(error, StatementTimeoutError) and text != _BEGIN):
                    raise
        connection = self._connection = self._connect()
        return connection, self._send(connection, text, values)

    def _connect(self) -> _Connection:
        deadline = Deadline.current()
        if deadline:
            deadline.require(1, "a connection")
        millis = deadline.limit(_CONNECT_MILLIS) if deadline else _CONNECT_MILLIS
        # libpq takes whole seconds, and treats 1 as 2.
        timeout = max(2, round(millis / 1_000))
        is_local = self._local_password is not None
        return psycopg.connect(
            host=self._host, port=self._port, dbname=self._database, user=self._user, password=self._password(),
            sslmode="disable" if is_local else "verify-full", sslrootcert="" if is_local else certifi.where(),
            connect_timeout=timeout, autocommit=True, prepare_threshold=None, row_factory=dict_row,
        )

    def _password(self) -> str:
        """A token that is signed here with the role of the function, for each new connection: it is valid for 15 minutes."""
        if self._local_password is not None:
            return self._local_password
        rds = boto3.client("rds", region_name=required("AWS_REGION"))
        token: str = rds.generate_db_auth_token(DBHostname=self._host, Port=self._port, DBUsername=self._user)
        return token

    def _send(self, connection: _Connection, text: LiteralString, values: Sequence[Any]) -> list[Row]:
        deadline = Deadline.current()
        if deadline:
            deadline.require(1, "a statement")
        millis = deadline.limit(_STATEMENT_MILLIS) if deadline else _STATEMENT_MILLIS
        # RDS Proxy passes on no cancellation, and SET would pin the session.
        is_over = threading.Event()
        timer = threading.Timer(millis / 1_000, _cut, [connection, is_over])
        timer.daemon = True
        timer.start()
        try:
            cursor = connection.execute(text, values or None)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            if _is_lost(connection, error) and self._connection is connection:
                self._connection = None
                connection.close()
            if is_over.is_set():
                raise StatementTimeoutError(f"the statement has not ended within {millis:.0f} ms") from error
            raise
        finally:
            timer.cancel()

    def _roll_back(self, connection: _Connection) -> None:
        if connection.closed or connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE:
            return
        try:
            connection.execute("ROLLBACK")
        except psycopg.Error:
            self._connection = None
            connection.close()


def postgres(prefix: str = "") -> PostgresDatabase:
    """The database to which `ProxiedDatabase.connect` has connected the function; `prefix` is its `environmentPrefix`. The connection is
    encrypted, its certificate verified, and its password an IAM token. No connection is opened yet.

        ledger = postgres()
        rows = ledger.query("SELECT status FROM payments WHERE id = %s", [payment])
    """
    return PostgresDatabase(prefix)


def _is_local(host: str) -> bool:
    """Only a database on this machine can be used without encryption, for tests."""
    mode = os.environ.get("PGSSLMODE", "")
    if mode == "":
        return False
    if mode != "disable" or not _THIS_MACHINE.match(host):
        raise RuntimeError(
            f"environment variable PGSSLMODE must be unset, or 'disable' for a database on this machine, got '{mode}' for {host}"
        )
    return True


def _is_lost(connection: _Connection, error: psycopg.Error) -> bool:
    """Whether no further statement can succeed on the connection. In a read-only transaction (25006), the server is not the writer any
    more: the connection is open, and no statement that writes can succeed on it."""
    return connection.closed or (error.sqlstate or "").startswith(("08", "57P", "25006"))


def _cut(connection: _Connection, is_over: threading.Event) -> None:
    """Ends the waiting for a statement whose time is over. The server rolls back its transaction when it has finished the statement."""
    is_over.set()
    try:
        handle = socket.socket(fileno=os.dup(connection.fileno()))
    except (OSError, psycopg.Error):
        return  # The connection is closed already.
    with handle:
        handle.shutdown(socket.SHUT_RDWR)
