"""The Google Analytics Data API (GA4): runReport."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

from hermes_sandbox.providers.demand import days
from hermes_sandbox.providers.google.refusal import refusal, switched_off
from hermes_sandbox.providers.google.report import BadReport, Order, Report, read_report
from hermes_sandbox.providers.google.tokens import Tokens
from hermes_sandbox.providers.visits import PATHS, Visits
from hermes_sandbox.providers.wire import Answer, Asked, Route

SERVICE = "analyticsdata.googleapis.com"
SCOPES = ("analytics", "analytics.readonly")
ZONE = "America/Los_Angeles"
TOKENS_A_DAY = 200_000
FORBIDDEN = (
    "User does not have sufficient permissions for this property. To learn more about Property ID, "
    "see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id."
)


ERRORS = {
    "forbidden": refusal(403, FORBIDDEN, "PERMISSION_DENIED"),
    "quota": refusal(
        429,
        "Exhausted property tokens per day. These quota tokens will return in under 24 hours. To "
        "learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas",
        "RESOURCE_EXHAUSTED",
    ),
    "api_disabled": switched_off("Google Analytics Data API", SERVICE),
    "server_error": refusal(500, "Internal error encountered.", "INTERNAL"),
    "unavailable": refusal(503, "The service is currently unavailable.", "UNAVAILABLE"),
}


class Analytics:
    """Visits of one property."""

    name = "ga4"
    errors = ERRORS
    modes = frozenset({"empty", "thresholded", "sampled"})

    def __init__(
        self, property_id: str, visits: Visits, tokens: Tokens, today: Callable[[], date]
    ) -> None:
        self._property, self._visits = property_id, visits
        self._tokens, self._today, self._spent = tokens, today, 0

    def routes(self) -> list[Route]:
        return [("POST", "/v1beta/properties/{property}:runReport", self._report)]

    def refuses(self, asked: Asked) -> Answer | None:
        return self._tokens.refusal(asked, SERVICE, *SCOPES)

    def _report(self, asked: Asked) -> Answer:
        named = asked.place["property"]
        if not named.isdigit():
            message = (
                "Invalid property ID: "
                + named
                + ". A numeric Property ID is required. To learn more "
                "about Property ID, see https://developers.google.com/analytics/devguides/reporting/"
                "data/v1/property-id."
            )
            return refusal(400, message, "INVALID_ARGUMENT")
        if named != self._property:
            return ERRORS["forbidden"]
        try:
            report = read_report(asked.fields(), self._today())
        except (BadReport, AttributeError, TypeError) as bad:
            return refusal(400, str(bad), "INVALID_ARGUMENT")
        self._spent += 1
        return Answer(200, self._told(report, asked.fault))

    def _told(self, report: Report, fault: str) -> dict[str, Any]:
        rows = [] if fault in ("empty", "thresholded") else self._rows(report)
        shown = rows[report.offset : report.offset + report.limit]
        heads = [{"name": name, "type": "TYPE_INTEGER"} for name in report.metrics]
        body: dict[str, Any] = {
            "dimensionHeaders": [{"name": name} for name in report.dimensions],
            "metricHeaders": heads,
            "rows": shown,
            "rowCount": len(rows),
            "metadata": {"currencyCode": "USD", "timeZone": ZONE, **_doubts(fault)},
            "kind": "analyticsData#runReport",
        }
        if report.quota:
            body["propertyQuota"] = self._quota()
        return {name: value for name, value in body.items() if value not in ([], 0)}

    def _rows(self, report: Report) -> list[dict[str, Any]]:
        rows = [row for span in report.spans for row in self._span(report, *span)]
        for order in reversed(report.orders):
            rows.sort(key=lambda row, order=order: _key(row, order), reverse=order.falling)
        return rows

    def _span(self, report: Report, name: str, start: date, end: date) -> list[dict[str, Any]]:
        first = max(start, self._visits.demand.first_day)
        asked = list(days(first, min(end, self._today() - timedelta(1))))
        each_day = [[day] for day in asked] if "date" in report.dimensions else [asked]
        each_page = [[path] for path in PATHS] if "landingPage" in report.dimensions else [PATHS]
        rows = list[dict[str, Any]]()
        for group, paths in product(each_day if asked else [], each_page):
            counted = self._visits.counted(group, paths)._asdict()
            known = {"date": f"{group[0]:%Y%m%d}", "landingPage": paths[0], "dateRange": name}
            values = [str(counted[METRICS.get(metric, metric)]) for metric in report.metrics]
            rows.append(
                {
                    "dimensionValues": [{"value": known[one]} for one in report.dimensions],
                    "metricValues": [{"value": value} for value in values],
                }
            )
        return [
            row if row["dimensionValues"] else {"metricValues": row["metricValues"]} for row in rows
        ]

    def _quota(self) -> dict[str, Any]:
        def left(limit: int, consumed: int = 0) -> dict[str, int]:
            return {"consumed": consumed, "remaining": limit - consumed}

        return {
            "tokensPerDay": {"consumed": 1, "remaining": TOKENS_A_DAY - self._spent},
            "tokensPerHour": {"consumed": 1, "remaining": 40_000 - self._spent},
            "concurrentRequests": left(10),
            "serverErrorsPerProjectPerHour": left(10),
            "potentiallyThresholdedRequestsPerHour": left(120),
            "tokensPerProjectPerHour": {"consumed": 1, "remaining": 14_000 - self._spent},
        }


METRICS = {"activeUsers": "totalUsers"}
"""Metrics that are another one under a second name here."""


def _key(row: dict[str, Any], order: Order) -> int | str:
    if order.metric:
        return int(row["metricValues"][order.column]["value"])
    return row["dimensionValues"][order.column]["value"]


def _doubts(fault: str) -> dict[str, Any]:
    if fault == "thresholded":
        return {"subjectToThresholding": True}
    if fault == "sampled":
        return {"samplingMetadatas": [{"samplesReadCount": "5000", "samplingSpaceSize": "80000"}]}
    return {}
