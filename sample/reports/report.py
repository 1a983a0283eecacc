"""What became of the payments of one day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any


@dataclass(frozen=True)
class Sum:
    """The payments of one currency and one status."""

    currency: str
    status: str
    payments: int
    # In the smallest unit of the currency, as the API takes it.
    amount: int


@dataclass(frozen=True)
class Report:
    """The sums of one day in UTC."""

    day: date
    sums: list[Sum]

    def to_json(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "sums": [asdict(each) for each in self.sums]}


def day_of(event: dict[str, Any]) -> date:
    """The `day` of the event; of a schedule, the day before its `scheduledTime`, which is the same when Lambda repeats the event."""
    if "day" in event:
        return _parsed("day", event["day"], "%Y-%m-%d").date()
    if "scheduledTime" in event:
        return _parsed("scheduledTime", event["scheduledTime"], "%Y-%m-%dT%H:%M:%SZ").date() - timedelta(days=1)
    raise ValueError("the event must have 'day' or 'scheduledTime', got neither; send for example {\"day\": \"2026-11-28\"}")


def bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in UTC, and of the next one."""
    start = datetime.combine(day, time(), timezone.utc)
    return start, start + timedelta(days=1)


def _parsed(name: str, value: object, form: str) -> datetime:
    try:
        return datetime.strptime(str(value), form)
    except ValueError as error:
        raise ValueError(f"'{name}' must have the form {form}, got {value!r}") from error
