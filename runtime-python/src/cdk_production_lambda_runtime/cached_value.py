"""Values that are cached and read again when they were rejected."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from .snap_start import after_restore
from .variables import required

# How often a rejected value may cause a new read: forged requests must not cause one each.
_RENEWAL_SECONDS = 5.0

Read = Callable[[str], object]


class Value(Protocol):
    """Reads a value. `rejected` is a value that was not accepted: it may have been replaced since it was read."""

    def __call__(self, rejected: str | None = None) -> str: ...


def cached_value(variable: str, what: str, read: Read, max_age: int) -> Value:
    """A value by the variable that contains its ARN or name: read on first use, when it is too old, and when it was rejected."""
    name = required(variable)
    if not max_age >= 0:  # NaN would be cached forever.
        raise ValueError(f"'max_age' must be a number of seconds of at least 0, got {max_age}")
    return _CachedValue(name, what, read, max_age)


class _CachedValue:
    def __init__(self, name: str, what: str, read: Read, max_age: int) -> None:
        self._name = name
        self._what = what
        self._read = read
        self._max_age = max_age
        self._lock = threading.Lock()
        self._renewed_at = -_RENEWAL_SECONDS
        self._value: str | None = None
        self._read_at = 0.0
        after_restore(self._clear)  # A snapshot may be older than the value.

    def __call__(self, rejected: str | None = None) -> str:
        with self._lock:
            now = time.monotonic()
            if self._value is None or now - self._read_at >= self._max_age:
                return self._fetch()
            if rejected != self._value or now - self._renewed_at < _RENEWAL_SECONDS:
                return self._value
            self._renewed_at = now
            return self._fetch()

    def _fetch(self) -> str:
        value = self._read(self._name)
        if not isinstance(value, str) or value == "":
            raise RuntimeError(f"the {self._what} {self._name} contains no text")
        self._value = value
        self._read_at = time.monotonic()
        return value

    def _clear(self) -> None:
        self._value = None
