"""What Lambda and the constructs provide to a function."""

import os
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

TABLE = "Records"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_REGION": "eu-west-1",
    "POWERTOOLS_SERVICE_NAME": "pay",
    "POWERTOOLS_METRICS_NAMESPACE": "Payments",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "IDEMPOTENCY_TABLE": TABLE,
    "IDEMPOTENCY_KEY_PREFIX": "PayPrefix",
    "IDEMPOTENCY_EXPIRES_AFTER_SECONDS": "604800",
}

# Powertools reads its variables when a module is loaded, as on Lambda.
os.environ.update(ENVIRONMENT)


class FakeContext:
    """The context of one invocation."""

    function_name = "pay"
    function_version = "7"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:pay:live"
    aws_request_id = "request-1"

    def __init__(self, millis: int = 10_000) -> None:
        self._end = time.monotonic() * 1_000 + millis

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int(self._end - time.monotonic() * 1_000))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def table() -> Iterator[Any]:
    from cdk_production_lambda_runtime import idempotency

    with mock_aws():
        idempotency._dynamo_db.cache_clear()
        table = boto3.resource("dynamodb").create_table(
            TableName=TABLE,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield table
