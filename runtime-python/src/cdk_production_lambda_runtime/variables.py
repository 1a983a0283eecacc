"""The environment variables that the constructs of `cdk-production-lambda` set and this package reads."""

import os

IDEMPOTENCY_TABLE = "IDEMPOTENCY_TABLE"
IDEMPOTENCY_KEY_PREFIX = "IDEMPOTENCY_KEY_PREFIX"
IDEMPOTENCY_EXPIRES_AFTER_SECONDS = "IDEMPOTENCY_EXPIRES_AFTER_SECONDS"

# With the prefix of `environmentPrefix` in front of each name.
PGHOST = "PGHOST"
PGPORT = "PGPORT"
PGDATABASE = "PGDATABASE"
PGUSER = "PGUSER"

METRICS_NAMESPACE = "POWERTOOLS_METRICS_NAMESPACE"


def required(name: str) -> str:
    """The value of an environment variable that the handler requires. Raises a RuntimeError if it is missing or empty."""
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"environment variable {name} is missing")
    return value


def required_number(name: str) -> int:
    """The value of an environment variable that must be a positive whole number."""
    text = required(name)
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise RuntimeError(f"environment variable {name} must be a positive whole number, got '{text}'")
    return int(text)
