"""A copy of the checkout in which mutants live: the checkout itself is never written to."""

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tools.mutants.mutant import Mutant
from tools.mutants.nearest import TREES


@dataclass(frozen=True, slots=True)
class Copy:
    """A folder with every file that git knows or would add."""

    root: Path
    _times: "count[int]" = field(default_factory=lambda: count(1_000_000_000))

    @property
    def paths(self) -> list[str]:
        """What a program that runs this copy must look for modules in, before anything installed."""
        return [str(self.root), *(str(self.root / "packages" / tree) for tree in TREES)]

    @contextmanager
    def with_fault(self, mutant: Mutant) -> Generator[None]:
        """The mutant in its file, and afterwards the file as it was.

        Python takes compiled bytes for good by the time and size of their source: each state has a time of its own.
        """
        file = self.root / mutant.path
        content = file.read_bytes()
        try:
            self._write(file, mutant.edit.applied(content))
            yield
        finally:
            self._write(file, content)

    def _write(self, file: Path, content: bytes) -> None:
        file.write_bytes(content)
        time = next(self._times)
        os.utime(file, (time, time))


def make_copy(checkout: Path, root: Path) -> Copy:
    """Copy a checkout, changes that are not committed included, to a new folder `root`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=checkout, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (checkout / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(checkout / name, root / name)
    (root / ".venv").symlink_to(checkout / ".venv")
    return Copy(root)
