"""pg_dump, pg_restore and psql: the wheel's, or the machine's where the server wants TLS."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from hermes_base.postgres import binaries
from hermes_base.problems import Problem

PLAIN = ("--no-owner", "--no-privileges")
KNOWS_EVERY_SETTING = 170_000
"""pg_restore of PostgreSQL 18 sets `transaction_timeout`, which servers before 17 do not know."""
NEWER_SETTING = b"SET transaction_timeout = 0;\n"


def dump(url: str, file: Path) -> None:
    """The database at `url` into a file that `restore` reads. Raises `archive_unusable`."""
    _run(url, "pg_dump", "--format=custom", *PLAIN, f"--file={file}")


def restore(url: str, file: Path, server_version: int) -> None:
    """A dump into the empty database at `url`, all of it or nothing. Raises `archive_unusable`.

    `server_version` as `show server_version_num` says, such as 150004.
    """
    if server_version >= KNOWS_EVERY_SETTING:
        into = f"--dbname={_variables(url)['PGDATABASE']}"
        _run(url, "pg_restore", *PLAIN, "--exit-on-error", "--single-transaction", into, str(file))
        return
    script = file.with_suffix(".sql")
    _run(url, "pg_restore", *PLAIN, f"--file={script}", str(file))
    _leave_out(script, NEWER_SETTING)
    _run(url, "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}")  # fmt: skip


def _leave_out(script: Path, line: bytes) -> None:
    """Blank a line of the head, where no data stands yet."""
    with script.open("r+b") as file:
        at = file.read(4096).find(line)
        if at >= 0:
            file.seek(at)
            file.write(b" " * (len(line) - 1))


def _run(url: str, name: str, *arguments: str) -> None:
    """The password goes through the environment, where `ps` does not show it."""
    variables = {**os.environ, **_variables(url)}
    ours = str(binaries.installed() / "bin" / name)
    over_tls = variables.get("PGSSLMODE", "disable") not in ("disable", "allow", "prefer")
    program = shutil.which(name) or ours if over_tls else ours  # the wheel's speak no TLS
    done = subprocess.run([program, *arguments], env=variables, capture_output=True, check=False)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-1000:]
        raise Problem("archive_unusable", f"{name} failed: {said}", "See what it says.")


def _variables(url: str) -> dict[str, str]:
    """A URL as the variables that programs of PostgreSQL read."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    found = {
        "PGHOST": query.get("host") or parts.hostname or "",
        "PGPORT": str(parts.port or query.get("port", "")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.strip("/")),
        "PGSSLMODE": query.get("sslmode", ""),
        "PGSSLROOTCERT": query.get("sslrootcert", ""),
    }
    return {name: text for name, text in found.items() if text}
