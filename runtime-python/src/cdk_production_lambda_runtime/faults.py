"""Failures that Lambda does not count as an error."""

from collections.abc import Mapping
from typing import Any


def faults_in(result: Any) -> int:
    """The number of failures in the result of a handler: 1 for a response with a status of 500 or above (payload 1.0 and 2.0, load
    balancer), and for a batch the number of records that are reported as failed."""
    if not isinstance(result, Mapping):
        return 0
    failures = result.get("batchItemFailures")
    if isinstance(failures, (list, tuple)):
        return len(failures)
    try:
        return 1 if int(result.get("statusCode", 0)) >= 500 else 0
    except (TypeError, ValueError, OverflowError):
        return 0
