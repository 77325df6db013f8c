"""The embedded PostgreSQL: the binaries of a wheel, run by us on a socket that only we can open.

PostgreSQL refuses to run as root, so root runs it as `nobody`, with the data and a copy of the
binaries below /var/lib/hermes: no folder of root's home is ever opened to others.
"""

# asyncpg ships no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from hermes_base.postgres import binaries
from hermes_base.postgres.dead_server import bury, lives
from hermes_base.problems import Problem

log = structlog.get_logger()

ROOTS_PLACE = Path("/var/lib/hermes")
LONGEST_SOCKET_FOLDER = 80
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "timezone": "UTC",
}


@dataclass(slots=True)
class Embedded:
    """One embedded server: its folders, and the URL that reaches it. Start and stop are idempotent."""

    folder: Path
    socket: Path
    binaries: Path
    user: str | None
    process: subprocess.Popen[bytes] | None = None
    """Our own child, when this object started the server: it must be reaped."""
    owned: bool = False
    """Whether whoever holds the home started this server, or one before it that was killed, and stops it."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory (PGDATA)."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """How to connect; the socket's folder is open to its owner only."""
        return f"postgresql://hermes@/hermes?host={self.socket}"

    def start(self, options: Sequence[tuple[str, str]] = ()) -> bool:
        """Start unless it runs. True when this call started it. Raises `postgres_failed`."""
        with self._locked():
            if self.pid() is not None:
                return False
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if self.process is not None:
                self.process.poll()  # dead already: reap it
            bury(self.data, self.socket)
            self._launch(options)
            return True

    def own(self) -> None:
        """Stop it at the end, if it was started for this home's holder: by this call's process, or by a
        holder that was killed and left it running. One that somebody else started stays theirs."""
        marker, pid = self.folder / "owner", str(self.pid())
        if self.process is not None:
            marker.write_text(pid)
        self.owned = marker.exists() and marker.read_text() == pid

    def stop(self, seconds: float = 10.0) -> None:
        """Stop in order (fast shutdown), by pid; after `seconds` at once."""
        pid = self.pid()
        if pid is None:
            if self.process is not None:
                self.process.poll()  # dead already: reap it
            return
        os.kill(pid, signal.SIGINT)
        if not self._gone(pid, seconds):
            os.kill(pid, signal.SIGQUIT)
            self._gone(pid, 5.0)

    def revive(self) -> None:
        """Start again after a death; a failure is logged and tried again at the next look."""
        if self.pid() is not None:
            return
        try:
            if self.start():
                self.own()
                log.warning("the embedded PostgreSQL had died and was started again")
        except Problem as problem:
            log.warning("the embedded PostgreSQL does not start", message=problem.message[-300:])

    def pid(self) -> int | None:
        """The postmaster's pid while it really lives; a zombie or a stale pid file does not count."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if lives(pid, self.data) else None

    def _gone(self, pid: int, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not lives(pid, self.data):
                if self.process is not None and self.process.pid == pid:
                    self.process.wait()  # a zombie until then
                return True
            time.sleep(0.02)
        return False

    def _initialise(self) -> None:
        scratch = self.folder / "data.new"
        shutil.rmtree(scratch, ignore_errors=True)
        command = ["initdb", "-D", str(scratch), "-U", "hermes", "--auth=trust", "--encoding=UTF8"]
        self._run([*command, "--locale=C", "--no-instructions"])
        scratch.rename(self.data)  # a killed initdb leaves nothing that looks finished

    def _launch(self, options: Sequence[tuple[str, str]]) -> None:
        settings = {**OPTIONS, "unix_socket_directories": str(self.socket), **dict(options)}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as output:
            process: subprocess.Popen[bytes] = subprocess.Popen(
                [str(self.binaries / "bin" / "postgres"), "-D", str(self.data), *flags],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=self.user,
                group=self._group,
                extra_groups=self._no_groups,
                start_new_session=True,
                cwd="/",
            )
        self.process = process
        self._await_ready(process)
        self._create_database()

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            status = self._pid_line(7)
            if status == "ready" and self._pid_line(0) == str(process.pid):
                return
            if process.poll() is not None:
                break
            time.sleep(0.02)
        tail = (self.folder / "server.log").read_text("utf-8", "replace")[-1500:]
        raise Problem(
            "postgres_failed",
            f"The embedded PostgreSQL did not start: {tail.strip() or 'no message'}",
            f"See {self.folder / 'server.log'}, or set HERMES_DATABASE_URL to your own server.",
        )

    def _pid_line(self, number: int) -> str:
        try:
            return (self.data / "postmaster.pid").read_text().split("\n")[number].strip()
        except (OSError, IndexError):
            return ""

    def _create_database(self) -> None:
        """Made once, at the first start."""
        marker = self.folder / "created"
        if marker.exists():
            return
        import asyncio  # noqa: PLC0415  # only at the very first start

        import asyncpg  # noqa: PLC0415

        async def create() -> None:
            connection = await asyncpg.connect(self.url.replace("/hermes?", "/postgres?"))
            with contextlib.suppress(asyncpg.DuplicateDatabaseError):
                await connection.execute("create database hermes")
            await connection.close()

        asyncio.run(create())
        marker.touch()

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            [str(self.binaries / "bin" / command[0]), *command[1:]],
            capture_output=True,
            user=self.user,
            group=self._group,
            extra_groups=self._no_groups,
            cwd="/",
            check=False,
        )
        if done.returncode:
            output = (done.stderr or done.stdout).decode("utf-8", "replace").strip()[-1500:]
            hint = "Fix the problem named above, or set HERMES_DATABASE_URL to your own server."
            raise Problem("postgres_failed", f"{command[0]} failed: {output}", hint)

    @property
    def _group(self) -> int | None:
        return pwd.getpwnam(self.user).pw_gid if self.user else None

    @property
    def _no_groups(self) -> list[str | int] | None:
        """As another user, none of root's groups."""
        return [] if self.user else None

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        """One starter at a time, per data folder."""
        with (self.folder / "start.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def embedded(home: Path, digest: str) -> Embedded:
    """The embedded server of a home, its folders made and closed to others. Raises `postgres_missing`."""
    installed = binaries.installed()
    root = os.geteuid() == 0
    folder = ROOTS_PLACE / digest if root else home / "postgres"
    user = "nobody" if root else None
    _make_folder(folder, user)
    programs = binaries.shared_copy(installed, ROOTS_PLACE) if root else installed
    return Embedded(folder, _socket_folder(folder, digest, user), programs, user)


def _make_folder(folder: Path, user: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if user:
        entry = pwd.getpwnam(user)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    folder.chmod(0o700)


def _socket_folder(folder: Path, digest: str, user: str | None) -> Path:
    """A socket's path may hold 107 characters; a deep home gets a short one in the temp folder."""
    socket = folder / "socket"
    if len(str(socket)) > LONGEST_SOCKET_FOLDER:
        socket = Path(tempfile.gettempdir()) / f"hermes-{os.geteuid()}-{digest}"
    _make_folder(socket, user)
    return socket
