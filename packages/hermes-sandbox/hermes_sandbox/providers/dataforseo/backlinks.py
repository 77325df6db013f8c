"""`backlinks/*/live`: everything worked out from one list of links, so that the reports agree."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from hermes_sandbox.providers.dataforseo.envelope import Outcome, done, invalid
from hermes_sandbox.providers.dataforseo.links import Backlink, backlinks
from hermes_sandbox.providers.dataforseo.rows import (
    anchor_row,
    domain_row,
    link_row,
    month_row,
    summary_row,
)
from hermes_sandbox.providers.dataforseo.selection import ordered, passing

COST, COST_OF_ROW = 0.02, 0.00003
MODES = {"as_is": None, "one_per_domain": "domain_from", "one_per_anchor": "anchor"}
MOST_ROWS = 1000
RANGES = {"day": 1, "week": 7, "month": 30, "year": 365}


class Backlinks:
    """Links to the demo site; every other target has none."""

    def __init__(self, site: str, today: Callable[[], date]) -> None:
        self._site, self._today = site, today
        self._targets = {urlsplit(site).netloc, site.rstrip("/"), f"{site.rstrip('/')}/"}

    def table(self) -> dict[str, Callable[[dict[str, Any]], Outcome]]:
        """Endpoint -> who answers it."""
        return {
            "summary": self._summary,
            "backlinks": self._links,
            "anchors": self._anchors,
            "referring_domains": self._domains,
            "history": self._history,
            "timeseries_new_lost_summary": self._new_and_lost,
        }

    def _summary(self, task: dict[str, Any]) -> Outcome:
        links = self._of(task)
        return done([summary_row(str(task["target"]), links, len(self._all(task)))], COST)

    def _links(self, task: dict[str, Any]) -> Outcome:
        mode = str(task.get("mode", "as_is"))
        if mode not in MODES:
            raise invalid("mode")
        rows = [link_row(link, self._today()) for link in self._of(task)]
        if (field := MODES[mode]) is not None:
            rows = list({row[field]: row for row in reversed(rows)}.values())[::-1]
        return self._listed(task, rows, mode=mode, custom_mode=None, search_after_token=None)

    def _anchors(self, task: dict[str, Any]) -> Outcome:
        groups = _grouped(self._of(task), lambda link: link.anchor)
        return self._listed(task, [anchor_row(*group) for group in groups])

    def _domains(self, task: dict[str, Any]) -> Outcome:
        groups = _grouped(self._of(task), lambda link: link.domain)
        return self._listed(task, [domain_row(*group) for group in groups])

    def _history(self, task: dict[str, Any]) -> Outcome:
        links = self._all(task)
        ends = [self._today() - timedelta(30 * back) for back in reversed(range(12))]
        rows = [month_row("backlinks_history", links, end, 30) for end in ends]
        return self._dated(task, rows, ends[0], ends[-1])

    def _new_and_lost(self, task: dict[str, Any]) -> Outcome:
        span = RANGES.get(str(task.get("group_range", "month")))
        if span is None:
            raise invalid("group_range")
        start, end = self._span(task)
        ends = [start + timedelta(at) for at in range(0, (end - start).days + 1, span)]
        rows = [
            month_row("backlinks_timeseries_new_lost_summary", self._all(task), each, span)
            for each in ends
        ]
        return self._dated(task, rows, start, end, group_range=task.get("group_range", "month"))

    def _span(self, task: dict[str, Any]) -> tuple[date, date]:
        today = self._today()
        texts = (
            task.get("date_from", str(today - timedelta(365))),
            task.get("date_to", str(today)),
        )
        try:
            start, end = (date.fromisoformat(str(text)) for text in texts)
        except ValueError:
            raise invalid("date_from") from None
        return start, end

    def _dated(
        self, task: dict[str, Any], rows: list[dict[str, Any]], start: date, end: date, **more: Any
    ) -> Outcome:
        result = {"target": task["target"], "date_from": str(start), "date_to": str(end), **more}
        return done([{**result, "items_count": len(rows), "items": rows}], COST)

    def _listed(self, task: dict[str, Any], rows: list[dict[str, Any]], **more: Any) -> Outcome:
        limit, skipped = task.get("limit", 100), task.get("offset", 0)
        if not isinstance(limit, int) or not 1 <= limit <= MOST_ROWS:
            raise invalid("limit")
        if not isinstance(skipped, int) or skipped < 0:
            raise invalid("offset")
        rows = ordered(passing(rows, task.get("filters")), task.get("order_by"))
        shown = rows[skipped : skipped + limit]
        result = {"target": task["target"], "total_count": len(rows), "items_count": len(shown)}
        cost = round(COST + COST_OF_ROW * len(shown), 6)
        return done([{**result, **more, "items": shown or None}], cost)

    def _of(self, task: dict[str, Any]) -> list[Backlink]:
        kind = task.get("backlinks_status_type", "live")
        if kind not in ("live", "lost", "all"):
            raise invalid("backlinks_status_type")
        links = self._all(task)
        return [
            link for link in links if kind == "all" or (link.lost is not None) == (kind == "lost")
        ]

    def _all(self, task: dict[str, Any]) -> list[Backlink]:
        target = task.get("target")
        if not isinstance(target, str) or not target:
            raise invalid("target")
        return backlinks(self._site, self._today()) if target in self._targets else []


def _grouped(
    links: Sequence[Backlink], key: Callable[[Backlink], str]
) -> list[tuple[str, list[Backlink]]]:
    groups = defaultdict[str, list[Backlink]](list)
    for link in links:
        groups[key(link)].append(link)
    return sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
