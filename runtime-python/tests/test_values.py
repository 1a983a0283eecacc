from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cdk_production_lambda_runtime import parameters, required, required_number, secrets
from cdk_production_lambda_runtime.cached_value import cached_value


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        secrets._provider.cache_clear()
        parameters._provider.cache_clear()
        yield


def test_a_secret_is_read_by_the_variable_with_its_arn(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = boto3.client("secretsmanager")
    monkeypatch.setenv("PROVIDER_KEY", client.create_secret(Name="key", SecretString="one")["ARN"])
    value = secrets.secret("PROVIDER_KEY")
    assert value() == "one"
    client.put_secret_value(SecretId="key", SecretString="two")
    assert value() == "one"
    assert value(rejected="other") == "one"
    assert value(rejected="one") == "two"


def test_a_parameter_is_read_by_the_variable_with_its_name(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("ssm").put_parameter(Name="/limit", Value="12", Type="SecureString")
    monkeypatch.setenv("LIMIT", "/limit")
    assert parameters.parameter("LIMIT")() == "12"


def test_a_rejected_value_is_read_again_at_most_every_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "name")
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    reads: list[str] = []

    def read(name: str) -> str:
        reads.append(name)
        return "old"

    value = cached_value("KEY", "secret", read, 300)
    for _ in range(3):
        value(rejected="old")
    assert len(reads) == 2
    now[0] += 5
    value(rejected="old")
    assert len(reads) == 3
    now[0] += 300
    value()
    assert len(reads) == 4


@pytest.mark.parametrize("value", ["", None, b"bytes"])
def test_a_value_without_text_is_an_error(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "name")
    with pytest.raises(RuntimeError, match="the secret name contains no text"):
        cached_value("KEY", "secret", lambda name: value, 300)()


def test_variables_that_are_missing_or_no_number_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="environment variable NOTHING is missing"):
        required("NOTHING")
    monkeypatch.setenv("NUMBER", "12")
    assert required_number("NUMBER") == 12
    for text in ("0", "-1", "1.5", "one", "²"):
        monkeypatch.setenv("NUMBER", text)
        with pytest.raises(RuntimeError, match="must be a positive whole number"):
            required_number("NUMBER")


@pytest.mark.parametrize("max_age", [-1, float("nan")])
def test_a_maximum_age_that_is_no_time_is_refused(max_age: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "name")
    with pytest.raises(ValueError, match="'max_age' must be a number of seconds of at least 0, got"):
        cached_value("KEY", "secret", lambda name: "one", max_age)


def test_a_maximum_age_of_0_reads_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "name")
    reads: list[str] = []

    def read(name: str) -> str:
        reads.append(name)
        return f"{len(reads)}"

    value = cached_value("KEY", "secret", read, 0)
    assert [value(), value()] == ["1", "2"]


def test_concurrent_callers_share_one_request_and_get_the_new_value_after_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY", "name")
    values = ["old", "new"]
    reads: list[str] = []

    def read(name: str) -> str:
        reads.append(name)
        return values[len(reads) - 1]

    value = cached_value("KEY", "secret", read, 300)
    for rejected, expected in ((None, "old"), ("old", "new")):
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(lambda _, rejected=rejected: value(rejected), range(4))) == [expected] * 4
    assert len(reads) == 2
