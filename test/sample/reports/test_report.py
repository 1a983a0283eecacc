from datetime import date, datetime, timezone
from typing import Any

import pytest

from report import Report, Sum, bounds, day_of


@pytest.mark.parametrize(
    ("event", "day"),
    [
        ({"day": "2026-11-28"}, date(2026, 11, 28)),
        ({"day": "2024-02-29"}, date(2024, 2, 29)),
        ({"scheduledTime": "2026-11-29T02:00:00Z"}, date(2026, 11, 28)),
        ({"scheduledTime": "2027-01-01T02:00:00Z"}, date(2026, 12, 31)),
        ({"day": "2026-11-01", "scheduledTime": "2026-11-29T02:00:00Z"}, date(2026, 11, 1)),
    ],
)
def test_the_day_is_that_of_the_event_or_the_one_before_the_schedule(event: dict[str, Any], day: date) -> None:
    assert day_of(event) == day


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ({}, "the event must have 'day' or 'scheduledTime', got neither"),
        ({"day": "28.11.2026"}, "'day' must have the form %Y-%m-%d, got '28.11.2026'"),
        ({"day": "2026-02-29"}, "'day' must have the form"),
        ({"day": None}, "'day' must have the form %Y-%m-%d, got None"),
        ({"scheduledTime": "2026-11-29"}, "'scheduledTime' must have the form %Y-%m-%dT%H:%M:%SZ"),
    ],
)
def test_fails_when_the_event_names_no_day(event: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError) as error:
        day_of(event)
    assert message in str(error.value)


def test_a_day_is_that_of_utc() -> None:
    assert bounds(date(2026, 12, 31)) == (datetime(2026, 12, 31, tzinfo=timezone.utc), datetime(2027, 1, 1, tzinfo=timezone.utc))


def test_a_report_is_json() -> None:
    report = Report(date(2026, 11, 28), [Sum("EUR", "settled", 2, 2_500)])
    assert report.to_json() == {"day": "2026-11-28", "sums": [{"currency": "EUR", "status": "settled", "payments": 2, "amount": 2_500}]}
    assert Report(date(2026, 11, 28), []).to_json() == {"day": "2026-11-28", "sums": []}
