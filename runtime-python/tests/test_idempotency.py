import contextlib
import datetime
import enum
import json
import socket
import time
from decimal import Decimal
from typing import Any

import pytest
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyPersistenceLayerError
from operations import Payment, invoke, operation

from cdk_production_lambda_runtime.idempotency import Hold, InProgressError, ResultLostError, idempotent


class Status(enum.Enum):
    PAID = "paid"


class Unreadable:
    def model_dump(self, mode: str) -> None:
        raise AttributeError("no")


def test_work_is_done_once_and_a_repetition_has_its_result(table: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran, result={"payment": 1})
    assert [invoke(lambda: pay({"key": "a"})) for _ in range(3)] == [{"payment": 1}] * 3
    assert ran == ["pay"]


def test_a_request_to_dynamodb_without_an_answer_is_repeated_two_times(monkeypatch: pytest.MonkeyPatch) -> None:
    from cdk_production_lambda_runtime import idempotency

    ran: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", f"http://127.0.0.1:{server.getsockname()[1]}")
        idempotency._dynamo_db.cache_clear()
        pay = operation("pay", ran)
        with pytest.raises(IdempotencyPersistenceLayerError):
            invoke(lambda: pay({"key": "a"}))
        server.settimeout(0.1)
        connections = []
        with contextlib.suppress(TimeoutError):
            while True:
                connections.append(server.accept()[0])
    idempotency._dynamo_db.cache_clear()
    for connection in connections:
        connection.close()
    assert [len(connections), ran] == [3, []]


def test_two_operations_of_one_function_have_their_own_keys(table: Any) -> None:
    ran: list[str] = []
    reserve, pay = operation("reserve", ran), operation("pay", ran)
    for work in (reserve, pay, reserve, pay):
        invoke(lambda work=work: work({"key": "a"}))  # type: ignore[misc]
    assert ran == ["reserve", "pay"]
    ids = sorted(item["id"].rsplit("#", 1)[0] for item in table.scan()["Items"])
    assert ids == ["PayPrefix#pay", "PayPrefix#reserve"]


def test_a_record_is_one_text_in_the_format_of_the_npm_package(table: Any) -> None:
    invoke(lambda: operation("pay", [], result={"b": 1})({"key": "a"}))
    [item] = table.scan()["Items"]
    assert json.loads(item["data"]) == {"v": 1, "result": {"b": 1}}
    assert item["status"] == "COMPLETED"
    assert 604_700 < int(item["expiration"]) - time.time() <= 604_800


@pytest.mark.parametrize(
    ("result", "saved"),
    [
        ({"at": datetime.date(2026, 1, 2), "amount": Decimal("10.10")}, {"at": "2026-01-02", "amount": "10.10"}),
        (Payment("a", 1), {"key": "a", "amount": 1}),
        ({1, 2}, [1, 2]),
        (None, None),
        ({1: "a"}, {"1": "a"}),
        ({"status": Status.PAID}, {"status": "paid"}),
    ],
)
def test_the_first_call_and_each_repetition_have_the_same_result(table: Any, result: Any, saved: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran, result=result)
    assert [invoke(lambda: pay({"key": "a"})) for _ in range(2)] == [saved, saved]
    assert ran == ["pay"]


@pytest.mark.parametrize("result", [object(), float("nan"), "x" * 400_000, Unreadable()])
def test_a_result_that_cannot_be_saved_is_lost_and_the_work_is_not_repeated(table: Any, result: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran, result=result)
    for _ in range(2):
        with pytest.raises(ResultLostError):
            invoke(lambda: pay({"key": "a"}))
    assert ran == ["pay"]


def test_a_result_in_a_newer_format_is_lost_and_the_work_is_not_repeated(table: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran)
    invoke(lambda: pay({"key": "a"}))
    [item] = table.scan()["Items"]
    for version in ("2", '"2"'):
        table.put_item(Item={**item, "data": f'{{"v":{version},"result":1}}'})
        with pytest.raises(ResultLostError, match="format 2"):
            invoke(lambda: pay({"key": "a"}))
    assert ran == ["pay"]


def test_work_whose_call_does_nothing_yet_is_refused(table: Any) -> None:
    async def pay(event: Any) -> None: ...

    def each(event: Any) -> Any:
        yield event

    for work in (pay, each):
        with pytest.raises(TypeError, match="the work of 'pay' must not be async or a generator"):
            idempotent("pay", key="key")(work)


def test_work_that_is_in_progress_is_not_done_again_until_the_timeout(table: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran)

    @idempotent("pay", key="key")
    def slow(event: Any) -> None:
        with pytest.raises(InProgressError):
            invoke(lambda: pay(event))

    invoke(lambda: slow({"key": "a"}))
    assert ran == []


def test_work_of_an_invocation_that_was_ended_is_done_again_after_its_timeout(table: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran)

    class Killed(BaseException):
        """Lambda ends the process: nothing of it runs any more."""

    @idempotent("pay", key="key")
    def killed(event: Any) -> None:
        raise Killed

    with pytest.raises(Killed):
        invoke(lambda: killed({"key": "a"}), millis=60_000)
    with pytest.raises(InProgressError):
        invoke(lambda: pay({"key": "a"}))
    [item] = table.scan()["Items"]
    assert 0 < int(item["in_progress_expiration"]) / 1_000 - time.time() <= 60
    table.put_item(Item={**item, "in_progress_expiration": int(time.time() * 1_000) - 1})
    invoke(lambda: pay({"key": "a"}))
    assert ran == ["pay"]


def test_work_that_raises_can_be_repeated_and_with_a_hold_not_before_its_effect_has_ended(table: Any) -> None:
    for hold, attempts in ((None, 2), (Hold(millis=60_000, after=lambda error: isinstance(error, TimeoutError)), 1)):
        ran: list[str] = []

        @idempotent(f"pay-{attempts}", key="key", hold=hold)
        def pay(event: Any, ran: list[str] = ran) -> None:
            ran.append("pay")
            raise TimeoutError

        with pytest.raises(TimeoutError):
            invoke(lambda: pay({"key": "a"}))
        with pytest.raises(InProgressError if hold else TimeoutError):
            invoke(lambda: pay({"key": "a"}))
        assert len(ran) == attempts


def test_work_outside_of_an_invocation_is_not_done(table: Any) -> None:
    ran: list[str] = []
    with pytest.raises(Exception, match="idempotency store") as raised:
        operation("pay", ran)({"key": "a"})
    assert "must be called within an observed handler" in str(raised.value)
    assert ran == []


@pytest.mark.parametrize("name", ["", "a b", "a#b", "x" * 65])
def test_a_name_that_cannot_be_a_part_of_an_id_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="'name' must be 1 to 64 letters"):
        idempotent(name, key="key")


@pytest.mark.parametrize("variable", ["IDEMPOTENCY_TABLE", "IDEMPOTENCY_KEY_PREFIX", "IDEMPOTENCY_EXPIRES_AFTER_SECONDS"])
def test_a_missing_variable_is_reported_when_the_module_is_loaded(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(variable)
    with pytest.raises(RuntimeError, match=f"environment variable {variable} is missing"):
        operation("pay", [])


def test_with_idempotency_disabled_the_work_is_called_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_IDEMPOTENCY_DISABLED", "true")
    ran: list[str] = []
    pay = operation("pay", ran)
    pay({"key": "a"})
    pay({"key": "a"})
    assert ran == ["pay", "pay"]
