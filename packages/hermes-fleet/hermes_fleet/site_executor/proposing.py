"""From approved changes to a pull request: edit, walk the changed site, commit, push, ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hermes_fleet.site_executor.built import walk
from hermes_fleet.site_executor.change import Change
from hermes_fleet.site_executor.edits import Edited, edit
from hermes_fleet.site_executor.hosts import Host, Request
from hermes_fleet.site_executor.redirects import NAME
from hermes_fleet.site_executor.repository import Repository
from hermes_fleet.site_executor.sources import HTML, MARKDOWN
from hermes_worker import WorkerError

MOST_DIFF = 200_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was asked for. `base` and `commit`: the state before and after; `edited`: what was made and left."""

    request: Request
    branch: str
    base: str
    commit: str
    diff: str
    edited: Edited
    revertible: bool

    def record(self) -> dict[str, Any]:
        """What a later run needs to take it back."""
        return {
            "number": self.request.number, "url": self.request.url, "branch": self.branch,
            "base": self.base, "commit": self.commit, "files": sorted(self.edited.files),
            "changes": [change.id for change, _ in self.edited.made], "rolled_back": False,
        }  # fmt: skip


async def pages_of(repository: Repository, commit: str) -> tuple[dict[str, str], frozenset[str]]:
    """(text by name of all pages and redirects, names of all files); files that are no UTF-8 are left out."""
    listing = await repository.files(commit)
    wanted = {
        n: blob for n, blob in listing.items() if n.lower().endswith((*HTML, *MARKDOWN, NAME))
    }
    found: dict[str, str] = {}
    for name, content in (await repository.read(wanted)).items():
        try:
            found[name] = content.decode()
        except UnicodeDecodeError:
            continue
    return found, frozenset(listing)


async def propose(
    host: Host, repository: Repository, onto: str, branch: str, changes: Sequence[Change]
) -> Proposal | Edited:
    """A pull request with all changes that fit; without one that does, what was left and why.

    WorkerError `contradicted` when the changed site would be broken: then nothing is proposed.
    """
    base = await repository.head(onto)
    files, names = await pages_of(repository, base)
    edited = edit(files, changes)
    if not edited.files:
        return edited
    if trouble := walk(files | edited.files, names).worse_than(walk(files, names)):
        raise WorkerError(
            "contradicted",
            f"The changed site was walked before it was proposed. {trouble} Nothing was proposed.",
        )
    contents = {name: text.encode() for name, text in edited.files.items()}
    commit = await repository.commit(base, contents, _message(edited))
    revertible = await _can_be_undone(repository, base, commit, edited)
    await repository.push(commit, branch)
    request = await host.open(branch, onto, _title(edited), _body(edited))
    diff = (await repository.diff(base, commit))[:MOST_DIFF]
    return Proposal(request, branch, base, commit, diff, edited, revertible)


async def _can_be_undone(repository: Repository, base: str, commit: str, edited: Edited) -> bool:
    """Proved by doing it: the old files on top of the change are the old tree, byte for byte."""
    listing = await repository.files(base)
    old = await repository.read({name: listing[name] for name in edited.files})
    undone = await repository.commit(commit, old, "Undo")
    return await repository.tree(undone) == await repository.tree(base)


def _title(edited: Edited) -> str:
    count, pages = len(edited.made), len({change.path for change, _ in edited.made})
    return f"{count} approved {'change' if count == 1 else 'changes'} on {pages} {'page' if pages == 1 else 'pages'}"


def _message(edited: Edited) -> str:
    lines = [
        f"- {name}: {change.kind} (approved by {change.approved_by})"
        for change, name in edited.made
    ]
    return "\n".join((_title(edited), "", *lines, ""))


def _body(edited: Edited) -> str:
    rows = [
        f"- `{name}`: {change.kind}, approved by {_plain(change.approved_by)} on {change.approved_at:%Y-%m-%d}"
        for change, name in edited.made
    ]
    end = "Hermes made exactly these changes and walked the changed site: no page is lost and no new link leads nowhere."
    return "\n".join((*rows, "", end))


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isalnum() or each in " .@+-_")
