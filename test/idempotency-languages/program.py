"""For each event, calls two idempotent operations with the same key, as a handler does. Prints what ran."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

import boto3
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import IdempotencyPersistenceLayerError


class Context:
    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 1_000


prefix = os.environ["IDEMPOTENCY_KEY_PREFIX"]


def called(key_path: str, event: dict[str, Any]) -> dict[str, Any]:
    table = DynamoDBPersistenceLayer(table_name=os.environ["IDEMPOTENCY_TABLE"], boto3_client=boto3.client("dynamodb"))
    config = IdempotencyConfig(
        event_key_jmespath=key_path,
        raise_on_no_idempotency_key=True,
        expires_after_seconds=int(os.environ["IDEMPOTENCY_EXPIRES_AFTER_SECONDS"]),
    )
    config.register_lambda_context(Context())
    ran: list[str] = []

    def operation(name: str, key_prefix: str | None) -> Callable[..., str]:
        @idempotent_function(data_keyword_argument="event", persistence_store=table, config=config, key_prefix=key_prefix)
        def work(event: dict[str, Any]) -> str:
            ran.append(name)
            return f"result of {name}"

        return work

    reserve, pay = (operation(name, f"{prefix}#{name}") for name in ("reserve", "pay"))
    results = [work(event=event) for work in (reserve, pay, reserve, pay)]
    try:
        operation("without a prefix", None)(event=event)
    except IdempotencyPersistenceLayerError as error:
        return {"ran": ran, "results": results, "denied": str(error)}
    raise AssertionError("a record without the prefix was written")


print(json.dumps({name: called(path, event) for name, (path, event) in json.loads(sys.argv[1]).items()}))
