import json
import sys
import time
from datetime import datetime
from typing import Any

import pytest
from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics.provider import cold_start
from conftest import FakeContext

from cdk_production_lambda_runtime import Deadline, current_invocation, instrumented, is_observed, logger, metrics, observed


class CurrentStdout:
    """pytest replaces stdout for each test, and the logger has the stdout of its creation."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


@pytest.fixture(autouse=True)
def log_to_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    for handler in logger.handlers:
        monkeypatch.setattr(handler, "stream", CurrentStdout())


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metric(name: str, written: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in written if name in line]


@pytest.mark.parametrize(
    ("result", "faults"),
    [
        ({"statusCode": 500}, 1),
        ({"statusCode": "503"}, 1),
        ({"statusCode": 499}, 0),
        ({"statusCode": None}, 0),
        ({"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}, 2),
        ({"batchItemFailures": ({"itemIdentifier": "1"},)}, 1),
        ({"batchItemFailures": []}, 0),
        ({"statusCode": float("inf")}, 0),
        ("done", 0),
        (None, 0),
    ],
)
def test_faults_count_the_failures_that_lambda_does_not_count(result: Any, faults: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert observed(lambda event, context: result)({}, FakeContext()) == result
    written = metric("Faults", lines(capsys))
    if faults == 0:
        assert written == []
        return
    [line] = written
    [directive] = line.pop("_aws")["CloudWatchMetrics"]
    assert directive == {
        "Namespace": "Payments",
        "Dimensions": [["FunctionName", "ExecutedVersion"]],
        "Metrics": [{"Name": "Faults", "Unit": "Count"}],
    }
    assert line == {"FunctionName": "pay", "ExecutedVersion": "7", "Faults": faults}


def test_a_handler_that_raises_publishes_its_metrics_and_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    @observed
    def handler(event: Any, context: Any) -> None:
        metrics.add_metric(name="Charged", unit="Count", value=1)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        handler({}, FakeContext())
    written = lines(capsys)
    assert len(metric("Charged", written)) == 1
    assert metric("Faults", written) == []


@pytest.mark.parametrize(("initialization", "counted"), [("on-demand", 1), ("provisioned-concurrency", 0)])
def test_the_first_invocation_of_an_environment_is_a_cold_start(
    initialization: str, counted: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cdk_production_lambda_runtime.handlers._is_first", True)
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", initialization)

    @observed
    def handler(event: Any, context: Any) -> None: ...

    handler({}, FakeContext())
    handler({}, FakeContext())
    written = metric("ColdStart", lines(capsys))
    assert [(line["service"], line["function_name"]) for line in written] == [("pay", "pay")] * counted


@pytest.mark.parametrize("variable", ["POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_METRICS_DISABLED"])
def test_without_a_namespace_or_with_metrics_disabled_no_metric_is_written(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if variable == "POWERTOOLS_METRICS_DISABLED":
        monkeypatch.setenv(variable, "true")
    else:
        monkeypatch.delenv(variable)
    assert observed(lambda event, context: {"statusCode": 500})({}, FakeContext()) == {"statusCode": 500}
    assert lines(capsys) == []


def test_log_lines_have_the_request_and_a_time_that_lambda_accepts(capsys: pytest.CaptureFixture[str]) -> None:
    @observed
    def handler(event: Any, context: Any) -> None:
        if event == 1:
            logger.append_keys(payment="p-1")
        logger.error("failed")

    handler(1, FakeContext())
    handler(2, FakeContext())
    first, second = metric("message", lines(capsys))
    assert (first["level"], first["function_request_id"], first["payment"]) == ("ERROR", "request-1", "p-1")
    assert "payment" not in second
    # RFC 3339 requires a colon in the offset.
    assert first["timestamp"][-6:-5] in "+-" and first["timestamp"][-3] == ":"
    assert datetime.fromisoformat(first["timestamp"]).tzinfo is not None


def test_an_observed_handler_is_observed_once(capsys: pytest.CaptureFixture[str]) -> None:
    @observed
    def inner(event: Any, context: Any) -> dict[str, int]:
        return {"statusCode": 500}

    @observed
    def outer(event: Any, context: Any) -> dict[str, int]:
        return inner(event, context)

    assert observed(inner) is inner
    assert instrumented(inner) is inner
    assert is_observed(inner) and not is_observed(print)
    outer({}, FakeContext())
    assert len(metric("Faults", lines(capsys))) == 1


def test_instrumented_observes_a_handler_and_keeps_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    def pay(event: Any, context: Any) -> dict[str, int]:
        return {"statusCode": 500}

    handler = instrumented(pay)
    handler({}, FakeContext())
    assert (handler.__module__, handler.__qualname__) == (pay.__module__, pay.__qualname__)
    assert len(metric("Faults", lines(capsys))) == 1


@pytest.mark.parametrize(("result", "outcome"), [("done", "Success"), ({"statusCode": 500}, "Fault"), (None, "Error")])
def test_duration_is_published_by_outcome(result: Any, outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    @observed(duration=True)
    def handler(event: Any, context: Any) -> Any:
        if result is None:
            raise ValueError
        return result

    try:
        handler({}, FakeContext())
    except ValueError:
        pass
    [line] = metric("Duration", lines(capsys))
    assert (line["FunctionName"], line["Outcome"]) == ("pay", outcome)
    assert line["Duration"] >= 0


def test_before_a_timeout_the_metrics_are_published_and_an_error_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    written: list[dict[str, Any]] = []

    @observed
    def handler(event: Any, context: Any) -> None:
        metrics.add_metric(name="Charged", unit="Count", value=1)
        time.sleep(0.4)
        written.extend(lines(capsys))

    handler({}, FakeContext(millis=300))
    assert len(metric("Charged", written)) == 1
    assert [line["message"] for line in metric("message", written)] == ["the invocation has not ended 200 ms before its timeout"]


def test_the_current_invocation_is_known_within_the_handler_only() -> None:
    context = FakeContext()

    @observed
    def handler(event: Any, context: Any) -> tuple[bool, float]:
        invocation = current_invocation()
        assert invocation is not None
        deadline = Deadline.current()
        assert deadline is not None
        return invocation.event is event and invocation.context is context, deadline.remaining_millis

    is_current, remaining = handler({"a": 1}, context)
    assert is_current and 8_500 < remaining <= 9_000
    assert current_invocation() is None


def test_a_dimension_of_one_request_is_not_on_the_metrics_of_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    @observed
    def handler(event: Any, context: Any) -> None:
        if event["order"]:
            metrics.add_dimension(name="order", value=event["order"])
            metrics.add_metadata(key="order", value=event["order"])
        else:
            metrics.add_metric(name="Charged", unit="Count", value=1)

    handler({"order": "o-1"}, FakeContext())
    handler({"order": None}, FakeContext())
    [line] = metric("Charged", lines(capsys))
    assert "order" not in line


@pytest.mark.parametrize("variables", [{"POWERTOOLS_METRICS_NAMESPACE": ""}, {"POWERTOOLS_METRICS_DISABLED": "true"}])
def test_metrics_that_are_not_published_do_not_accumulate(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    @observed
    def handler(event: Any, context: Any) -> None:
        metrics.add_metric(name="Charged", unit="Count", value=1)

    for _ in range(150):  # Powertools fails at the hundredth value
        handler({}, FakeContext())
    metrics.provider.clear_metrics()
    assert metric("Charged", lines(capsys)) == []


def test_a_decorator_of_powertools_around_an_observed_handler_publishes_in_its_own_namespace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "")
    own = Metrics(namespace="Own")

    @own.log_metrics
    @observed
    def handler(event: Any, context: Any) -> None:
        own.add_metric(name="Charged", unit="Count", value=1)

    handler({}, FakeContext())
    [line] = metric("Charged", lines(capsys))
    assert line["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Own"


def test_an_object_that_can_be_called_is_a_handler(capsys: pytest.CaptureFixture[str]) -> None:
    class App:
        def __call__(self, event: Any, context: Any) -> dict[str, int]:
            return {"statusCode": 500}

    observed(App())({}, FakeContext())
    assert len(metric("Faults", lines(capsys))) == 1


def test_a_handler_that_lambda_would_not_await_is_refused() -> None:
    async def handler(event: Any, context: Any) -> None: ...

    class App:
        async def __call__(self, event: Any, context: Any) -> None: ...

    for each in (handler, App()):
        with pytest.raises(TypeError, match="an observed handler must not be async, because Lambda does not await it"):
            observed(each)


def test_a_call_without_the_context_of_lambda_is_an_error_that_says_so() -> None:
    with pytest.raises(TypeError, match="an observed handler must be called with the context of Lambda, got None"):
        observed(lambda event, context: None)({}, None)


def test_a_cold_start_that_a_decorator_of_powertools_has_counted_is_not_counted_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("cdk_production_lambda_runtime.handlers._is_first", True)
    monkeypatch.setattr(cold_start, "is_cold_start", True)

    @observed
    @Metrics().log_metrics(capture_cold_start_metric=True)
    def handler(event: Any, context: Any) -> None:
        metrics.add_metric(name="Charged", unit="Count", value=1)

    handler({}, FakeContext())
    assert len(metric("ColdStart", lines(capsys))) == 1
