"""The payments of the ledger, which this function can only read."""

from __future__ import annotations

from datetime import date

from cdk_production_lambda_runtime.postgres import PostgresDatabase

from report import Report, Sum, bounds


class Ledger:
    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database

    def report(self, day: date) -> Report:
        """The report on the payments that were taken on a day. PostgreSQL adds up `bigint` to `numeric`."""
        rows = self._database.query(
            "SELECT currency, status, count(*) AS payments, sum(amount) AS amount FROM payments"
            " WHERE taken_at >= %s AND taken_at < %s GROUP BY currency, status ORDER BY currency, status",
            bounds(day),
        )
        return Report(day, [Sum(row["currency"], row["status"], row["payments"], int(row["amount"])) for row in rows])
