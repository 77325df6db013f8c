"""One run: read pages, write a draft with either engine, check it, check its links."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from hermes_fleet.content_generator import composer, links, outputs, writer
from hermes_fleet.content_generator.outputs import Finished
from hermes_fleet.content_generator.pages import Material, gather
from hermes_fleet.content_generator.quality import checks
from hermes_fleet.content_generator.rank import Ranked, rank
from hermes_fleet.content_generator.scope import ArticleScope
from hermes_fleet.content_generator.source import without_refrains
from hermes_fleet.crawling.walk import Site, open_site
from hermes_fleet.providers import Credential
from hermes_worker import Job, Missing, Result, WorkerError
from hermes_worker.result import Provenance

TEXTS = ("drafts", "content_blocks", "faq_schema")


@dataclass
class Generation:
    """`asked`: the topic and where it was taken from; both empty when the home page is to say."""

    job: Job
    scope: ArticleScope
    asked: tuple[str, str]
    credential: Credential | None
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    begun: float = field(default_factory=monotonic)

    async def result(self, site: str) -> Result:
        """An error of the language model is the reason of the texts alone; the links stay."""
        async with open_site(site) as opened:
            found = await gather(opened, self.asked[0], self.scope.pages, self._progress)
            topic = self._topic(found)
            draft = await self._draft(topic, found)
            finished = draft if isinstance(draft, Finished) else None
            await self._phase(found, "checking links")
            written = finished.draft if finished else None
            proposed = links.proposals(written, found.sources, topic)
            linked = await links.check(opened, proposed, written, found.statuses)
            self._count(opened, found, linked)
        return self._result(draft, linked.payload(len(found.sources)))

    async def _progress(self, done: int) -> None:
        await self.job.progress(done, self.scope.pages, unit="pages", phase="reading")

    async def _phase(self, found: Material, phase: str) -> None:
        read = len(found.sources)
        await self.job.progress(read, read, unit="pages", phase=phase)

    def _topic(self, found: Material) -> str:
        topic, basis = self.asked
        if not topic:
            topic, basis = found.sources[0].subject, "the home page's main heading"
        if not topic:
            message = "Choose a topic. The site has no keywords, and its home page has no heading."
            raise WorkerError("missing_config", message)
        self.metrics |= {"topic": topic, "topic_from": basis}
        return topic

    async def _draft(self, topic: str, found: Material) -> Finished | Missing:
        subjects = {page.url: page.subject for page in found.sources}
        lines = without_refrains(found.sources)
        ranked = await asyncio.to_thread(rank, lines, [subjects[each.url] for each in lines], topic)
        await self._phase(found, "writing")
        try:
            return await self._written(topic, ranked, found)
        except WorkerError as error:
            return Missing(error.code, error.message)

    async def _written(self, topic: str, ranked: Sequence[Ranked], found: Material) -> Finished:
        most = self.scope.words
        if self.credential is None:
            self.metrics["engine"] = composer.ENGINE
            draft = composer.compose(topic, ranked, found.sources, most)
            judged = checks(draft, found.sources, topic, most, copies=True)
            return Finished(draft, topic, composer.ENGINE, judged)
        written = await writer.written(self.credential, self.scope, topic, ranked, self.metrics)
        judged = checks(written.draft, found.sources, topic, most, copies=False)
        return Finished(written.draft, topic, self.metrics["engine"], judged, written.cut_off)

    def _count(self, site: Site, found: Material, linked: links.Links) -> None:
        self.metrics |= {
            "items": len(found.statuses),
            "requests": site.requests + self.metrics.get("requests", 0),
            "seconds": round(monotonic() - self.begun, 2),
            "pages_unread": found.unread,
            "links_dropped": linked.dropped,
            "dry_run": self.scope.dry_run,
            "published": False,
        }

    def _result(self, draft: Finished | Missing, linked: dict[str, Any]) -> Result:
        given: dict[str, Any] = {"internal_links": linked}
        missing = dict[str, Missing]()
        if isinstance(draft, Missing):
            missing |= dict.fromkeys(TEXTS, draft)
        else:
            given |= outputs.texts(draft)
            self.metrics["checks"] = {name: c.payload() for name, c in draft.checks.items()}
            self.metrics["to_review"] = draft.to_review
            if "faq_schema" not in given:
                missing["faq_schema"] = outputs.missing_faq(draft)
        keep = not self.scope.dry_run and "drafts" in given
        self.metrics["stored"] = keep
        return Result(
            outputs=given,
            provenance={slug: self._worth(slug) for slug in given},
            metrics=self.metrics,
            missing=missing,
            artifacts={"draft": given["drafts"]["items"][0]} if keep else {},
        )

    def _worth(self, slug: str) -> Provenance:
        if slug == "internal_links":
            return "measured"
        return "sample" if self.credential and self.credential.stand_in else "generated"
