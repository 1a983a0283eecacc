"""Work that is done once for each key, by the records of the function's IdempotencyStore."""

import functools
import inspect
import json
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import boto3
import jmespath
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyInconsistentStateError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.jmespath_utils import PowertoolsFunctions
from botocore.config import Config
from jmespath.exceptions import JMESPathError, JMESPathTypeError

from .invocation import current_invocation, is_deferred
from .record import ResultLostError, from_record, plain, to_record
from .variables import IDEMPOTENCY_EXPIRES_AFTER_SECONDS, IDEMPOTENCY_KEY_PREFIX, IDEMPOTENCY_TABLE, required, required_number

__all__ = ["Hold", "InProgressError", "KeyReusedError", "MissingKeyError", "ResultLostError", "idempotent"]

F = TypeVar("F", bound=Callable[..., Any])
Selector = str | Callable[[Any], Any]

# The name of an operation is a part of the ids of its records.
_NAME = re.compile(r"^[\w.-]{1,64}$", re.ASCII)


class InProgressError(Exception):
    """Another invocation is doing the same work, or its effect may still come. The request can be repeated later."""


class KeyReusedError(Exception):
    """The key was used for another payload."""


class MissingKeyError(Exception):
    """The event has no idempotency key, or a part of the key is empty. No work was done."""


@dataclass(frozen=True)
class Hold:
    """Keeps the record in progress longer than the invocation, for work whose effect may come after its invocation has ended."""

    # How long after the invocation an effect may come, and by how much the clocks of two execution environments may differ.
    millis: int
    # Whether the effect of work that raised this error may still come.
    after: Callable[[BaseException], bool]


def idempotent(name: str, *, key: Selector, payload: Selector | None = None, hold: Hold | None = None) -> Callable[[F], F]:
    """Decorates work that is done once for each key, however often it is called.

    - `key` selects the key from the first argument: a JMESPath expression, such as the constants of `IdempotencyKey`, or a function.
      Several values (`[merchant, key]`) are one key.
    - `payload` selects the part of the first argument that must be equal when a key is repeated.
    - A repetition returns the result of the first call. Any result can be saved: a date and a Decimal become text, a set a list, a
      dataclass a dict, for the first call, too.
    - Each operation of a function has its own name, and therefore its own keys. A renamed operation finds no earlier records.
    - Work that raises can be repeated immediately, unless `hold` states otherwise.

    The work must be called within `observed` (or `run_invocation`): a record stays in progress until the timeout of the invocation.

    Raises a MissingKeyError without a key, an InProgressError while another invocation does the work, a KeyReusedError if the payload
    differs, and a ResultLostError if the work was done and its result cannot be returned.

    https://docs.aws.amazon.com/powertools/python/latest/utilities/idempotency/
    """
    if not _NAME.match(name):
        raise ValueError(f"'name' must be 1 to 64 letters, digits, '.', '-' and '_', got '{name}'; name the operation, such as 'pay'")

    def decorate(work: F) -> F:
        if os.environ.get("POWERTOOLS_IDEMPOTENCY_DISABLED", "").lower() in ("true", "1", "yes", "on", "y", "t"):
            return work
        if is_deferred(work):
            raise TypeError(f"the work of '{name}' must not be async or a generator, because its call does nothing yet, got {work!r}")
        once = _operation(name, work, payload is not None, hold)

        event_of = _first_argument(work)
        for selector in (key, payload):
            if isinstance(selector, str):
                _search(selector, None)  # An expression with a mistake fails here, and not in each request.

        @functools.wraps(work)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            event = event_of(args, kwargs)
            call = {"key": _key_of(name, key, event), "payload": None if payload is None else _select(name, payload, event)}
            return from_record(_named(name, lambda: once(call=call, args=args, kwargs=kwargs)))

        return wrapper  # type: ignore[return-value]

    return decorate


class _Records(DynamoDBPersistenceLayer):
    """Powertools deletes the record of work that raised an error, and lets the record of a process that was killed expire at the
    timeout of its function. With a hold, a record stays in progress until no effect can come any more."""

    def __init__(self, operation: str, hold: Hold | None) -> None:
        super().__init__(table_name=required(IDEMPOTENCY_TABLE), boto3_client=_dynamo_db())
        self._operation = operation
        self._hold = hold

    def save_inprogress(self, data: dict[str, Any], remaining_time_in_millis: int | None = None) -> None:
        held = self._hold.millis if self._hold else 0
        super().save_inprogress(data, max(1, self._remaining_millis()) + held)

    def delete_record(self, data: dict[str, Any], exception: Exception) -> None:
        if not (self._hold and self._hold.after(exception)):
            super().delete_record(data, exception)

    def _remaining_millis(self) -> int:
        invocation = current_invocation()
        if invocation is None:
            raise RuntimeError(
                f"'{self._operation}' must be called within an observed handler, got no current invocation; decorate the handler with observed"
            )
        return invocation.context.get_remaining_time_in_millis()


def _operation(name: str, work: Callable[..., Any], validated: bool, hold: Hold | None) -> Callable[..., Any]:
    config = IdempotencyConfig(
        event_key_jmespath="key",
        payload_validation_jmespath="payload" if validated else "",
        raise_on_no_idempotency_key=True,
        expires_after_seconds=required_number(IDEMPOTENCY_EXPIRES_AFTER_SECONDS),
    )

    def once(*, call: Any, args: Any, kwargs: Any) -> Any:
        return to_record(work(*args, **kwargs))

    decorated: Callable[..., Any] = idempotent_function(
        once,
        data_keyword_argument="call",
        persistence_store=_Records(name, hold),
        config=config,
        key_prefix=f"{required(IDEMPOTENCY_KEY_PREFIX)}#{name}",
    )
    return decorated


# A request without an answer is repeated, two times: otherwise the function would reach its timeout after the work was done, and its
# caller would get no answer.
_REQUESTS = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 3, "mode": "standard"})


@functools.cache
def _dynamo_db() -> Any:
    """One client for all operations of the function."""
    return boto3.client("dynamodb", config=_REQUESTS)


def _named(name: str, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except IdempotencyValidationError as error:
        raise KeyReusedError(f"the key was used for another '{name}'") from error
    except (IdempotencyAlreadyInProgressError, IdempotencyInconsistentStateError) as error:
        raise InProgressError(f"the same '{name}' is in progress; repeat it later") from error


def _first_argument(work: Callable[..., Any]) -> Callable[[tuple[Any, ...], dict[str, Any]], Any]:
    """Finds the first argument of a call, also if it is passed by its name, and after the `self` of a method."""
    names = list(inspect.signature(work).parameters)
    at = 1 if names[:1] == ["self"] else 0

    def find(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return args[at] if len(args) > at else kwargs.get(names[at] if len(names) > at else "")

    return find


def _select(name: str, selector: Selector, event: Any) -> Any:
    """The part of an event that a selector selects, as JSON. Raises an error that names the operation if it is not JSON."""
    return _json(name, selector(event) if callable(selector) else _search(selector, _json(name, event)))


def _search(expression: str, event: Any) -> Any:
    """What an expression finds. A function such as `powertools_json` finds nothing in an event without its argument, such as a body."""
    try:
        return jmespath.search(expression, event, jmespath.Options(custom_functions=PowertoolsFunctions()))
    except JMESPathTypeError:
        return None
    except JMESPathError:
        raise
    except ValueError:  # an argument that is not JSON or base64
        return None


def _json(name: str, value: Any) -> Any:
    try:
        return json.loads(json.dumps(value, default=plain))
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"the key and the payload of '{name}' must be JSON: {error}") from error


def _key_of(name: str, selector: Selector, event: Any) -> Any:
    """The key of an event. An empty part would let events share a key that have nothing to do with each other."""
    key = _select(name, selector, event)
    parts = _parts_of(key)
    if not parts or any(_is_empty(part) for part in parts):
        raise MissingKeyError(f"the event of '{name}' must have an idempotency key, got {json.dumps(key)}")
    return key


def _parts_of(key: Any) -> list[Any]:
    return list(key.values()) if isinstance(key, dict) else key if isinstance(key, list) else [key]


def _is_empty(part: Any) -> bool:
    """Whether a part identifies nothing: None, NaN, an empty text, white space, or a list or dict of such parts."""
    if isinstance(part, (dict, list)):
        return all(_is_empty(each) for each in _parts_of(part))
    if isinstance(part, float):
        return not math.isfinite(part)
    return part is None or (isinstance(part, str) and not part.strip())
