"""Content rules against a site's pages: what is broken, where, how serious, and how to mend it."""

import asyncio
from functools import partial
from time import monotonic

from pydantic import BaseModel, Field

from hermes_fleet.content_qa import report
from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.review import review
from hermes_fleet.content_qa.rulebook import rulebook
from hermes_fleet.crawling.choice import Choice, choose
from hermes_fleet.crawling.walk import open_site
from hermes_worker import Job, Result, Worker, WorkerError

DEFAULT_PAGES, MOST_PAGES = {"smoke": 3, "full": 100}, {"smoke": 10, "full": 500}
BUILT_BY_SCRIPTS = "its text is added by scripts and is not in the HTML"


class Settings(BaseModel):
    """Of the site: `pages` are its important pages, as paths or addresses."""

    pages: list[str] | None = Field(default=None, max_length=500)


worker = Worker(
    "content_qa",
    version="1.0.0",
    outputs=("qa_score", "violations", "compliance_status", "fix_list"),
    modes=("smoke", "full"),
    answer_within=40,
    resumable=True,
)


@worker.run
async def validate(
    job: Job, site: str, max_urls: int | None = None, settings: Settings | None = None
) -> Result:
    """Check `max_urls` pages (smoke: 1 to 10, else 3; full: 1 to 500, else 100)."""
    begun = monotonic()
    asked = DEFAULT_PAGES[job.mode] if max_urls is None else max_urls
    most = max(1, min(asked, MOST_PAGES[job.mode]))
    await job.progress(0, most, unit="pages", phase="reading")
    async with open_site(site) as opened:
        important = (settings or Settings()).pages or []
        choice = await choose(opened, important, most, progress=partial(_progress, job, most))
        requests = opened.requests
    documents, unread = _sorted(choice)
    if not documents:
        raise WorkerError("no_outputs", _nothing(unread))
    await job.progress(len(documents), most, unit="pages", phase="judging")
    found = await asyncio.to_thread(review, documents, rulebook())
    outputs = report.outputs(found, unread, choice.left)
    figures = {"requests": requests, "seconds": round(monotonic() - begun, 2)}
    more = {"chosen": choice.basis, "pages_unread": unread, **figures}
    return Result(
        outputs=outputs,
        provenance=dict.fromkeys(outputs, "measured"),
        metrics={**report.metrics(found), **more},
    )


async def _progress(job: Job, most: int, done: int) -> None:
    await job.progress(done, most, unit="pages", phase="reading")


def _sorted(choice: Choice) -> tuple[list[Document], dict[str, str]]:
    """The pages that can be judged, and those that cannot with the reason."""
    unread, documents = dict(choice.unread), list[Document]()
    for seen in choice.pages:
        document = Document.of(seen, choice.home)
        if document.built_by_scripts:
            unread[seen.url] = BUILT_BY_SCRIPTS
        else:
            documents.append(document)
    return documents, unread


def _nothing(unread: dict[str, str]) -> str:
    url, why = next(iter(unread.items()), ("The site", "no page was found"))
    return f"No page could be checked. {url}: {why}."
