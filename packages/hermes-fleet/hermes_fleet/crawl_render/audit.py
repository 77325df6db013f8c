"""One crawl from its first request to its result."""

from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from hermes_egress.robots import Robots
from hermes_fleet.crawl_render import findings
from hermes_fleet.crawl_render.crawl import crawl, probe
from hermes_fleet.crawl_render.drawing import undrawn
from hermes_fleet.crawl_render.journal import Entry, Journal
from hermes_fleet.crawl_render.progress import Progress
from hermes_fleet.crawl_render.render import candidates
from hermes_fleet.crawl_render.renderings import render
from hermes_fleet.crawl_render.scope import CrawlScope
from hermes_fleet.crawl_render.soft_404 import like_nothing, nowhere
from hermes_fleet.crawl_render.start import Start, locate
from hermes_fleet.crawl_render.survey import Survey
from hermes_fleet.crawling.record import Record
from hermes_fleet.crawling.robots import AGENT, USER_AGENT, kept_delay
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import Job, Missing, Result

SHORTEST_TIME = 0.001  # seconds, so that a rate is always a number
RENDERING_OFF = Missing("rendering_off", "Rendering is switched off for this run.")


@dataclass(frozen=True)
class Audit:
    """The parts of one crawl."""

    job: Job
    scope: CrawlScope
    visitor: Visitor
    journal: Journal
    begun: float = field(default_factory=monotonic)

    async def result(self, site: str, renders: bool) -> Result:
        """Carry the crawl out. WorkerError says why the site cannot be crawled."""
        await self.job.progress(0, unit="pages", phase="robots")
        start = await self._start(site)
        survey = self._survey(start)
        recalled = len(self.journal.visits)
        progress = Progress(self.job, survey)
        await crawl(self.visitor, survey, self.journal, progress)
        speed = _rate(len(survey.records) - recalled, monotonic() - self.begun)
        missing = await self._rendered(survey, progress) if renders else RENDERING_OFF
        survey.undrawn = undrawn(survey.records.values(), self.journal.renderings, survey.drawn)
        await progress.report("judging", force=True)
        await probe(self.visitor, survey, self.journal, self.scope.most_probes)
        lost = self.journal.probes.get(nowhere(survey.home))
        survey.soft_404 = like_nothing(lost, survey.records, survey.home)
        figures = {"pages_per_second": speed, "urls_recalled": recalled}
        return self._judged(survey, missing, figures | self._figures(start, survey))

    async def _rendered(self, survey: Survey, progress: Progress) -> Missing | None:
        """Render, visit what only rendered pages link to, and again, until nothing is new."""
        most, before = self.scope.most_renderings, -1
        while before < len(self.journal.renderings):
            before = len(self.journal.renderings)
            if missing := await render(self.visitor, survey, self.journal, progress, most):
                return missing
            await crawl(self.visitor, survey, self.journal, progress)
        return None

    async def _start(self, site: str) -> Start:
        if known := self.journal.start:
            return known
        start = await locate(self.visitor, site, self.scope.most_sitemaps)
        self.journal.add(Entry(start=start))
        return start

    def _survey(self, start: Start) -> Survey:
        """What is known by now: the start, and what the journal tells of an earlier life."""
        robots = Robots(start.robots, AGENT)
        self.visitor.pace.apart = max(self.visitor.pace.apart, kept_delay(robots))
        survey = Survey(start.home, robots, self.scope.bounds)
        for record in start.records:
            survey.settle(record)
        survey.add_sitemap(start.listing.pages, whole=not start.listing.unread)
        survey.strange_sitemaps = start.listing.strange
        for learned in self.journal.learned:
            if isinstance(learned, Record):
                survey.settle(learned)
            else:
                survey.see(learned.url, learned.page)
        return survey

    def _judged(self, survey: Survey, missing: Missing | None, figures: dict[str, Any]) -> Result:
        outputs = findings.outputs(survey, self.journal.probes)
        if missing is None:
            scripted = len(candidates(survey.records.values()))
            renderings = list(self.journal.renderings.values())
            outputs["render_failures"] = findings.render_failures(
                scripted, renderings, findings.basis(survey)
            )
        return Result(
            outputs=outputs,
            provenance=dict.fromkeys(outputs, "measured"),
            metrics={**findings.metrics(survey), **figures},
            missing={"render_failures": missing} if missing else {},
        )

    def _figures(self, start: Start, survey: Survey) -> dict[str, Any]:
        """Figures of this life of the job; `urls_recalled` were visited in an earlier one."""
        return {
            "seconds": round(monotonic() - self.begun, 2),
            "sitemaps": start.listing.files,
            "crawl_delay": {"asked": survey.robots.delay, "kept": kept_delay(survey.robots)},
            "pages_rendered": len(self.journal.renderings),
            "slowdowns": self.visitor.pace.slowdowns,
            "pauses": self.visitor.pace.pauses,
            "adopted_from": start.adopted_from,
            "agent": USER_AGENT,
        }


def _rate(count: int, seconds: float) -> float:
    return round(count / max(seconds, SHORTEST_TIME), 1)
