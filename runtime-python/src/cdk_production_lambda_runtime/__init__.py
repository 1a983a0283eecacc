"""Python handlers of AWS Lambda in production, for functions of `cdk-production-lambda`."""

from .deadline import Deadline, OutOfTimeError
from .handlers import instrumented, is_observed, observed
from .invocation import Context, Invocation, current_invocation, run_invocation
from .powertools import logger, metrics, tracer
from .snap_start import after_restore, before_snapshot
from .variables import required, required_number

__all__ = [
    "Context",
    "Deadline",
    "Invocation",
    "OutOfTimeError",
    "after_restore",
    "before_snapshot",
    "current_invocation",
    "instrumented",
    "is_observed",
    "logger",
    "metrics",
    "observed",
    "required",
    "required_number",
    "run_invocation",
    "tracer",
]
