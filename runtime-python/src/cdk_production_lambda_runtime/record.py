"""The results of idempotent work, as the record of an idempotency store contains them."""

import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Mapping, Set
from typing import Any

# DynamoDB stores items of up to 400 KB; Powertools adds a key, a status and two times to the text.
_MAX_BYTES = 390 * 1_024

# Both versions of a canary release read each other's records: a release of this package reads a new format before a later one
# writes it, and readers ignore fields that they do not know. The format is that of the npm package of the same name.
_FORMAT = 1


class ResultLostError(Exception):
    """The work was done, but its result is not available: a repetition does not do it again."""


def to_record(result: Any) -> dict[str, Any]:
    """A result as JSON. Powertools saves a result after the work was done: a value that cannot be saved would leave the record
    unfinished, and a repetition would do the work again. Therefore this function does not raise: a result that is too large or not
    JSON is recorded as lost."""
    try:
        text = json.dumps({"v": _FORMAT, "result": result}, default=plain, allow_nan=False)
    except Exception as error:  # also what the work's own classes raise
        return _lost(f"a result must be JSON to be saved: {error}")
    size = len(text.encode())
    if size > _MAX_BYTES:
        return _lost(f"a result must be at most {_MAX_BYTES} bytes to be saved, got {size}; return its id instead")
    record: dict[str, Any] = json.loads(text)
    return record


def from_record(record: Any) -> Any:
    """The result of a record, for the first call and for each repetition, so that they cannot differ."""
    if not isinstance(record, dict):
        raise ResultLostError("the record was not written by cdk-production-lambda-runtime")
    version = record.get("v", 0)
    if not isinstance(version, int) or version > _FORMAT:
        raise ResultLostError(f"the result was saved in format {version}, and this version reads formats up to {_FORMAT}")
    if "lost" in record:
        raise ResultLostError(record["lost"])
    return record.get("result")


def plain(value: Any) -> Any:
    """JSON for values that `json` does not know; numbers of DynamoDB become text, as in Powertools, and lose no digit."""
    if isinstance(value, Set):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID)):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if callable(getattr(value, "model_dump", None)):  # pydantic
        return value.model_dump(mode="json")
    if hasattr(value, "raw_event"):  # the data classes of Powertools
        return value.raw_event
    raise TypeError(f"{type(value).__name__} is not JSON")


def _lost(reason: str) -> dict[str, Any]:
    return {"v": _FORMAT, "lost": reason}
