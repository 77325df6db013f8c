"""Taking a proposal back: an open one is closed, a merged one is undone by another pull request."""

from dataclasses import dataclass
from typing import Any

from hermes_fleet.site_executor.hosts import Host, Request
from hermes_fleet.site_executor.repository import Repository
from hermes_worker import WorkerError

CONFLICT = (
    "The main branch has moved on: {name} was changed again after the proposal was merged, so it cannot be"
    " undone automatically. Revert the pull request by hand."
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """`request`: the one that was closed, or the new one that undoes. `how`: closed, undone, or nothing to do."""

    request: Request
    how: str
    files: list[str]


async def take_back(
    host: Host, repository: Repository, onto: str, record: dict[str, Any]
) -> TakenBack:
    """Undo a recorded proposal. WorkerError when its files were changed since."""
    request = await host.find(int(record["number"]))
    if request.state == "open":
        closed = await host.close(request.number)
        await host.drop(str(record["branch"]))
        return TakenBack(closed, "closed", [])
    if request.state == "closed":
        return TakenBack(request, "nothing to do", [])
    return await _undo(host, repository, onto, record)


async def _undo(host: Host, repository: Repository, onto: str, record: dict[str, Any]) -> TakenBack:
    base, commit, names = (
        str(record["base"]),
        str(record["commit"]),
        [str(n) for n in record["files"]],
    )
    if not (await repository.fetch(base) and await repository.fetch(commit)):
        raise WorkerError(
            "outputs_missing", "The state before the change is no longer in the repository."
        )
    head = await repository.head(onto)
    now, changed, old = (
        await repository.files(head),
        await repository.files(commit),
        await repository.files(base),
    )
    for name in names:
        if now.get(name) != changed.get(name):
            raise WorkerError("contradicted", CONFLICT.format(name=name))
    contents: dict[str, bytes | None] = dict.fromkeys(names)
    contents |= await repository.read({name: old[name] for name in names if name in old})
    title = f"Undo pull request {record['number']}"
    undone = await repository.commit(head, contents, f"{title}\n")
    branch = f"{record['branch']}-undo"
    await repository.push(undone, branch)
    return TakenBack(
        await host.open(branch, onto, title, f"Restores {len(names)} files as they were."),
        "undone",
        names,
    )
