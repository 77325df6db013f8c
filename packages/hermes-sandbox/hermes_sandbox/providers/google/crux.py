"""The Chrome UX Report: field data of one page or origin, now and over time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hermes_sandbox.providers.google.field import LIMITS, Speed, field_speed, rated
from hermes_sandbox.providers.google.refusal import key_refusal, refusal
from hermes_sandbox.providers.wire import Answer, Asked, Route

SERVICE = "chromeuxreport.googleapis.com"
NOT_FOUND = refusal(404, "chrome ux report data not found", "NOT_FOUND")
METRICS = {
    "largest_contentful_paint": "lcp",
    "interaction_to_next_paint": "inp",
    "cumulative_layout_shift": "cls",
    "first_contentful_paint": "fcp",
    "experimental_time_to_first_byte": "ttfb",
}
FORMS = ("PHONE", "DESKTOP", "TABLET")
WEEKS = 25


ERRORS = {
    "not_found": NOT_FOUND,
    "quota": refusal(
        429,
        "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service "
        f"'{SERVICE}' for consumer 'project_number:123456789012'.",
        "RESOURCE_EXHAUSTED",
    ),
    "server_error": refusal(500, "Internal error encountered.", "INTERNAL"),
}


class Crux:
    """Data for the demo site's origin and its home page; nobody else has enough visitors."""

    name = "crux"
    errors = ERRORS
    modes = frozenset[str]()

    def __init__(self, key: str, site: str, today: Callable[[], date]) -> None:
        self._key, self._today = key, today
        self._known = {("origin", site.rstrip("/")), ("url", f"{site.rstrip('/')}/")}

    def routes(self) -> list[Route]:
        return [
            ("POST", "/v1/records:queryRecord", self._record),
            ("POST", "/v1/records:queryHistoryRecord", self._history),
        ]

    def refuses(self, asked: Asked) -> Answer | None:
        given = asked.query.get("key", asked.headers.get("X-Goog-Api-Key", ""))
        if given:
            return None if given == self._key else key_refusal(SERVICE)
        message = (
            "Method doesn't allow unregistered callers (callers without established identity). "
            "Please use API Key or other form of API consumer identity to call this API."
        )
        return refusal(403, message, "PERMISSION_DENIED")

    def _record(self, asked: Asked) -> Answer:
        return self._answer(
            asked, lambda speed, names: {name: _metric(METRICS[name], speed) for name in names}, 1
        )

    def _history(self, asked: Asked) -> Answer:
        weeks = asked.fields().get("collectionPeriodCount", WEEKS)
        return self._answer(
            asked,
            lambda speed, names: {name: _series(METRICS[name], speed, weeks) for name in names},
            weeks,
        )

    def _answer(
        self, asked: Asked, metrics: Callable[[Speed, list[str]], dict[str, Any]], periods: int
    ) -> Answer:
        query = asked.fields()
        kinds = [kind for kind in ("origin", "url") if kind in query]
        names = query.get("metrics") or list(METRICS)
        form = query.get("formFactor")
        if len(kinds) != 1 or form not in (None, *FORMS) or not set(names) <= set(METRICS):
            return refusal(400, "Request contains an invalid argument.", "INVALID_ARGUMENT")
        place = str(query[kinds[0]])
        plain = place.rstrip("/") if kinds[0] == "origin" else place
        if (kinds[0], plain) not in self._known:
            return NOT_FOUND
        key = {kinds[0]: plain, **({"formFactor": form} if form else {})}
        record = {"key": key, "metrics": metrics(field_speed(plain, form or "ALL"), names)}
        return Answer(200, {"record": record | self._periods(periods)})

    def _periods(self, count: int) -> dict[str, Any]:
        """28 days that end two days ago; earlier ones a week apart, oldest first."""
        last = self._today() - timedelta(2)
        if count == 1:
            return {"collectionPeriod": _period(last)}
        ends = [last - timedelta(7 * back) for back in reversed(range(count))]
        return {"collectionPeriods": [_period(end) for end in ends]}


def _period(end: date) -> dict[str, Any]:
    first = end - timedelta(27)
    return {
        name: {"year": day.year, "month": day.month, "day": day.day}
        for name, day in (("firstDate", first), ("lastDate", end))
    }


def _metric(name: str, speed: Speed) -> dict[str, Any]:
    bins = _bins(name)
    shares = rated(name, speed[name])
    histogram = [{**each, "density": share} for each, share in zip(bins, shares, strict=True)]
    return {"histogram": histogram, "percentiles": {"p75": _shown(name, speed[name])}}


def _series(name: str, speed: Speed, weeks: int) -> dict[str, Any]:
    shares = rated(name, speed[name])
    histogram = [
        {**each, "densities": [share] * weeks}
        for each, share in zip(_bins(name), shares, strict=True)
    ]
    p75s = [_shown(name, speed[name])] * weeks
    return {"histogramTimeseries": histogram, "percentilesTimeseries": {"p75s": p75s}}


def _bins(name: str) -> list[dict[str, Any]]:
    good, poor = (_shown(name, limit) for limit in LIMITS[name])
    return [{"start": _shown(name, 0), "end": good}, {"start": good, "end": poor}, {"start": poor}]


def _shown(name: str, value: float) -> int | str:
    """Layout shift comes as text with two digits, everything else as whole milliseconds."""
    return f"{value:.2f}" if name == "cls" else round(value)
