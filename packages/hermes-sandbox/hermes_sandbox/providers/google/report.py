"""What a runReport asks for."""

import re
from datetime import date, timedelta
from typing import Any, NamedTuple, cast

METRICS = ("sessions", "totalUsers", "activeUsers", "keyEvents", "screenPageViews")
DIMENSIONS = ("date", "landingPage")
NOT_DONE = ("dimensionFilter", "metricFilter", "cohortSpec", "comparisons")
ROWS, MOST_ROWS = 10_000, 250_000
SCHEMA = "https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema"


class BadReport(ValueError):
    """Google's words for what is wrong with the request."""


class Order(NamedTuple):
    """One key to sort by: a column of dimensions or metrics."""

    metric: bool
    column: int
    falling: bool


class Report(NamedTuple):
    """`spans`: name, first and last day of each date range."""

    spans: list[tuple[str, date, date]]
    dimensions: list[str]
    metrics: list[str]
    orders: list[Order]
    limit: int
    offset: int
    quota: bool


def read_report(query: dict[str, Any], today: date) -> Report:
    """A request as the stand-in can answer it; BadReport for anything else, never a wrong answer."""
    for name in NOT_DONE:
        if query.get(name):
            raise BadReport(f"The stand-in does not do {name}.")
    spans = _spans(query.get("dateRanges"), today)
    dimensions = _names(query, "dimensions", DIMENSIONS)
    metrics = _names(query, "metrics", METRICS)
    if not metrics:
        raise BadReport("The stand-in needs at least one metric.")
    if len(spans) > 1:
        dimensions.append("dateRange")
    limit, offset = (_whole(query, *each) for each in (("limit", ROWS), ("offset", 0)))
    return Report(
        spans,
        dimensions,
        metrics,
        _orders(query.get("orderBys"), dimensions, metrics),
        min(limit, MOST_ROWS),
        offset,
        bool(query.get("returnPropertyQuota")),
    )


def _names(query: dict[str, Any], kind: str, known: tuple[str, ...]) -> list[str]:
    names = [str(each.get("name")) for each in query.get(kind) or ()]
    for name in names:
        if name not in known:
            one = kind.removesuffix("s")
            raise BadReport(
                f"Field {name} is not a valid {one}. For a list of valid dimensions and metrics, see {SCHEMA}"
            )
    return names


def _orders(query: Any, dimensions: list[str], metrics: list[str]) -> list[Order]:
    """Without an order: by date where it is asked for, else by the first metric, largest first."""
    if not query:
        by_date = "date" in dimensions
        return (
            [Order(False, dimensions.index("date"), False)] if by_date else [Order(True, 0, True)]
        )
    return [_order(each, dimensions, metrics) for each in query]


def _order(query: dict[str, Any], dimensions: list[str], metrics: list[str]) -> Order:
    metric: dict[str, Any] = query.get("metric") or {}
    dimension: dict[str, Any] = query.get("dimension") or {}
    name = metric.get("metricName", dimension.get("dimensionName"))
    known = metrics if metric else dimensions
    if name not in known:
        raise BadReport(f"The order by {name} names nothing that the report asks for.")
    return Order(bool(metric), known.index(name), bool(query.get("desc")))


def _spans(ranges: Any, today: date) -> list[tuple[str, date, date]]:
    if not isinstance(ranges, list) or not ranges or len(cast("list[Any]", ranges)) > 4:
        raise BadReport("A dateRange is required, at most 4.")
    found = list[tuple[str, date, date]]()
    for place, each in enumerate(cast("list[dict[str, Any]]", ranges)):
        start, end = (_day(str(each.get(name)), today) for name in ("startDate", "endDate"))
        if end < start:
            raise BadReport("startDate must not be after endDate.")
        found.append((str(each.get("name") or f"date_range_{place}"), start, end))
    return found


def _day(text: str, today: date) -> date:
    """`2026-11-20`, `today`, `yesterday` or `7daysAgo`."""
    back = {"today": "0daysAgo", "yesterday": "1daysAgo"}.get(text, text)
    if ago := re.fullmatch(r"(\d{1,5})daysAgo", back):
        return today - timedelta(int(ago[1]))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadReport(f"Invalid date format: {text}.") from None


def _whole(query: dict[str, Any], name: str, usual: int) -> int:
    """JSON has 64-bit numbers as strings; both forms are accepted."""
    value = str(query.get(name, usual))
    if not value.isdigit():
        raise BadReport(f"Invalid value at '{name}' (TYPE_INT64), {value!r}")
    return int(value)
