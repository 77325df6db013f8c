"""Who links to the site: the provider's view of the web, or the links between sites read in this run."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from hermes_fleet.backlink_authority import crawled, provided
from hermes_fleet.backlink_authority.corpus_reader import read_corpus
from hermes_fleet.backlink_authority.dataforseo import SECRET, opened
from hermes_fleet.backlink_authority.history import earlier_graphs
from hermes_fleet.backlink_authority.scope import MOST_PAGES_PER_SITE, scope_of
from hermes_fleet.providers import credential
from hermes_fleet.searching.settings import address, read
from hermes_worker import Job, Missing, Result, Worker

UNSEEN = Missing(
    "missing_config",
    f"Links to this site cannot be found yet. Add a DataForSEO login as the secret {SECRET}, or enter other sites under Competitors in the site's settings.",
)

worker = Worker(
    "backlink_authority",
    version="1.0.0",
    outputs=(
        "new_links",
        "lost_links",
        "domain_authority",
        "anchor_distribution",
        "link_velocity",
    ),
    modes=("smoke", "full"),
    answer_within=20,
    resumable=True,
)


@worker.run
async def watch(
    job: Job,
    site: str,
    settings: dict[str, Any] | None = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 1000,
    pages_per_site: Annotated[int, Field(ge=1, le=MOST_PAGES_PER_SITE)] | None = None,
) -> Result:
    """Links to `site`, lists of at most `limit`: from DataForSEO with its secret, else from reading
    at most `pages_per_site` pages of the site and of each competitor in its settings."""
    home, now = address(site), datetime.now(UTC)
    if secret := credential(SECRET, home):
        async with opened(secret) as provider:
            return await provided.result(provider, home, limit, now.date())
    if not (competitors := read(settings, home).competitors):
        return worker.nothing(UNSEEN)
    corpus = await read_corpus(job, home, competitors, scope_of(job.mode, pages_per_site), now)
    return crawled.result(corpus, await earlier_graphs(job), limit)
