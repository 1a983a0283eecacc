"""The invocation that a handler is processing."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

R = TypeVar("R")


class Context(Protocol):
    """What this package reads of the context that Lambda passes to a handler."""

    @property
    def function_name(self) -> str: ...

    @property
    def function_version(self) -> str: ...

    def get_remaining_time_in_millis(self) -> int: ...


@dataclass(frozen=True)
class Invocation:
    """The event and the context of one call of Lambda."""

    event: Any
    context: Context


_current: ContextVar[Invocation | None] = ContextVar("cdk_production_lambda_runtime.invocation", default=None)


def run_invocation(invocation: Invocation, work: Callable[[], R]) -> R:
    """Runs work as the current invocation. `observed` does so; a test or another wrapper of handlers can do it, too."""
    token = _current.set(invocation)
    try:
        return work()
    finally:
        _current.reset(token)


def current_invocation() -> Invocation | None:
    """The invocation in which this code runs; None outside of `observed` and `run_invocation`.

    A thread of its own has no current invocation unless it runs in `contextvars.copy_context()`.
    """
    return _current.get()
