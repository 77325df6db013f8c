"""One run of rank tracking, from the choice of the engine to the result."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from hermes_fleet.hermes_api import earlier_runs
from hermes_fleet.searching.engine import Answers, Engine
from hermes_fleet.searching.engines import STORE, provider
from hermes_fleet.searching.index import RANKING, indexed
from hermes_fleet.searching.lookup import Lookup
from hermes_fleet.searching.results import Locale
from hermes_fleet.searching.settings import Competitor
from hermes_fleet.searching.site_reader import Reading, read_site
from hermes_fleet.searching.sites import Others, read_others, row
from hermes_fleet.searching.snapshots import ARTIFACT, SERVICE, Snapshots, kept
from hermes_fleet.serp_intel.changes import changes
from hermes_fleet.serp_intel.memory import Memory
from hermes_fleet.serp_intel.outputs import outputs
from hermes_fleet.serp_intel.scope import TrackingScope
from hermes_worker import Job, Missing, Result, WorkerError

LOOKED_UP = ("serp_rank_snapshots", "serp_serp_snapshots", "serp_top_keywords")
ALONE = f"No competitor could be searched, and a rank among the site's own pages means nothing. Enter other sites under Competitors in the site's settings, or {STORE[0].lower()}{STORE[1:]}."


@dataclass
class Tracking:
    """The parts of one run."""

    job: Job
    site: str
    scope: TrackingScope
    locale: Locale
    requests: int = 0
    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    begun: float = field(default_factory=monotonic)

    async def result(self, competitors: Sequence[Competitor]) -> Result:
        """Look everything up. What cannot be looked up is missing with its reason."""
        await self._progress(0, "starting")
        try:
            async with self._engine(competitors) as engine:
                answers = await self._answers(engine)
                return await self._delivered(engine, answers)
        except WorkerError as error:
            return self._nothing(Missing(error.code, error.message))

    @asynccontextmanager
    async def _engine(self, competitors: Sequence[Competitor]) -> AsyncGenerator[Engine]:
        """The provider, else an index of the site and its competitors."""
        async with provider(self.site) as engine:
            if engine is not None:
                yield engine
                return
        own, others = await self._read(competitors)
        self.figures["index"] = {"ranking": RANKING, "sites": [row(own), *others.rows()]}
        if not others.readings:
            raise WorkerError("missing_config", _alone(others))
        async with indexed([own, *others.readings]) as index:
            yield index

    async def _read(self, competitors: Sequence[Competitor]) -> tuple[Reading, Others]:
        scope, pages_read = self.scope, 0

        async def progress(pages: int, requests: int) -> None:
            nonlocal pages_read
            pages_read += pages
            self.requests += requests
            await self._progress(0, "reading pages", pages_read=pages_read)

        async def read(site: str, most: int = scope.other_pages) -> Reading:
            return await read_site(site, most, scope.keywords, progress)

        own = await read(self.site, scope.own_pages)
        others = await read_others(competitors, scope.competitors, read)
        return own, others

    async def _answers(self, engine: Engine) -> Answers:
        scope, memory = self.scope, Memory(self.job, engine, self.site)
        known = memory.recalled(scope.keywords)

        async def progress(done: int) -> None:
            await self._progress(done, "looking up")
            await memory.keep(list(known.pages.values()))

        lookup = Lookup(engine, self.locale, scope.depth, progress, scope.patient, known)
        return await lookup.run(scope.keywords)

    async def _delivered(self, engine: Engine, answers: Answers) -> Result:
        self._account(engine, answers)
        if not answers.pages:
            failure = answers.first_failure
            assert failure is not None  # noqa: S101 - a keyword has a page or a failure
            return self._nothing(Missing(failure.code, failure.message))
        pages = list(answers.pages.values())
        found = kept(engine, self.locale, pages, self.site)
        await self._compare(found)
        whole = self.scope.whole and not answers.failures
        delivered = outputs(pages, engine, self.site, whole=whole)
        return Result(
            outputs={**delivered, "serp_tracked_keywords": self.scope.tracked},
            provenance={
                **dict.fromkeys(delivered, engine.provenance),
                "serp_tracked_keywords": "imported",
            },
            metrics=self._metrics(len(pages)),
            artifacts={ARTIFACT: found.model_dump(mode="json")},
        )

    def _account(self, engine: Engine, answers: Answers) -> None:
        """What was used, and which keywords have no answer and why."""
        self.requests += engine.spent.requests
        unanswered = [
            {"keyword": keyword, "reason": failure.code, "message": failure.message}
            for keyword, failure in answers.failures.items()
        ]
        self.figures |= {"engine": engine.name, "not_looked_up": unanswered}
        if engine.spent.cost_usd is not None:
            self.figures["cost_usd"] = engine.spent.cost_usd

    async def _compare(self, found: Snapshots) -> None:
        """With an index only runs of the same kind: another kind reads another number of pages."""
        kind = self.job.mode if found.index else ""
        runs = await earlier_runs(SERVICE, self.job.site_id, kind)
        self.figures["position_changes"] = changes(found, runs)

    def _nothing(self, why: Missing) -> Result:
        return Result(
            outputs={"serp_tracked_keywords": self.scope.tracked},
            provenance={"serp_tracked_keywords": "imported"},
            missing=dict.fromkeys(LOOKED_UP, why),
            metrics=self._metrics(0),
        )

    def _metrics(self, items: int) -> dict[str, Any]:
        return {
            "items": items,
            "requests": self.requests,
            "seconds": round(monotonic() - self.begun, 2),
            "depth": self.scope.depth,
            "locale": self.locale.model_dump(),
            **self.figures,
        }

    async def _progress(self, done: int, phase: str, **details: Any) -> None:
        total = len(self.scope.keywords)
        await self.job.progress(done, total, unit="keywords", phase=phase, **details)


def _alone(others: Others) -> str:
    reasons = "; ".join(f"{each.site}: {each.message}" for each in others.unread)
    return f"{ALONE} Not searched: {reasons}" if reasons else ALONE
