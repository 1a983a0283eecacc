"""The time until which an invocation may work."""

from __future__ import annotations

import time
from typing import Protocol

from .invocation import current_invocation

# The time that is reserved for a rollback, the response and the idempotency record.
_RESERVE_MILLIS = 1_000


class _RemainingTime(Protocol):
    def get_remaining_time_in_millis(self) -> int: ...


class OutOfTimeError(Exception):
    """Too little time is left to begin or to continue."""


class Deadline:
    """The time until which an invocation may work: one second before the timeout of Lambda, which could interrupt a step."""

    def __init__(self, context: _RemainingTime) -> None:
        self._end = time.monotonic() * 1_000 + context.get_remaining_time_in_millis() - _RESERVE_MILLIS

    @staticmethod
    def current() -> Deadline | None:
        """The deadline of the current invocation of an observed handler; None outside of one."""
        invocation = current_invocation()
        return Deadline(invocation.context) if invocation else None

    @property
    def remaining_millis(self) -> float:
        """The remaining time in milliseconds, never below 0."""
        return max(0.0, self._end - time.monotonic() * 1_000)

    def limit(self, millis: float) -> float:
        """The shorter of the limit of a step and the remaining time, in milliseconds, never below 1. For the timeout of a call."""
        return max(1.0, min(millis, self.remaining_millis))

    def require(self, millis: float, step: str) -> None:
        """Raises an OutOfTimeError before a step that needs more than the remaining time."""
        remaining = self.remaining_millis
        if remaining < millis:
            raise OutOfTimeError(f"{step} needs {millis:.0f} ms, {remaining:.0f} ms are left")
