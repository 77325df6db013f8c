"""The four distributions as wheels, and environments into which they are installed as anybody would."""

import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT

DISTRIBUTIONS = ("hermes-worker", "hermes-control", "hermes-fleet", "hermes-sandbox")
UV = shutil.which("uv") or shutil.which("uv", path=ROOT / ".tools" / "bin")


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own; commands run in a folder from which nothing of the checkout is seen."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def install(self, *arguments: str | Path, inside: Path | None = None) -> None:
        """`pip install` with these arguments, by uv where there is one. Raises with what it said."""
        words = [str(argument) for argument in arguments]
        pip = [UV, "pip", "install", "--python", self.python, "--quiet"]
        if UV is None:
            pip = [self.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        ended = run([*map(str, pip), *words], inside or self.folder)
        assert ended.returncode == 0, ended.stderr

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """A program of this environment, by its name below bin/."""
        return run([str(self.folder / "bin" / words[0]), *map(str, words[1:])], self.folder)

    def lacks(self, *modules: str) -> bool:
        """Whether none of these can be imported here."""
        program = (
            f"from importlib.util import find_spec as f; print([m for m in {modules} if f(m)])"
        )
        return self.run("python", "-c", program).stdout.strip() == "[]"


def run(command: list[str], inside: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=inside, capture_output=True, text=True, check=False)


def empty_environment(folder: Path) -> Environment:
    """One in which nothing is installed, pip only where uv is not to be had."""
    venv.create(folder, with_pip=UV is None, symlinks=True)
    return Environment(folder)


def build_wheels(folder: Path) -> Mapping[str, Path]:
    """The wheels of this checkout in a folder, by the names of their distributions."""
    return {name: build_wheel(name, folder) for name in DISTRIBUTIONS}


def build_wheel(name: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    ended = run(command, ROOT / "packages" / name)
    assert ended.returncode == 0, ended.stderr
    (wheel,) = folder.glob(f"{name.replace('-', '_')}-*.whl")
    return wheel


def pins(requirements: Path, folder: Path) -> Path:
    """A file of constraints with the versions of a hashed file, for an installation of a part of them."""
    found = re.findall(r"^[a-z0-9._-]+==[^\\\n]+", requirements.read_text(), re.MULTILINE)
    (folder / "pins.txt").write_text("\n".join(found))
    return folder / "pins.txt"


def pip_arguments(text: str) -> list[list[str]]:
    """What a file gives to `pip install`, line by line, but for how pip keeps house."""
    found = re.findall(r"pip install ([^\n&;]+)", text.replace("\\\n", " "))
    lines = [[word for word in shlex.split(line) if word != "--no-cache-dir"] for line in found]
    return [line for line in lines if "EXTRAS" not in line[-1]]
