"""One run: traffic, then signs of decline, then what to refresh and who took over."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from hermes_fleet.content_decay import refresh, rivals
from hermes_fleet.content_decay.replacement import Queries
from hermes_fleet.content_decay.signs import RULE, Judged, judge
from hermes_fleet.content_decay.source import Source
from hermes_fleet.content_decay.traffic import Traffic
from hermes_fleet.google.settings import Settings, search_property
from hermes_fleet.searching import settings as searching
from hermes_worker import Job, Missing, Result, WorkerError
from hermes_worker.result import Provenance

OUTPUTS = ("decay_signals", "refresh_candidates", "competitor_replacement")
STEPS = 2
NO_YEAR = (
    "There is no data from a year ago yet, so a seasonal drop cannot be told apart from decay."
)


class Examination:
    """Collects the outputs of one run, and why some are missing."""

    def __init__(self, job: Job, site: str, settings: Settings, source: Source) -> None:
        self._job = job
        self._site = site
        self._settings = settings
        self._source = source
        self._outputs: dict[str, Any] = {}
        self._provenance: dict[str, Provenance] = {}
        self._metrics: dict[str, Any] = {}
        self._missing: dict[str, Missing] = {}

    async def result(self, most_pages: int) -> Result:
        """Traffic that cannot be had takes all outputs with it; result pages only the last one."""
        try:
            await self._judge(most_pages)
        except WorkerError as error:
            for slug in OUTPUTS:
                if slug not in self._outputs:
                    self._missing[slug] = Missing(error.code, error.message)
        self._metrics["requests"] = self._source.requests
        return Result(self._outputs, self._provenance, self._metrics, self._missing)

    async def _judge(self, most_pages: int) -> None:
        await self._job.progress(0, STEPS, unit="steps", phase="search traffic")
        name = search_property(self._settings.gsc_site)
        traffic = await self._source.traffic(name)
        pages = traffic.pages
        judged = [judge(traffic, page) for page in pages[:most_pages]]
        declining = [each for each in judged if each.signs]
        whole = len(pages) <= most_pages and not traffic.cut
        self._metrics |= {"items": len(judged), "pages_known": len(pages)}
        self._put("decay_signals", signals(traffic, judged, whole), traffic.provenance)
        self._put("refresh_candidates", to_refresh(declining, whole), traffic.provenance)
        await self._job.progress(1, STEPS, unit="steps", phase="search result pages")
        await self._rivals(name, traffic, declining, whole)

    async def _rivals(
        self, name: str, traffic: Traffic, declining: Sequence[Judged], whole: bool
    ) -> None:
        if not declining:
            nobody: dict[str, Any] = {
                "count": 0,
                "items": [],
                "complete": whole,
                "basis": rivals.NOTHING_FALLS,
            }
            self._put("competitor_replacement", nobody, traffic.provenance)
            return
        given = {"competitors": self._settings.competitors}
        competitors = searching.read(given, self._site).competing
        results = await rivals.known_results(self._job.site_id)
        queries = await self._queries(name, traffic, declining)
        found = rivals.value(declining, results, queries, self._site, competitors)
        self._put("competitor_replacement", found, rivals.worth(results))

    async def _queries(self, name: str, traffic: Traffic, declining: Sequence[Judged]) -> Queries:
        """Without them a page's searches are known only from the result pages it stands in."""
        pages = {each.page for each in declining}
        with suppress(WorkerError):
            if self._source.google:
                before = traffic.windows.before
                return await rivals.queries_of(self._source.google, name, before, pages)
        return {}

    def _put(self, slug: str, value: dict[str, Any], provenance: Provenance) -> None:
        self._outputs[slug], self._provenance[slug] = value, provenance


def signals(traffic: Traffic, judged: Sequence[Judged], whole: bool) -> dict[str, Any]:
    """Declining pages with their figures; beside them those that only go with the season."""
    items = [each.payload() for each in judged if each.signs]
    periods = {name: period.payload() for name, period in traffic.windows.named().items()}
    return {
        "count": len(items),
        "items": items,
        "complete": whole,
        "pages_examined": len(judged),
        "seasonal": [each.payload() for each in judged if each.seasonal],
        "periods": {name: periods[name] for name in traffic.figures},
        "source": traffic.source,
        "rule": RULE if traffic.years_known else f"{RULE} {NO_YEAR}",
    }


def to_refresh(declining: Sequence[Judged], whole: bool) -> dict[str, Any]:
    items = refresh.candidates(declining)
    return {"count": len(items), "items": items, "complete": whole, "formula": refresh.FORMULA}
