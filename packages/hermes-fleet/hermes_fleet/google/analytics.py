"""Google Analytics 4: the totals of one property in a period."""

from dataclasses import dataclass
from typing import Any, cast

from pydantic import BaseModel

from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import Period
from hermes_fleet.google.errors import Api
from hermes_worker import WorkerError

ANALYTICS = Api(
    slug="analyticsdata",
    name="Google Analytics",
    product="Google Analytics Data API",
    root="https://analyticsdata.googleapis.com",
    cure="{Who} may not read this GA4 property ({place}): add it as Viewer under GA4 > Admin > Property access management.",
    wait="the hourly quota comes back within the hour, the daily one at midnight Pacific time.",
)
METRICS = ("sessions", "totalUsers", "keyEvents")


class Header(BaseModel):
    name: str


class Value(BaseModel):
    value: str = ""


class Line(BaseModel):
    metricValues: list[Value] = []  # noqa: N815 - Google's names, here and below


class Metadata(BaseModel):
    timeZone: str = ""  # noqa: N815
    subjectToThresholding: bool = False  # noqa: N815
    emptyReason: str = ""  # noqa: N815
    samplingMetadatas: list[dict[str, Any]] = []  # noqa: N815


class Report(BaseModel):
    """As on the wire: all values are text; `rows` is left out when nothing was counted."""

    metricHeaders: list[Header] = []  # noqa: N815
    rows: list[Line] = []
    metadata: Metadata = Metadata()
    propertyQuota: dict[str, Any] = {}  # noqa: N815


@dataclass(frozen=True, slots=True)
class Totals:
    """Figures by GA4's metric names; `withheld`: GA4 held back so much that nothing is left."""

    figures: dict[str, int | float]
    metadata: Metadata
    tokens_left: int | None = None

    @property
    def withheld(self) -> bool:
        return not self.figures and self.metadata.subjectToThresholding


async def totals(google: Google, name: str, period: Period) -> Totals:
    """Sessions, users and key events of a period in the property's own time zone."""
    question = {
        "dateRanges": [{"startDate": str(period.first), "endDate": str(period.last)}],
        "metrics": [{"name": metric} for metric in METRICS],
        "returnPropertyQuota": True,
    }
    path = f"/v1beta/properties/{name}:runReport"
    report = await google.read(Report, ANALYTICS, path, name, question)
    left = report.propertyQuota.get("tokensPerDay", {})
    remaining = cast("dict[str, Any]", left).get("remaining") if isinstance(left, dict) else None
    return Totals(_figures(report), report.metadata, remaining)


def _figures(report: Report) -> dict[str, int | float]:
    """By name, never by place. No row: honest zeros, unless GA4 withheld them."""
    if not report.rows:
        return {} if report.metadata.subjectToThresholding else dict.fromkeys(METRICS, 0)
    names = [header.name for header in report.metricHeaders]
    values = [each.value for each in report.rows[0].metricValues]
    given = dict(zip(names, values, strict=False))
    if lacking := [metric for metric in METRICS if metric not in given]:
        raise WorkerError(
            "malformed_reply", f"Google Analytics: no {', '.join(lacking)} in the report."
        )
    return {metric: _number(metric, given[metric]) for metric in METRICS}


def _number(metric: str, text: str) -> int | float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise WorkerError("malformed_reply", f"Google Analytics: {metric} is {text[:40]!r}.")
    return int(number) if number.is_integer() else number
