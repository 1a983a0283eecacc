"""Handlers that report how they ended."""

import functools
import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar, overload

from aws_lambda_powertools.metrics.provider import cold_start

from .embedded_metric import metrics_namespace, write_metric
from .faults import faults_in
from .invocation import Context, Invocation, current_invocation, is_deferred, run_invocation
from .powertools import logger, metrics, tracer

Handler = Callable[[Any, Any], Any]
H = TypeVar("H", bound=Handler)

_MARK = "__cdk_production_lambda_runtime_observed__"

# Before the timeout, there must be time to write the last lines.
_LAST_LINES_MILLIS = 200

_is_first = True


@overload
def observed(handler: H) -> H: ...


@overload
def observed(*, duration: bool = False) -> Callable[[H], H]: ...


def observed(handler: Handler | None = None, *, duration: bool = False) -> Any:
    """Wraps a handler.

    - Each line of `logger` contains the request id and the other values of the context, and no key that an earlier request added.
    - The metric `ColdStart` counts the first invocation of an execution environment.
    - `metrics` are published at the end of each invocation, also if the handler raises, and shortly before a timeout.
    - The handler runs in a segment of the trace, which contains its error, but not its response.
    - The metric `Faults` counts failures that Lambda does not count, by version: a response with a status of 500 or above, and
      records reported as failed. A request that does not fail writes nothing.
    - `idempotent`, `Deadline.current` and the database know the context of the invocation.

    A handler that is observed already is returned as it is. With `duration`, the metric `Duration` is published for each invocation,
    in milliseconds, with the dimensions `FunctionName` and `Outcome` (`Success`, `Fault` or `Error`).
    """
    if handler is None:
        return functools.partial(_observe, duration=duration)
    return _observe(handler, duration=duration)


def instrumented(handler: H) -> H:
    """What `PythonCode` calls for its option `wrapper: 'cdk_production_lambda_runtime.instrumented'`: `observed` without its options."""
    return observed(handler)


def is_observed(handler: object) -> bool:
    """Whether `observed` has wrapped this handler."""
    return hasattr(handler, _MARK)


def _observe(handler: Handler, *, duration: bool) -> Handler:
    if is_observed(handler):
        return handler
    if is_deferred(handler):
        raise TypeError(f"an observed handler must not be async, because Lambda does not await it, got {handler!r}; call asyncio.run in it")
    inner = tracer.capture_lambda_handler(_with_faults(handler), capture_response=False)

    @functools.wraps(handler)
    @logger.inject_lambda_context(clear_state=True)
    def outer(event: Any, context: Any) -> Any:
        _forget_unpublished()
        try:
            return inner(event, context)
        finally:
            _count_cold_start(context)
            _publish()

    @functools.wraps(handler)
    def wrapper(event: Any, context: Any) -> Any:
        if not hasattr(context, "get_remaining_time_in_millis"):
            raise TypeError(f"an observed handler must be called with the context of Lambda, got {context!r}; in a test, pass an object like it")
        current = current_invocation()
        if current is not None and current.context is context:
            return handler(event, context)  # Called by another observed handler, which counts and measures.
        run = functools.partial(outer, event, context)
        if not duration:
            return run_invocation(Invocation(event, context), run)
        return _timed(context, functools.partial(run_invocation, Invocation(event, context), run))

    setattr(wrapper, _MARK, True)
    return wrapper


def _with_faults(handler: Handler) -> Handler:
    @functools.wraps(handler)
    def counted(event: Any, context: Any) -> Any:
        timer = threading.Timer(_last_lines_at(context), _time_is_over, [context])
        timer.daemon = True
        timer.start()
        try:
            result = handler(event, context)
        finally:
            timer.cancel()
        faults = faults_in(result)
        if faults > 0:
            dimensions = {"FunctionName": context.function_name, "ExecutedVersion": context.function_version}
            write_metric("Faults", "Count", faults, dimensions)
            _mark_fault()
        return result

    return counted


def _timed(context: Context, run: Callable[[], Any]) -> Any:
    started = time.perf_counter()
    outcome = "Error"
    try:
        result = run()
        outcome = "Fault" if faults_in(result) > 0 else "Success"
        return result
    finally:
        millis = (time.perf_counter() - started) * 1_000
        write_metric("Duration", "Milliseconds", millis, {"FunctionName": context.function_name, "Outcome": outcome})


def _last_lines_at(context: Context) -> float:
    return max(1, context.get_remaining_time_in_millis() - _LAST_LINES_MILLIS) / 1_000


def _time_is_over(context: Context) -> None:
    """Lambda ends the process at the timeout, and what is not written by then is lost."""
    logger.error(f"the invocation has not ended {_LAST_LINES_MILLIS} ms before its timeout")
    _count_cold_start(context)
    _publish()


def _publish() -> None:
    """Publishes what was measured, and removes what the invocation has added. Powertools warns of an invocation without metrics, and
    rejects metrics without a namespace."""
    if metrics_namespace() is None:
        return
    if metrics.provider.metric_set:
        metrics.flush_metrics()
    metrics.provider.clear_metrics()


def _forget_unpublished() -> None:
    """Removes what earlier invocations measured and did not publish, because Powertools fails at the hundredth value. Not at the end
    of an invocation: a decorator of Powertools around this one may have a namespace of its own."""
    if metrics_namespace() is None:
        metrics.provider.clear_metrics()


def _count_cold_start(context: Any) -> None:
    """The first invocation of an environment that was not initialized ahead of its requests. At its end: a decorator of Powertools in
    the handler may have counted it."""
    global _is_first
    is_first, _is_first = _is_first, False
    is_on_demand = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand") == "on-demand"
    if is_first and is_on_demand and cold_start.is_cold_start and metrics_namespace():
        metrics.provider.add_cold_start_metric(context=context)


def _mark_fault() -> None:
    recorder: Any = tracer.provider  # the recorder of the X-Ray SDK, whose type Powertools does not state
    segment = None if tracer.disabled else recorder.current_subsegment()
    if segment is not None:
        segment.add_fault_flag()
