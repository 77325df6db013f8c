"""Git repositories on disk, and the pull requests that were asked for them."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

State: TypeAlias = Literal["open", "closed", "merged"]
SITE, SMOKE = "juniper-dental/website", "juniper-dental/hermes-smoke"
BRANCH = "main"
HOME = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>Juniper Dental</title>
  <meta name="description" content="A dental practice at Maple Quay and Cedar Mills.">
</head>
<body>
  <h1>Juniper Dental</h1>
  <p><a href="/about.html">About us</a></p>
</body>
</html>
"""
ABOUT = """<!doctype html>
<html lang="en">
<head><title>About us</title></head>
<body><p><img src="/team.svg"> <a href="/">Home</a></p></body>
</html>
"""
FILES = {
    "index.html": HOME,
    "about.html": ABOUT,
    "team.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    "_redirects": "/team /about.html 301\n",
}
ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "Juniper",
    "GIT_AUTHOR_EMAIL": "web@juniper.example", "GIT_COMMITTER_NAME": "Juniper",
    "GIT_COMMITTER_EMAIL": "web@juniper.example", "GIT_AUTHOR_DATE": "2026-01-05T09:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-05T09:00:00Z",
}  # fmt: skip


@dataclass(slots=True)
class Request:
    """A pull request. `state` changes; the rest stands."""

    number: int
    branch: str
    onto: str
    title: str
    body: str
    state: State = "open"


@dataclass(slots=True)
class Repositories:
    """Bare repositories by `owner/name` below one folder, which is made by `open` and goes with `close`."""

    folder: Path = Path()
    requests: dict[str, list[Request]] = field(default_factory=dict[str, list[Request]])

    def open(self) -> None:
        """Make the demo's repositories, once. Without the program git there are none, and the hosts know none."""
        if shutil.which("git") and not self.requests:
            self.folder = Path(tempfile.mkdtemp(prefix="hermes-git-"))
            for name in (SITE, SMOKE):
                self.make(name, {path: text.encode() for path, text in FILES.items()})

    def close(self) -> None:
        """Take everything away."""
        if self.requests:
            shutil.rmtree(self.folder, ignore_errors=True)

    def make(self, name: str, files: dict[str, bytes]) -> None:
        """A repository with one commit of these files."""
        place = self.folder / f"{name}.git"
        place.mkdir(parents=True)
        self._git(name, "init", "--quiet", "--bare", f"--initial-branch={BRANCH}")
        self.requests[name] = []
        self.commit(name, files)

    def commit(self, name: str, files: dict[str, bytes]) -> str:
        """The newest commit of the main branch with these files changed; its name."""
        lines = b""
        for path, content in files.items():
            blob = self._git(name, "hash-object", "-w", "--stdin", given=content).strip()
            lines += b"100644 " + blob + b"\t" + path.encode() + b"\0"
        parents: list[str] = []
        if self.head(name):
            self._git(name, "read-tree", BRANCH)
            parents = ["-p", self.head(name)]
        self._git(name, "update-index", "-z", "--index-info", given=lines)
        tree = self._git(name, "write-tree").decode().strip()
        made = (
            self._git(name, "commit-tree", tree, *parents, "-m", "Change the site").decode().strip()
        )
        self._git(name, "update-ref", f"refs/heads/{BRANCH}", made)
        return made

    def head(self, name: str, branch: str = BRANCH) -> str:
        """The newest commit of a branch; empty when there is none."""
        found = self._git(name, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
        return found.decode().strip()

    def tree(self, name: str, commit: str = BRANCH) -> str:
        """The name of a tree: equal names are equal bytes."""
        return self._git(name, "rev-parse", f"{commit}^{{tree}}").decode().strip()

    def read(self, name: str, path: str, commit: str = BRANCH) -> bytes:
        """One file as it is."""
        return self._git(name, "cat-file", "blob", f"{commit}:{path}")

    def changed(self, name: str, branch: str) -> list[str]:
        """Names of the files in which a branch differs from the main one."""
        found = self._git(name, "diff", "--name-only", BRANCH, branch)
        return found.decode().split()

    def ask(self, name: str, branch: str, onto: str, title: str, body: str) -> Request | None:
        """A new request; None when a branch is missing or the two do not differ."""
        head = self.head(name, branch)
        if not head or not self.head(name, onto) or head == self.head(name, onto):
            return None
        made = Request(len(self.requests[name]) + 1, branch, onto, title, body)
        self._git(name, "update-ref", f"refs/pull/{made.number}/head", head)
        self.requests[name].append(made)
        return made

    def merge(self, name: str, number: int) -> None:
        """What a person does with the button: the branch becomes the main one by a merge commit."""
        request = self.requests[name][number - 1]
        head, main = self.head(name, request.branch), self.head(name)
        tree = self._git(name, "merge-tree", "--write-tree", main, head).decode().split()[0]
        made = (
            self._git(name, "commit-tree", tree, "-p", main, "-p", head, "-m", "Merge")
            .decode()
            .strip()
        )
        self._git(name, "update-ref", f"refs/heads/{BRANCH}", made)
        request.state = "merged"

    def drop(self, name: str, branch: str) -> bool:
        """Whether there was such a branch to take away."""
        if branch == BRANCH or not self.head(name, branch):
            return False
        self._git(name, "update-ref", "-d", f"refs/heads/{branch}")
        return True

    def _git(self, name: str, *words: str, given: bytes = b"") -> bytes:
        done = subprocess.run(
            ["git", *words],  # noqa: S607 - the one on the path
            cwd=self.folder / f"{name}.git", input=given, capture_output=True, check=True,
            env={"PATH": os.environ.get("PATH", os.defpath), **ENVIRONMENT},
        )  # fmt: skip
        return done.stdout
