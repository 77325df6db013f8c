"""What a provider has answered so far: a worker that is restarted does not pay for it twice."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from hermes_fleet.searching.engine import Answers, Engine
from hermes_fleet.searching.results import ResultPage
from hermes_fleet.searching.snapshots import KeptPage, page_kept
from hermes_worker import Job

EVERY = 10  # keywords looked up between two notes


class Note(BaseModel):
    """The checkpoint of a job."""

    engine: str
    requests: int
    cost_usd: float | None
    pages: list[KeptPage]


class Memory:
    """The notes of one job. A local index is made anew, since it costs nothing."""

    def __init__(self, job: Job, engine: Engine, site: str) -> None:
        self._job, self._engine, self._site = job, engine, site
        self._noted = 0

    def recalled(self, keywords: Sequence[str]) -> Answers:
        """The pages that the same engine returned before a restart of this job; what they cost is added."""
        note = _note(self._job.checkpoint)
        if note is None or note.engine != self._engine.name:
            return Answers()
        self._engine.spent.requests += note.requests
        self._engine.spent.pay(note.cost_usd)
        found = {each.keyword: each.page() for each in note.pages if each.keyword in keywords}
        self._noted = len(found)
        return Answers(found)

    async def keep(self, pages: Sequence[ResultPage]) -> None:
        """Note what is known, every so many keywords."""
        if self._engine.homes or len(pages) < self._noted + EVERY:
            return
        self._noted = len(pages)
        spent = self._engine.spent
        kept = [page_kept(page, self._site, len(page.hits)) for page in pages]
        note = Note(
            engine=self._engine.name,
            requests=spent.requests,
            cost_usd=spent.cost_usd,
            pages=kept,
        )
        await self._job.save(note.model_dump(mode="json"))


def _note(checkpoint: Any) -> Note | None:
    try:
        return Note.model_validate(checkpoint)
    except ValidationError:
        return None
