"""Files below the home in which a process says where it stands: the first one that lives owns its file."""

import asyncio
from contextlib import suppress
from pathlib import Path

import structlog

from hermes_base.home.lock import Lock
from hermes_base.secret_files import write_whole

log = structlog.get_logger()

AGAIN_SECONDS = 1.0


class Announcement:
    """One line in one file. A second process of the same kind waits with its own until the first has ended."""

    def __init__(self, file: Path, text: str) -> None:
        self.file = file
        self._text = text
        self._lock = Lock(file.with_name(f"{file.name}.lock"))
        self._owned = False

    def say(self) -> bool:
        """Write the line unless another living process owns the file. Whether it stands there."""
        self._owned = self._owned or self._lock.take(self.file.name)
        if self._owned and self._stands() != self._text:
            write_whole(self.file, self._text, mode=0o644)
        return self._owned

    async def keep(self) -> None:
        """Say it until cancelled: again where the file was removed, at last where another owned it."""
        if not self.say():
            log.warning("another process has said where it stands", file=str(self.file))
        while True:
            await asyncio.sleep(AGAIN_SECONDS)
            with suppress(OSError):  # a full disk: the next look tries again
                await asyncio.to_thread(self.say)

    def end(self) -> None:
        """Let go of the file, which stays as it is: whoever reads it finds nobody there."""
        self._lock.release()

    def _stands(self) -> str:
        with suppress(OSError, UnicodeDecodeError):
            return self.file.read_text("utf-8")
        return ""
