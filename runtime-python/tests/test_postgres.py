import contextlib
import glob
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any, LiteralString
from urllib.parse import parse_qs, urlparse

import certifi
import psycopg
import pytest
from conftest import FakeContext

from cdk_production_lambda_runtime import Invocation, OutOfTimeError, run_invocation
from cdk_production_lambda_runtime.postgres import PostgresDatabase, StatementTimeoutError, postgres

BIN = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)), os.path.dirname(shutil.which("initdb") or ""))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A PostgreSQL server on this machine."""
    if not BIN:
        pytest.skip("PostgreSQL is not installed")
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] if os.getuid() == 0 else []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)  # the server does not run as root
        data = f"{folder}/data"
        subprocess.run([*user, f"{BIN}/initdb", "-D", data, "-U", "pay", "-A", "trust"], check=True, stdout=subprocess.DEVNULL)
        server = [*user, f"{BIN}/pg_ctl", "-D", data, "-w", "-o", f"-p {number} -k '' -c listen_addresses=127.0.0.1"]
        subprocess.run([*server, "-l", f"{folder}/log", "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            yield number
        finally:
            subprocess.run([*user, f"{BIN}/pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL)
            with contextlib.suppress(FileNotFoundError):
                shutil.rmtree(data)


@pytest.fixture
def ledger(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresDatabase]:
    variables = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGDATABASE": "postgres", "PGUSER": "pay", "PGSSLMODE": "disable"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    database = postgres()
    database.query("CREATE TABLE IF NOT EXISTS payments (id text PRIMARY KEY, amount int)")
    database.query("TRUNCATE payments")
    yield database
    database.close()


def invoke(work: Callable[[], Any], millis: int = 10_000) -> Any:
    return run_invocation(Invocation({}, FakeContext(millis)), work)


def test_a_statement_returns_its_rows_on_one_connection(ledger: PostgresDatabase) -> None:
    assert ledger.query("INSERT INTO payments VALUES (%s, %s)", ["a", 5]) == []
    assert ledger.query("SELECT amount FROM payments WHERE id = %s", ["a"]) == [{"amount": 5}]
    processes = [ledger.query("SELECT pg_backend_pid() AS id")[0]["id"] for _ in range(20)]
    assert len(set(processes)) == 1
    assert ledger.query("SELECT count(*) AS n FROM pg_prepared_statements") == [{"n": 0}]


def test_a_transaction_is_committed_and_rolled_back_if_its_block_raises(ledger: PostgresDatabase) -> None:
    with ledger.transaction() as query:
        query("INSERT INTO payments VALUES ('a', 1)")
    with pytest.raises(ValueError, match="no"), ledger.transaction() as query:
        query("INSERT INTO payments VALUES ('b', 1)")
        raise ValueError("no")
    assert ledger.query("SELECT id FROM payments") == [{"id": "a"}]


def test_a_transaction_with_a_failed_statement_is_not_committed_silently(ledger: PostgresDatabase) -> None:
    with pytest.raises(RuntimeError, match="was rolled back"), ledger.transaction() as query:
        query("INSERT INTO payments VALUES ('a', 1)")
        with contextlib.suppress(psycopg.errors.UndefinedTable):
            query("SELECT * FROM nothing")
    assert ledger.query("SELECT id FROM payments") == []


def test_a_lost_connection_is_replaced_for_the_first_statement_only(ledger: PostgresDatabase) -> None:
    end: LiteralString = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pay' AND pid <> pg_backend_pid()"
    other = PostgresDatabase()
    ledger.query("SELECT 1")
    other.query(end)
    assert ledger.query("SELECT 2 AS n") == [{"n": 2}]
    with pytest.raises(psycopg.OperationalError), ledger.transaction() as query:
        query("INSERT INTO payments VALUES ('a', 1)")
        other.query(end)
        query("INSERT INTO payments VALUES ('b', 1)")
    assert ledger.query("SELECT id FROM payments") == []
    other.close()


def test_a_statement_whose_time_is_over_is_not_repeated(ledger: PostgresDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cdk_production_lambda_runtime.postgres._STATEMENT_MILLIS", 300)
        with pytest.raises(StatementTimeoutError, match="the statement has not ended within 300 ms"):
            ledger.query("SELECT pg_sleep(60)")
    # On a connection of its own: the server still executes the earlier statement.
    executed: LiteralString = "SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'"
    assert ledger.query(executed) == [{"ended": True}]


def test_a_statement_after_its_transaction_is_refused(ledger: PostgresDatabase) -> None:
    with ledger.transaction() as query:
        pass
    with pytest.raises(RuntimeError, match="the transaction has ended"):
        query("INSERT INTO payments VALUES ('a', 1)")
    assert ledger.query("SELECT id FROM payments") == []


def test_a_statement_or_transaction_of_the_database_within_a_transaction_is_refused(ledger: PostgresDatabase) -> None:
    def statement() -> None:
        ledger.query("INSERT INTO payments VALUES ('b', 1)")

    def transaction() -> None:
        with ledger.transaction() as query:
            query("INSERT INTO payments VALUES ('b', 1)")

    for nested in (statement, transaction, ledger.close):
        with pytest.raises(RuntimeError, match="must use the 'query' of its block"), ledger.transaction() as query:
            query("INSERT INTO payments VALUES ('a', 1)")
            nested()
    assert ledger.query("SELECT id FROM payments") == []


def test_another_thread_waits_for_a_transaction(ledger: PostgresDatabase) -> None:
    found: list[object] = []
    other = threading.Thread(target=lambda: found.extend(ledger.query("SELECT id FROM payments")))
    with ledger.transaction() as query:
        query("INSERT INTO payments VALUES ('a', 1)")
        other.start()
        query("INSERT INTO payments VALUES ('b', 1)")
    other.join()
    assert found == [{"id": "a"}, {"id": "b"}]


def test_a_server_that_is_not_the_writer_any_more_is_left(ledger: PostgresDatabase) -> None:
    before = ledger.query("SELECT pg_backend_pid() AS id")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), ledger.transaction() as query:
        query("SET TRANSACTION READ ONLY")
        query("INSERT INTO payments VALUES ('a', 1)")
    assert ledger.query("SELECT pg_backend_pid() AS id") != before


def test_a_statement_ends_at_the_deadline_and_its_transaction_is_rolled_back(ledger: PostgresDatabase) -> None:
    def work() -> None:
        with ledger.transaction() as query:
            query("INSERT INTO payments VALUES ('a', 1)")
            query("SELECT pg_sleep(3)")

    with pytest.raises(psycopg.OperationalError):
        invoke(work, millis=1_500)
    assert ledger.query("SELECT id FROM payments") == []


def test_after_the_deadline_no_statement_is_sent(ledger: PostgresDatabase) -> None:
    with pytest.raises(OutOfTimeError, match="a statement needs 1 ms"):
        invoke(lambda: ledger.query("INSERT INTO payments VALUES ('a', 1)"), millis=900)
    assert ledger.query("SELECT id FROM payments") == []


def test_a_connection_is_encrypted_and_verified_with_a_token_of_the_function(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[dict[str, Any]] = []

    class Refused(Exception): ...

    def connect(**options: Any) -> None:
        connected.append(options)
        raise Refused

    monkeypatch.setattr(psycopg, "connect", connect)
    host = "ledger.proxy-x.eu-west-1.rds.amazonaws.com"
    for name, value in {"PGHOST": host, "PGPORT": "5432", "PGDATABASE": "ledger", "PGUSER": "pay"}.items():
        monkeypatch.setenv(f"LEDGER_{name}", value)
    database = postgres("LEDGER_")
    for _ in range(2):
        with pytest.raises(Refused):
            database.query("SELECT 1")
    assert (connected[0]["sslmode"], connected[0]["sslrootcert"]) == ("verify-full", certifi.where())
    assert (connected[0]["host"], connected[0]["port"], connected[0]["user"]) == (host, 5432, "pay")
    token = urlparse(f"https://{connected[0]['password']}")
    assert (token.netloc, parse_qs(token.query)["DBUser"], parse_qs(token.query)["X-Amz-Expires"]) == (f"{host}:5432", ["pay"], ["900"])
    assert len(connected) == 2  # a token is signed for each connection


@pytest.mark.parametrize(("mode", "host"), [("disable", "ledger.example"), ("prefer", "127.0.0.1")])
def test_a_connection_without_encryption_is_possible_on_this_machine_only(mode: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGHOST": host, "PGPORT": "1", "PGDATABASE": "d", "PGUSER": "u", "PGSSLMODE": mode}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(RuntimeError, match="PGSSLMODE must be unset, or 'disable' for a database on this machine"):
        postgres()
