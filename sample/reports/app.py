"""The function that the schedule of the reports invokes, and a person who needs the report on another day."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from cdk_production_lambda_runtime import logger, observed
from cdk_production_lambda_runtime.postgres import postgres

from ledger import Ledger
from report import day_of

ledger = Ledger(postgres())


@observed
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Returns the report on a day, and writes a line for each of its sums, for CloudWatch Logs Insights."""
    report = ledger.report(day_of(event))
    for each in report.sums:
        logger.info("payments of a day", extra={"day": report.day.isoformat(), **asdict(each)})
    return report.to_json()
