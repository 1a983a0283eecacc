"""Idempotent work for tests."""

import dataclasses
from collections.abc import Callable
from typing import Any

from conftest import FakeContext

from cdk_production_lambda_runtime import Invocation, run_invocation
from cdk_production_lambda_runtime.idempotency import idempotent


def invoke(work: Callable[[], Any], millis: int = 10_000) -> Any:
    return run_invocation(Invocation({}, FakeContext(millis)), work)


@dataclasses.dataclass
class Payment:
    key: str
    amount: int


def operation(name: str, ran: list[str], result: Any = "done", **options: Any) -> Callable[[Any], Any]:
    @idempotent(name, key=options.pop("key", "key"), **options)
    def work(event: Any) -> Any:
        ran.append(name)
        return result

    return work
