"""Metrics whose dimensions the alarms of `cdk-production-lambda` read."""

import json
import os
import time

from .variables import METRICS_NAMESPACE


def metrics_namespace() -> str | None:
    """The namespace of the function's metrics; None if it publishes none."""
    if os.environ.get("POWERTOOLS_METRICS_DISABLED", "").lower() in ("true", "1"):
        return None
    return os.environ.get(METRICS_NAMESPACE) or None


def write_metric(name: str, unit: str, value: float, dimensions: dict[str, str]) -> None:
    """Writes one data point in the embedded metric format, in the namespace `POWERTOOLS_METRICS_NAMESPACE`; nothing without a namespace
    and with `POWERTOOLS_METRICS_DISABLED`. Not by Powertools, which adds a dimension `service`, under which an alarm would find nothing.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    namespace = metrics_namespace()
    if namespace is None:
        return
    metric = {"Namespace": namespace, "Dimensions": [list(dimensions)], "Metrics": [{"Name": name, "Unit": unit}]}
    line = {"_aws": {"Timestamp": int(time.time() * 1_000), "CloudWatchMetrics": [metric]}, **dimensions, name: value}
    print(json.dumps(line, separators=(",", ":")), flush=True)
