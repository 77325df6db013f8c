"""The channel over the bundled Notifications service: a test job carries letters, and its run says whether they
arrived. Which channels stand behind it say its secrets."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.alerting.backing_off import pause
from hermes.core.alerting.life import Letter
from hermes.core.alerts import CHANNEL, MOST_MESSAGES
from hermes.core.runs.actors import ALERTS
from hermes.operations.jobs import Jobs
from hermes.operations.scope import Scope
from hermes.operations.starting import StartHook
from hermes.storage import outbox
from hermes_base.postgres.database import Connection
from hermes_base.problems import Problem
from hermes_base.reasons import Reason
from hermes_base.view import Row

Handed = tuple[Record, Letter, list[Record]]
"""A delivery, its letter, and the services below its alert."""
LATER = ("job_open", "try_again")
"""Problems of a start that pass by themselves."""
SOON = timedelta(seconds=5)
ITSELF = "The Notifications service itself is failing."
UNCONFIRMED = "Sent. No channel confirmed the delivery."


class WorkerChannel:
    """Hands letters to the Notifications service, one job a site."""

    def __init__(self, scope: Scope, jobs: Jobs) -> None:
        self._scope = scope
        self._jobs = jobs

    async def hand_over(self, letters: Sequence[Handed]) -> int:
        """Start the jobs that carry them; how many letters are on their way."""
        own = [each for each in letters if _is_own(each[2])]
        for row, _, _ in own:
            await self._keep(row, ITSELF)
        others = [each for each in letters if not _is_own(each[2])]
        sites = {each[0]["id"]: await self._site_of(each[2]) for each in others}
        taken = 0
        for site_id in dict.fromkeys(sites.values()):
            mine = [each for each in others if sites[each[0]["id"]] == site_id]
            taken += await self._start(site_id, mine[:MOST_MESSAGES])
        return taken

    async def settle(self, now: datetime) -> None:
        """Note what became of the letters that jobs carry."""
        for row in await outbox.carried(self._scope.pool):
            if row["status"] in ("queued", "running"):
                continue
            if row["status"] == "success" or (row["status"] == "partial" and row["proved"]):
                await outbox.confirm(self._scope.pool, [row["id"]], now)
            elif row["status"] == "partial":
                await outbox.confirm(self._scope.pool, [row["id"]], now, UNCONFIRMED)
            else:
                due = now + pause(row["attempts"])
                await outbox.fail(self._scope.pool, row["id"], _failure(row), due)

    async def _site_of(self, below: Sequence[Record]) -> UUID | None:
        """The site whose recipients are told: the first below the alert; of others the first by name."""
        if below:
            return below[0]["site_id"]
        sites = await self._scope.sites()
        return sites[0].id if sites else None

    async def _start(self, site_id: UUID | None, letters: Sequence[Handed]) -> int:
        if site_id is None:
            for row, _, _ in letters:
                await self._keep(row, "There is no site whose recipients could be told.")
            return 0
        ids = [one for row, _, _ in letters for one in (row["id"], *row["later"])]
        payload: dict[str, Any] = {"messages": [_message(each) for _, each, _ in letters]}
        try:
            await self._jobs.start(
                "full", site_id, ALERTS, CHANNEL, payload=payload, before_commit=_carrying(ids)
            )
        except Problem as problem:
            for row, _, _ in letters:
                await self._keep(row, "" if problem.code in LATER else _why(problem))
            return 0
        return len(letters)

    async def _keep(self, row: Row, fault: str) -> None:
        """Try it again later; soon, where nothing is wrong but that another job is under way."""
        wait = pause(row["attempts"]) if fault else SOON
        await outbox.fail(self._scope.pool, row["id"], fault, self._scope.clock() + wait)


def _is_own(below: Sequence[Record]) -> bool:
    """Whether the alert says that this channel's own service fails."""
    return bool(below) and all(row["service_slug"] == CHANNEL for row in below)


def _message(one: Letter) -> dict[str, Any]:
    """A letter as the notifications worker takes it; by its `key` it goes out once."""
    return {"subject": one.subject, "text": one.text, "key": one.id}


def _carrying(ids: Sequence[int]) -> StartHook:
    """Marks the deliveries together with the start; undoes it where they are not all ours."""

    async def hook(connection: Connection, job_id: UUID, is_new: bool) -> None:
        if not is_new:
            raise Problem("job_open", "Other messages are being delivered.", "Look again.")
        if await outbox.hand_over(connection, ids, job_id) != len(ids):
            raise Problem("try_again", "Some of them are not to be said any more.", "Look again.")

    return hook


def _failure(row: Row) -> str:
    """In the words of the run that should have delivered it."""
    if row["reason"] is None:
        return "The test job that carried it did not end, or was deleted."
    detail = f": {row['detail']}" if row["detail"] else ""
    return f"{Reason(row['reason']).label}{detail}"


def _why(problem: Problem) -> str:
    """The reason of the one service that was asked for, else the problem's own words."""
    details: Any = problem.details
    if not isinstance(details, list) or not details:
        return f"no channel is available. {problem.message}"
    return f"no channel is available. {details[0]['displayName']}: {details[0]['reason']}"
