import json
from decimal import Decimal
from typing import Any

import pytest

import app

ROWS: list[dict[str, Any]] = [
    {"currency": "EUR", "status": "charged", "payments": 1, "amount": Decimal(1_250)},
    {"currency": "JPY", "status": "settled", "payments": 3, "amount": Decimal(9_223_372_036_854_775_807)},
]


class Context:
    function_name = "reports"
    function_version = "7"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:reports:live"
    aws_request_id = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return 10_000


class Database:
    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.asked: list[Any] = []

    def query(self, text: str, values: Any) -> list[dict[str, Any]]:
        self.asked.append((text, [value.isoformat() for value in values]))
        return self.rows


def use(monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, Any]]) -> Database:
    database = Database(rows)
    monkeypatch.setattr(app.ledger, "_database", database)
    return database


def test_returns_the_sums_of_the_day_and_logs_a_line_for_each(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    database = use(monkeypatch, ROWS)
    report = app.handler({"scheduledTime": "2026-11-29T02:00:00Z"}, Context())
    assert json.loads(json.dumps(report)) == {
        "day": "2026-11-28",
        "sums": [
            {"currency": "EUR", "status": "charged", "payments": 1, "amount": 1_250},
            {"currency": "JPY", "status": "settled", "payments": 3, "amount": 9_223_372_036_854_775_807},
        ],
    }
    [(_, bounds)] = database.asked
    assert bounds == ["2026-11-28T00:00:00+00:00", "2026-11-29T00:00:00+00:00"]
    lines = [vars(record) for record in caplog.records if record.message == "payments of a day"]
    assert [(line["day"], line["currency"], line["status"], line["payments"], line["amount"]) for line in lines] == [
        ("2026-11-28", "EUR", "charged", 1, 1_250), ("2026-11-28", "JPY", "settled", 3, 9_223_372_036_854_775_807),
    ]


def test_a_day_without_payments_has_no_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, [])
    assert app.handler({"day": "2000-01-01"}, Context()) == {"day": "2000-01-01", "sums": []}


def test_fails_before_it_asks_the_ledger_when_the_event_names_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    database = use(monkeypatch, ROWS)
    with pytest.raises(ValueError, match="the event must have 'day' or 'scheduledTime'"):
        app.handler({}, Context())
    assert database.asked == []
