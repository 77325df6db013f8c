"""A clone of the site's repository, worked on by the git program.

Nothing of the machine's or the person's git settings is read, no hook runs, and nothing is asked at a terminal.
The token is given to git in its environment: a command line can be read by everyone on the machine.
"""

import asyncio
import os
import shutil
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hermes_worker import WorkerError

AUTHOR = ("Hermes", "hermes@localhost")
SECONDS = 90.0
MOST_BYTES = 4 * 1024 * 1024
"""Of one page; larger files are none that people write."""
REGULAR = ("100644", "100755")


def git_fault() -> str:
    """Why there is no git here; empty when there is."""
    return "" if shutil.which("git") else "Install the program git on the worker's machine."


@dataclass(frozen=True, slots=True)
class Remote:
    """Where a repository is fetched from and pushed to. `local`: a folder of this machine may be named."""

    address: str
    user: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    local: bool = False

    def environment(self) -> dict[str, str]:
        """What git is told."""
        settings = {"core.hooksPath": os.devnull, "core.symlinks": "false", "core.autocrlf": "false",
                    "protocol.allow": "never", "protocol.https.allow": "always", "gc.auto": "0"}  # fmt: skip
        if self.local:
            settings |= {"protocol.file.allow": "always", "protocol.http.allow": "always"}
        if self.token:
            basic = b64encode(f"{self.user}:{self.token}".encode()).decode()
            settings[f"http.{self.address}.extraHeader"] = f"Authorization: Basic {basic}"
        told = {"GIT_CONFIG_COUNT": str(len(settings))}
        for number, (name, value) in enumerate(settings.items()):
            told |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        name, email = AUTHOR
        return told | {
            "PATH": os.environ.get("PATH", os.defpath), "HOME": os.devnull, "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email,
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": email,
        }  # fmt: skip


class Repository:
    """A bare clone: files are read from commits and written as commits, never as files of this machine."""

    def __init__(self, folder: Path, remote: Remote) -> None:
        self._folder, self._remote = folder, remote

    @classmethod
    async def cloned(cls, folder: Path, remote: Remote) -> "Repository":
        """All branches with their history. WorkerError when it cannot be had."""
        await asyncio.to_thread(_emptied, folder)
        found = cls(folder, remote)
        await found._git("clone", "--quiet", "--mirror", remote.address, ".")
        return found

    async def head(self, branch: str) -> str:
        """The newest commit of a branch. WorkerError when there is no such branch."""
        return (
            (await self._git("rev-parse", "--verify", f"refs/heads/{branch}^{{commit}}"))
            .decode()
            .strip()
        )

    async def files(self, commit: str) -> dict[str, str]:
        """Name -> blob of every regular file; links and submodules are left out."""
        listing = await self._git("ls-tree", "-r", "-z", "--full-tree", commit)
        found: dict[str, str] = {}
        for line in listing.decode("utf-8", "surrogateescape").split("\0"):
            facts, _, name = line.partition("\t")
            if name and facts.split()[0] in REGULAR:
                found[name] = facts.split()[2]
        return found

    async def read(self, blobs: Mapping[str, str]) -> dict[str, bytes]:
        """The content of these blobs by name; what is larger than MOST_BYTES is left out."""
        names = list(blobs)
        asked = "".join(f"{blobs[name]}\n" for name in names).encode()
        sizes = (await self._git("cat-file", "--batch-check=%(objectsize)", given=asked)).split()
        small = [name for name, size in zip(names, sizes, strict=True) if int(size) <= MOST_BYTES]
        asked = "".join(f"{blobs[name]}\n" for name in small).encode()
        return dict(
            zip(small, _contents(await self._git("cat-file", "--batch", given=asked)), strict=True)
        )

    async def commit(self, parent: str, changed: Mapping[str, bytes | None], message: str) -> str:
        """A commit on top of another with these files changed (None: taken away); modes stay as they are."""
        modes = await self._modes(parent)
        lines: list[str] = []
        for name, content in changed.items():
            if content is None:
                lines.append(f"0 {'0' * 40}\t{name}\0")
                continue
            blob = (await self._git("hash-object", "-w", "--stdin", given=content)).decode().strip()
            lines.append(f"{modes.get(name, REGULAR[0])} {blob}\t{name}\0")
        await self._git("read-tree", parent)
        given = "".join(lines).encode("utf-8", "surrogateescape")
        await self._git("update-index", "-z", "--index-info", given=given)
        tree = (await self._git("write-tree")).decode().strip()
        made = await self._git("commit-tree", tree, "-p", parent, "-F", "-", given=message.encode())
        return made.decode().strip()

    async def tree(self, commit: str) -> str:
        """The name of a commit's tree: equal names are equal bytes, names and modes."""
        return (await self._git("rev-parse", f"{commit}^{{tree}}")).decode().strip()

    async def diff(self, one: str, other: str) -> str:
        """What changed between two commits, as `git diff` shows it."""
        found = await self._git("diff", "--no-color", "--no-ext-diff", "--no-textconv", one, other)
        return found.decode("utf-8", "replace")

    async def push(self, commit: str, branch: str) -> None:
        """Make a commit a branch of the remote; one of ours that is there is replaced."""
        await self._git(
            "push", "--quiet", "--force", self._remote.address, f"{commit}:refs/heads/{branch}"
        )

    async def fetch(self, commit: str) -> bool:
        """Whether a commit can be had, also one that no branch holds any more."""
        with suppress(WorkerError):
            await self._git("cat-file", "-e", f"{commit}^{{commit}}")
            return True
        with suppress(WorkerError):
            await self._git("fetch", "--quiet", self._remote.address, commit)
            return True
        return False

    async def _modes(self, commit: str) -> dict[str, str]:
        listing = (await self._git("ls-tree", "-r", "-z", "--full-tree", commit)).decode(
            "utf-8", "surrogateescape"
        )
        lines = (line.partition("\t") for line in listing.split("\0") if line)
        return {name: facts.split()[0] for facts, _, name in lines}

    async def _git(self, *words: str, given: bytes | None = None) -> bytes:
        pipe = asyncio.subprocess.PIPE
        # Without anything to read git gets no pipe: it may end before one could be closed.
        process = await asyncio.create_subprocess_exec(
            "git", *words, cwd=self._folder, env=self._remote.environment(),
            stdin=asyncio.subprocess.DEVNULL if given is None else pipe, stdout=pipe, stderr=pipe,
        )  # fmt: skip
        try:
            async with asyncio.timeout(SECONDS):
                out, trouble = await process.communicate(given)
        except TimeoutError:
            raise WorkerError(
                "read_timeout", f"git {words[0]} took longer than {SECONDS:.0f} s."
            ) from None
        finally:
            if process.returncode is None:
                process.kill()
        if process.returncode:
            raise self._failure(words[0], trouble.decode("utf-8", "replace"))
        return out

    def _failure(self, word: str, trouble: str) -> WorkerError:
        line = " ".join(trouble.split())[-300:]
        if self._remote.token:
            line = line.replace(self._remote.token, "[hidden]")
        signs = (("Authentication failed", "auth_401"), (" 403", "forbidden_403"), ("not found", "wrong_endpoint_404"),
                 ("Could not resolve", "dns"), ("denied", "forbidden_403"))  # fmt: skip
        reason = next((reason for sign, reason in signs if sign in line), "worker_failed")
        return WorkerError(reason, f"git {word}: {line}")


def _emptied(folder: Path) -> None:
    """An empty folder for a clone; what an earlier life of the job left there is gone."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


def _contents(stream: bytes) -> list[bytes]:
    """The blobs in the answer of `cat-file --batch`: a line with the size, then the bytes and a line break."""
    found, place = list[bytes](), 0
    while place < len(stream):
        line = stream.index(b"\n", place)
        size = int(stream[place:line].split()[2])
        found.append(stream[line + 1 : line + 1 + size])
        place = line + size + 2
    return found
