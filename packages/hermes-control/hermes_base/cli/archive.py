"""`hermes backup` and `hermes restore`: database, evidence and keys of an installation in one archive."""

import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from hermes_base import __version__
from hermes_base.cli.console import err, out, plain
from hermes_base.problems import Problem
from hermes_base.settings import Settings, load

FORMAT = 1
DUMP, MANIFEST, HOME = "database.dump", "hermes.json", "home"
FOLDERS = ("evidence", "secrets", "fleet")
"""Below the home; logs, addresses and locks are of this run, and the database is dumped."""
File = Annotated[Path, typer.Argument(help="The archive, such as hermes.tar.gz.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command()(backup)
    app.command()(restore)


def backup(file: File) -> None:
    """Write database, evidence and keys into one archive. Hermes may go on working meanwhile.

    Who has the archive has every key in it: keep it as you keep passwords.
    """
    import asyncio

    from hermes_base.postgres.opening import borrowed_database

    settings = load()
    if file.exists():
        raise Problem("archive_unusable", f"{file} exists already.", "Name another file.")

    async def dumping() -> None:
        async with borrowed_database(settings):
            await asyncio.to_thread(_write, settings, file)

    asyncio.run(dumping())
    out.print(f"Backup of {plain(settings.home)}: {plain(file)}, {file.stat().st_size} bytes")


def restore(file: File) -> None:
    """Bring an archive back, into an empty home and an empty database."""
    import asyncio

    from hermes_base.home import hold_home
    from hermes_base.postgres.opening import own_database

    settings = load()
    with hold_home(settings, "hermes restore"), tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = _unpacked(file, folder)
        _require_empty(settings)
        server = own_database(settings)
        try:
            asyncio.run(_restored(settings, folder))
        finally:
            if server is not None and server.owned:
                server.stop()
    out.print(f"Restored what Hermes {plain(made['version'])} wrote at {plain(made['at'])}.")


def _write(settings: Settings, file: Path) -> None:
    """The archive, whole or not at all. The dump comes first: files that are newer hurt nobody."""
    from hermes_base.postgres import programs

    scratch = file.with_name(f"{file.name}.{os.getpid()}")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with tempfile.TemporaryDirectory() as folder:
            dump = Path(folder) / DUMP
            programs.dump(_address(settings), dump)
            (Path(folder) / MANIFEST).write_text(json.dumps(_manifest()))
            with os.fdopen(handle, "wb") as written:
                with tarfile.open(fileobj=written, mode="w:gz") as archive:
                    archive.add(Path(folder) / MANIFEST, MANIFEST)
                    archive.add(dump, DUMP)
                    for path in _files(settings):
                        _add(archive, path, f"{HOME}/{path.relative_to(settings.home)}", folder)
                written.flush()
                os.fsync(written.fileno())
        scratch.rename(file)
    finally:
        scratch.unlink(missing_ok=True)


def _manifest() -> dict[str, Any]:
    return {"format": FORMAT, "version": __version__, "at": datetime.now(UTC).isoformat()}


def _files(settings: Settings) -> Iterator[Path]:
    yield from (file for file in settings.secret_files if file.is_file())
    for name in FOLDERS:
        yield from (path for path in sorted((settings.home / name).rglob("*")) if path.is_file())


def _add(archive: tarfile.TarFile, path: Path, name: str, scratch: str) -> None:
    """A file; of an SQLite database a copy of one moment, and not its journals."""
    if path.name.endswith(("-wal", "-shm", "-journal")):
        return
    if path.suffix in (".sqlite3", ".sqlite", ".db"):
        copy = Path(scratch) / "copy.sqlite3"
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        path = copy
    try:
        archive.add(path, name)
    except FileNotFoundError:  # evidence that was pruned meanwhile
        err.print(f"[dim]gone meanwhile: {plain(name)}[/]")


def _unpacked(file: Path, folder: Path) -> dict[str, Any]:
    """The archive's files in a folder, and what it says of itself. Raises `archive_unusable`."""
    try:
        with tarfile.open(file, "r:*") as archive:
            archive.extractall(folder, filter="data")
        made: object = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, tarfile.TarError, ValueError, EOFError) as error:
        message = f"{file} is no whole archive of Hermes: {type(error).__name__}."
        raise Problem("archive_unusable", message, "Take another one.") from None
    found = cast("dict[str, Any]", made if isinstance(made, dict) else {})
    if found.get("format") != FORMAT:
        message = f"{file} is an archive of a kind that Hermes {__version__} does not know."
        raise Problem("archive_unusable", message, "Restore it with the Hermes that wrote it.")
    return found


def _require_empty(settings: Settings) -> None:
    if taken := [file for file in settings.secret_files if file.exists()]:
        message = f"{settings.home} is the home of a Hermes already: it holds {taken[0].name}."
        raise Problem("archive_unusable", message, "Set HERMES_HOME to a new folder.")


async def _restored(settings: Settings, folder: Path) -> None:
    from hermes_base.home import close_home
    from hermes_base.postgres import programs
    from hermes_base.postgres.opening import connect, migrate

    pool = await connect(settings, size=1)
    try:
        version = int(await pool.fetchval("show server_version_num"))
        tables = await pool.fetchval(
            "select count(*) from pg_tables where schemaname = current_schema()"
        )
    finally:
        await pool.close()
    if tables:
        message = f"The database is not empty: it has {tables} tables."
        raise Problem("archive_unusable", message, "Restore into a new database.")
    programs.restore(_address(settings), folder / DUMP, version)
    await migrate(settings)  # what an older Hermes wrote is brought to this one's schema
    if (folder / HOME).exists():
        shutil.copytree(folder / HOME, settings.home, dirs_exist_ok=True)
    close_home(settings)


def _address(settings: Settings) -> str:
    """Past a pooler, which dumps do not go through."""
    from hermes_base.postgres.opening import database_url

    return settings.database_direct_url or database_url(settings)
