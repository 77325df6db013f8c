"""What people watch: pages done of those known, how fast, until when, and what was found."""

from collections import Counter, deque
from time import monotonic
from typing import Any

from hermes_fleet.crawl_render.canonicals import errors
from hermes_fleet.crawl_render.survey import Survey
from hermes_fleet.crawling.record import Record
from hermes_worker import Job

SECONDS_APART = 0.25
WEIGHT = 0.3  # of the newest rate in the moving average
PAGES_FOR_ETA = 20  # fewer say nothing about the time left
LATEST = 5


class Progress:
    """Tells the job how far the survey is, at most every SECONDS_APART."""

    def __init__(self, job: Job, survey: Survey) -> None:
        self.findings: Counter[str] = Counter()
        self.latest: deque[dict[str, str]] = deque(maxlen=LATEST)
        self._job = job
        self._survey = survey
        self._rate: float | None = None
        self._told_at = monotonic()
        self._told_done = len(survey.records)

    def note(self, record: Record) -> None:
        """Count what one record alone shows; the judgement at the end sees more."""
        kinds = [error.type for error in errors(record, look=lambda _url: None)]
        found = ["canonical_errors"] * bool(kinds)
        found += ["non_200_urls"] * (record.status != 200)
        found += ["redirect_chains"] * (
            record.redirects and self._survey.is_redirected_to(record.url)
        )
        found += ["missing_titles"] * (record.good_page is not None and not record.good_page.title)
        self.findings.update(found)
        self.latest.extend({"type": kind, "url": record.url} for kind in found)

    async def report(self, phase: str, force: bool = False) -> None:
        now, done = monotonic(), len(self._survey.records)
        since = now - self._told_at
        if since < SECONDS_APART and not force:
            return
        if since > 0 and phase == "crawling":
            newest = (done - self._told_done) / since
            self._rate = newest if self._rate is None else _average(self._rate, newest)
        self._told_at, self._told_done = now, done
        await self._job.progress(
            done, self._survey.total, unit="pages", phase=phase, **self._details(done, phase)
        )

    def _details(self, done: int, phase: str) -> dict[str, Any]:
        """Only crawling has a rate and a time left: how long rendering and judging take nobody knows."""
        left, rate = self._survey.total - done, self._rate if phase == "crawling" else None
        return {
            "rate": round(rate, 1) if rate is not None else None,
            "eta_s": round(left / rate, 1) if rate and done >= PAGES_FOR_ETA else None,
            "queued": self._survey.queued,
            "blocked": len(self._survey.blocked),
            "findings": dict(self.findings),
            "latest": list(self.latest),
        }


def _average(before: float, newest: float) -> float:
    return before + WEIGHT * (newest - before)
