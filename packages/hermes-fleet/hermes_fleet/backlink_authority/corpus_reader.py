"""Reading the site and its competitors, a few at a time; who cannot be read is named and sinks nobody."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from hermes_egress.addresses import is_private_literal
from hermes_fleet.backlink_authority.corpus import Corpus
from hermes_fleet.backlink_authority.scope import AT_ONCE, CorpusScope
from hermes_fleet.crawling.addresses import host
from hermes_fleet.crawling.walk import open_site
from hermes_fleet.searching.settings import Competitor
from hermes_worker import Job, WorkerError

PRIVATE = "The address is in a private network. Hermes reads such an address only if the site itself is in a private network."


async def read_corpus(
    job: Job, home: str, competitors: Sequence[Competitor], scope: CorpusScope, now: datetime
) -> Corpus:
    """The site and the first competitors of the scope. WorkerError when none can be read."""
    usable = [c.home for c in competitors if c.home and _open(c.home, home)]
    chosen, left_out = usable[: scope.competitors], usable[scope.competitors :]
    corpus = Corpus(home, [home, *chosen], now)
    for each in competitors:
        if each.home is None or each.home not in usable:
            corpus.refuse(each.entered, "invalid_site", each.fault or PRIVATE)
    for each in left_out:
        corpus.refuse(each, "left_out", f"A run reads at most {scope.competitors} competitors.")
    if not chosen:
        message = "None of the addresses under Competitors can be used."
        raise WorkerError("missing_config", f"{message} {corpus.failures}")
    await _read(job, corpus, scope)
    if corpus.sites.keys() <= {home}:
        raise WorkerError("worker_failed", f"No competitor could be read. {corpus.failures}")
    return corpus


def _open(competitor: str, home: str) -> bool:
    return is_private_literal(host(home)) or not is_private_literal(host(competitor))


async def _read(job: Job, corpus: Corpus, scope: CorpusScope) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(home: str) -> None:
        async with gate:
            await _site(corpus, home, scope)
        await job.progress(len(corpus.pages), unit="pages", phase="reading sites")

    await job.progress(0, unit="pages", phase="reading sites")
    async with asyncio.TaskGroup() as reading:
        for home in corpus.homes:
            reading.create_task(one(home))


async def _site(corpus: Corpus, home: str, scope: CorpusScope) -> None:
    try:
        async with open_site(home) as site:
            walk = await site.walk(scope.pages, sitemaps=scope.sitemaps)
    except WorkerError as error:
        corpus.refuse(home, error.code, error.message)
        return
    if not walk.pages:
        corpus.refuse(home, "no_pages", f"{home} has no page that could be read.")
        return
    corpus.add(home, walk)
