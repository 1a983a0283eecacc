from typing import Any

import pytest
from jmespath.exceptions import JMESPathError
from operations import Payment, invoke, operation

from cdk_production_lambda_runtime.idempotency import KeyReusedError, MissingKeyError, idempotent


@pytest.mark.parametrize("key", [None, "", "  ", [], {}, ["a", None], ["a", [""]], float("nan"), [float("inf")]])
def test_work_without_a_key_is_not_done(table: Any, key: Any) -> None:
    ran: list[str] = []
    with pytest.raises(MissingKeyError, match="the event of 'pay' must have an idempotency key"):
        invoke(lambda: operation("pay", ran)({"key": key}))
    assert ran == []


@pytest.mark.parametrize(
    ("key", "event", "other"),
    [
        ("[merchant, key]", {"merchant": "m", "key": "a"}, {"merchant": "n", "key": "a"}),
        (lambda event: event["key"], {"key": "a"}, {"key": "b"}),
        ("powertools_json(body).key", {"body": '{"key":"a"}'}, {"body": '{"key":"b"}'}),
        ("key", Payment("a", 1), Payment("b", 1)),
    ],
)
def test_a_key_is_an_expression_or_a_function(table: Any, key: Any, event: Any, other: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran, key=key)
    for each in (event, event, other):
        invoke(lambda each=each: pay(each))  # type: ignore[misc]
    assert ran == ["pay", "pay"]


@pytest.mark.parametrize("key", [0, False, [0], 2**70])
def test_a_number_is_a_key(table: Any, key: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran)
    assert [invoke(lambda: pay({"key": key})) for _ in range(2)] == ["done", "done"]
    assert ran == ["pay"]


@pytest.mark.parametrize("body", [None, "", "no JSON", "5", "{}"])
def test_an_event_whose_body_has_no_key_is_one_without_a_key(table: Any, body: Any) -> None:
    ran: list[str] = []
    with pytest.raises(MissingKeyError):
        invoke(lambda: operation("pay", ran, key="powertools_json(body).order")({"body": body}))
    assert ran == []


@pytest.mark.parametrize("expression", ["body.", "powertools_jsn(body)", "[a"])
def test_an_expression_with_a_mistake_fails_when_the_module_is_loaded(table: Any, expression: str) -> None:
    for selectors in ({"key": expression}, {"payload": expression}):
        with pytest.raises(JMESPathError):
            operation("pay", [], **selectors)


def test_a_key_that_is_not_json_is_an_error_with_the_name_of_the_operation(table: Any) -> None:
    ran: list[str] = []
    circular: list[Any] = []
    circular.append(circular)
    for key in (object(), circular):
        with pytest.raises(TypeError, match="the key and the payload of 'pay' must be JSON: "):
            invoke(lambda key=key: operation("pay", ran, key=lambda event: key)({}))  # type: ignore[misc]
    assert ran == []


def test_the_event_is_the_first_argument_also_by_its_name_and_of_a_method(table: Any) -> None:
    class Shop:
        @idempotent("order", key="key")
        def order(self, event: Any, note: str = "") -> str:
            return note

    @idempotent("pay", key="key")
    def pay(order: Any, note: str = "") -> str:
        return note

    event = {"key": "a"}
    assert invoke(lambda: pay(note="one", order=event)) == "one"
    assert invoke(lambda: pay(event, "two")) == "one"
    assert invoke(lambda: Shop().order(event, "one")) == "one"
    assert invoke(lambda: Shop().order(event=event, note="two")) == "one"


def test_a_key_that_is_reused_for_another_payload_is_refused(table: Any) -> None:
    ran: list[str] = []
    pay = operation("pay", ran, payload="amount")
    invoke(lambda: pay({"key": "a", "amount": 1, "seen": 1}))
    invoke(lambda: pay({"key": "a", "amount": 1, "seen": 2}))
    with pytest.raises(KeyReusedError):
        invoke(lambda: pay({"key": "a", "amount": 2}))
    assert ran == ["pay"]
