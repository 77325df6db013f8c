"""The two kinds of runs: a smoke test on a repository of its own, and the approved changes of a site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hermes_fleet import hermes_api
from hermes_fleet.site_executor.change import Change
from hermes_fleet.site_executor.edits import Edited
from hermes_fleet.site_executor.hosts import Host, host_of
from hermes_fleet.site_executor.proposing import Proposal, pages_of, propose
from hermes_fleet.site_executor.repository import Repository
from hermes_fleet.site_executor.smoke_change import smoke_change
from hermes_fleet.site_executor.taking_back import TakenBack, take_back
from hermes_worker import Job, Missing, Result, WorkerError
from hermes_worker.result import Provenance

OUTPUTS = ("pr_created", "changes_applied", "rollback_available")
ARTIFACT = "site_changes"
MOST_KEPT = 200
STEPS = 4
NOTHING = "No approved change is waiting. Approve at least one under Changes of this site."
NOT_HERE = (
    "The changes that people approved are read from Hermes, and this run names no site of it."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What earlier runs proposed, newest last: carried from run to run."""

    proposals: list[dict[str, Any]]

    @classmethod
    def of(cls, earlier: Sequence[hermes_api.EarlierRun]) -> "Kept":
        """Of all runs that kept something: what one of them took back is taken back."""
        found: dict[str, dict[str, Any]] = {}
        for run in reversed(earlier):
            for each in run.artifacts.get(ARTIFACT, {}).get("proposals", []):
                known = found.setdefault(str(each["url"]), dict(each))
                known["rolled_back"] = known["rolled_back"] or each["rolled_back"]
        return cls(list(found.values()))

    @property
    def changes(self) -> set[str]:
        """Every change that was proposed before, whatever became of it."""
        return {change for each in self.proposals for change in each["changes"]}

    def artifact(self) -> dict[str, Any]:
        return {ARTIFACT: {"proposals": self.proposals[-MOST_KEPT:]}}


class Work:
    """One run."""

    def __init__(self, job: Job, site: str, repository: str) -> None:
        self._job, self._site, self._repository = job, site, repository

    async def smoke(self) -> Result:
        """Propose one change to the repository for smoke tests, close the request, take the branch away."""
        async with host_of(self._site, self._repository, smoke=True) as host:
            await self._step(0, "fetching the repository")
            repository, onto = await self._cloned(host)
            files, _ = await pages_of(repository, await repository.head(onto))
            await self._step(1, "proposing")
            made = await propose(
                host,
                repository,
                onto,
                self._branch("smoke"),
                [smoke_change(files, self._job.id, datetime.now(UTC))],
            )
            if isinstance(made, Edited):
                raise WorkerError(
                    "outputs_missing",
                    f"The repository for smoke tests does not fit: {made.left[0][1]}",
                )
            await self._step(3, "closing")
            closed = await host.close(made.request.number)
            await host.drop(made.branch)
            metrics = {
                "items": 1,
                "closed": closed.state == "closed",
                "repository": host.repository,
            }
            return _result(made, host.provenance, Kept([]), metrics)

    async def full(self) -> Result:
        """What waits to be taken back first; else all approved changes that no earlier run proposed."""
        if self._job.site_id is None:
            raise WorkerError("missing_config", NOT_HERE)
        path = f"/api/sites/{self._job.site_id}/changes"
        approved = await hermes_api.get(list[Change], path, {"state": "approved"})
        kept = Kept.of(
            await hermes_api.earlier_runs("site_executor", self._job.site_id, "full", 50) or []
        )
        back = {change.id for change in approved if change.roll_back}
        waiting = [
            each
            for each in kept.proposals
            if not each["rolled_back"] and back & set(each["changes"])
        ]
        new = [each for each in approved if not each.roll_back and each.id not in kept.changes]
        if not waiting and not new:
            return _nothing(kept)
        async with host_of(self._site, self._repository, smoke=False) as host:
            await self._step(0, "fetching the repository")
            repository, onto = await self._cloned(host)
            if waiting:
                return await self._take_back(host, repository, onto, kept, waiting[0])
            await self._step(1, "proposing")
            made = await propose(host, repository, onto, self._branch("changes"), new)
            if isinstance(made, Edited):
                return _all_left(made, kept)
            kept.proposals.append(made.record())
            return _result(made, host.provenance, kept, {"items": len(made.edited.made)})

    async def _take_back(
        self, host: Host, repository: Repository, onto: str, kept: Kept, record: dict[str, Any]
    ) -> Result:
        await self._step(1, "taking back")
        done = await take_back(host, repository, onto, record)
        record["rolled_back"] = True
        return _taken_back(done, record, host.provenance, kept)

    async def _cloned(self, host: Host) -> tuple[Repository, str]:
        remote, onto = await host.facts()
        return await Repository.cloned(self._job.folder / "clone", remote), onto

    def _branch(self, kind: str) -> str:
        """The same in every life of a job, so that a run that is resumed replaces its own branch."""
        return f"hermes/{kind}-{self._job.id[:36]}"

    async def _step(self, done: int, phase: str) -> None:
        await self._job.progress(done, STEPS, unit="steps", phase=phase)


def _result(made: Proposal, provenance: Provenance, kept: Kept, metrics: dict[str, Any]) -> Result:
    items = [_item(change, name, made.request.url) for change, name in made.edited.made]
    left = [{"id": change.id, "page": change.page, "why": why} for change, why in made.edited.left]
    outputs: dict[str, Any] = {
        "pr_created": made.request.url,
        "changes_applied": {
            "count": len(items),
            "items": items,
            "complete": not left,
            "left": left,
        },
    }
    gaps: dict[str, Missing] = {}
    if made.revertible:
        outputs["rollback_available"] = True
    else:
        gaps["rollback_available"] = Missing(
            "outputs_missing", "The files before the change could not be restored byte for byte."
        )
    artifacts = {**kept.artifact(), "diff": made.diff}
    return Result(
        outputs,
        dict.fromkeys(outputs, provenance),
        {**metrics, "base": made.base, "commit": made.commit},
        gaps,
        artifacts,
    )


def _item(change: Change, name: str, url: str) -> dict[str, Any]:
    return {
        "id": change.id, "page": change.page, "file": name, "kind": change.kind, "target": change.target or None,
        "before": change.before, "after": change.after, "approved_by": change.approved_by, "request": url,
    }  # fmt: skip


def _taken_back(
    done: TakenBack, record: dict[str, Any], provenance: Provenance, kept: Kept
) -> Result:
    items = [{"id": each, "undoes": record["url"], "how": done.how} for each in record["changes"]]
    outputs: dict[str, Any] = {
        "pr_created": done.request.url,
        "changes_applied": {"count": len(items), "items": items, "complete": True},
        "rollback_available": True,
    }
    metrics = {"items": len(items), "taken_back": record["number"], "how": done.how}
    return Result(outputs, dict.fromkeys(outputs, provenance), metrics, {}, kept.artifact())


def _all_left(edited: Edited, kept: Kept) -> Result:
    """Nothing fits: an honest empty list, and the first reason."""
    left = [{"id": change.id, "page": change.page, "why": why} for change, why in edited.left]
    applied = {"count": 0, "items": [], "complete": False, "left": left}
    gap = Missing(
        "contradicted", f"None of the {len(left)} approved changes fits. {edited.left[0][1]}"
    )
    return _without(applied, gap, kept)


def _nothing(kept: Kept) -> Result:
    return _without(
        {"count": 0, "items": [], "complete": True}, Missing("outputs_missing", NOTHING), kept
    )


def _without(applied: dict[str, Any], gap: Missing, kept: Kept) -> Result:
    return Result(
        {"changes_applied": applied},
        {"changes_applied": "measured"},
        {"items": 0},
        {"pr_created": gap, "rollback_available": gap},
        kept.artifact(),
    )
