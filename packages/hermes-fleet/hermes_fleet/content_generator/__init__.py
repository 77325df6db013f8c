"""Drafts for a person to edit: from the site's own sentences, or by a language model that may use only those."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from hermes_fleet.content_generator.generation import Generation
from hermes_fleet.content_generator.scope import scope_of
from hermes_fleet.content_generator.service import NAME
from hermes_fleet.providers import credential
from hermes_fleet.searching.settings import phrases
from hermes_worker import Job, Result, Worker


class Settings(BaseModel):
    """Of the site: the first of its keywords is the topic where the request names none."""

    keywords: Any = None


worker = Worker(
    "content_generator",
    version="1.0.0",
    outputs=("drafts", "content_blocks", "faq_schema", "internal_links"),
    modes=("smoke", "full"),
    answer_within=50,
    resumable=True,
    max_concurrency=2,
    time_limit={"smoke": 55, "full": 285},
)


@worker.run
async def generate(
    job: Job,
    site: str,
    settings: Settings | None = None,
    topic: Annotated[str, Field(max_length=200)] = "",
    max_words: Annotated[int, Field(ge=50, le=3000)] = 600,
    max_urls: Annotated[int, Field(ge=1, le=100)] | None = None,
    dry_run: bool = True,
) -> Result:
    """One draft of at most `max_words` words. Nothing is published; a dry run leaves nothing behind either."""
    scope = scope_of(job.mode, max_words, max_urls, dry_run=dry_run)
    keywords = phrases((settings or Settings()).keywords, "keywords")
    asked = (" ".join(topic.split()), "the request")
    if not asked[0] and keywords:
        asked = (keywords[0], "the site's first keyword")
    return await Generation(job, scope, asked, credential(NAME, site)).result(site)
