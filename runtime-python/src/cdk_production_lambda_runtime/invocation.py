"""The invocation that a handler is processing."""

import inspect
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


def is_deferred(work: Callable[..., Any]) -> bool:
    """Whether a call of the function only creates a coroutine or a generator, and does nothing yet."""
    call = getattr(work, "__call__", None)
    kinds = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    return any(is_kind(work) or is_kind(call) for is_kind in kinds)


def current_invocation() -> Invocation | None:
    """The invocation in which this code runs; None outside of `observed` and `run_invocation`.

    A thread of its own has no current invocation unless it runs in `contextvars.copy_context()`.
    """
    return _current.get()
