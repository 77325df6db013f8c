"""One comparison, from who ranks to what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from hermes_fleet.competitive_snapshot.delivery import Findings, delivery
from hermes_fleet.competitive_snapshot.ranking import Ranking
from hermes_fleet.competitive_snapshot.rivals import Rivals
from hermes_fleet.competitive_snapshot.scope import SnapshotScope
from hermes_fleet.http import Spent
from hermes_fleet.searching.results import Locale
from hermes_fleet.searching.settings import Competitor
from hermes_fleet.searching.site_reader import Reading, read_site
from hermes_fleet.searching.sites import read_others
from hermes_worker import Job, Missing, Result, WorkerError

NO_KEYWORDS = Missing(
    "missing_config",
    "The site has no tracked keywords. Enter at least three search phrases in the site's settings.",
)
ALONE = Missing(
    "no_outputs",
    "Fewer than two sites could be read, so there is nothing to rank against.",
)


@dataclass
class Snapshot:
    """The parts of one comparison."""

    job: Job
    site: str
    scope: SnapshotScope
    locale: Locale
    spent: Spent = field(default_factory=lambda: Spent(cost_usd=0.0))
    pages_read: int = 0
    begun: float = field(default_factory=monotonic)

    async def result(self, competitors: Sequence[Competitor]) -> Result:
        """Compare. Whatever cannot be read or looked up is missing with its reason."""
        await self._progress("starting")
        rivals = Rivals(self.site, self.job.site_id, self.scope, self.locale, self.spent)
        ranking, missing = await self._known(rivals, competitors)
        findings = await self._read(competitors, ranking)
        findings.no_ranking = missing
        if not missing and _is_thinner(ranking, self.pages_read):
            ranking = await self._indexed(rivals, findings)
        findings.ranking = ranking
        return delivery(findings, self._metrics(findings))

    async def _known(
        self, rivals: Rivals, competitors: Sequence[Competitor]
    ) -> tuple[Ranking | None, Missing | None]:
        """Who ranks, as far as that is known before a page is read; or why it will not be known."""
        if not self.scope.keywords:
            return None, NO_KEYWORDS
        chosen = [each.home for each in competitors if each.home][: self.scope.competitors]
        try:
            if found := await rivals.known([self.site, *chosen]):
                return found, None
            found = await rivals.asked(self._looked_up)
        except WorkerError as error:
            return None, Missing(error.code, error.message)
        if found and not found.pages:
            return None, next(iter(found.unanswered.values()))
        return found, None

    async def _read(self, competitors: Sequence[Competitor], ranking: Ranking | None) -> Findings:
        """The pages that rank, then those near the keywords."""

        async def read(site: str) -> Reading:
            best = ranking.best(site) if ranking else []
            return await read_site(site, self.scope.pages, self.scope.keywords, self._pages, best)

        findings = Findings(self.site)
        try:
            findings.own = await read(self.site)
        except WorkerError as error:
            findings.no_own = Missing(error.code, f"Your own site: {error.message}")
        findings.others = await read_others(competitors, self.scope.competitors, read)
        return findings

    async def _indexed(self, rivals: Rivals, findings: Findings) -> Ranking | None:
        readings = [*([findings.own] if findings.own else []), *findings.others.readings]
        if len(readings) < 2:
            findings.no_ranking = ALONE
            return None
        return await rivals.read(readings, self._looked_up)

    async def _pages(self, pages: int, requests: int) -> None:
        self.pages_read += pages
        self.spent.requests += requests
        await self._progress("reading pages")

    async def _looked_up(self, done: int) -> None:
        await self._progress("looking up", keywords_done=done)

    async def _progress(self, phase: str, **details: Any) -> None:
        total = self.scope.pages * (self.scope.competitors + 1)
        await self.job.progress(self.pages_read, total, unit="pages", phase=phase, **details)

    def _metrics(self, findings: Findings) -> dict[str, Any]:
        cost = self.spent.cost_usd
        return {
            "items": self.pages_read,
            "requests": self.spent.requests,
            **({"cost_usd": cost} if cost is not None else {}),
            "seconds": round(monotonic() - self.begun, 2),
            "keywords": len(self.scope.keywords),
            **findings.figures(),
        }


def _is_thinner(ranking: Ranking | None, pages_read: int) -> bool:
    """Whether an index of what was just read says more: there is no other, or a smaller one."""
    if ranking is None:
        return True
    index = ranking.scope.get("index")
    return bool(index) and index.get("pages", 0) < pages_read
