"""The dialects of an installation: `$HERMES_HOME/dialects/NAME.toml`, read again when a file changes."""

from collections.abc import Mapping
from pathlib import Path

import structlog

from hermes.core.dialects.library import LARGEST, Dialects, read
from hermes_base.data_files import FaultyFile

MOST = 500
log = structlog.get_logger()

Stamp = tuple[int, int]


class DialectFolder:
    """The dialects that ship, and those of a folder. A file that is faulty is not used: what stood there before is,
    and `faults` says why."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: Mapping[str, Stamp] = {}
        self._texts: dict[str, str] = {}
        self.faults: dict[str, str] = {}
        self._dialects = Dialects()

    def __call__(self) -> Dialects:
        """The dialects as they are now."""
        stamps = self._stamps()
        if stamps != self._seen:
            self._read(stamps)
            self._seen = stamps
            self._dialects = Dialects(self._texts, self.faults)
        return self._dialects

    def _stamps(self) -> dict[str, Stamp]:
        try:
            files = sorted(self._folder.glob("*.toml"))[:MOST]
            stats = {file.name: file.stat() for file in files}
        except OSError:
            return {}
        return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}

    def _read(self, stamps: Mapping[str, Stamp]) -> None:
        before, self._texts, self.faults = self._texts, {}, {}
        for file in stamps:
            name = file.removesuffix(".toml")
            try:
                self._texts[name] = _text(self._folder / file)
            except FaultyFile as fault:
                self.faults[name] = str(fault)
                log.warning("dialect not used", file=file, fault=str(fault))
                if name in before:
                    self._texts[name] = before[name]


def _text(path: Path) -> str:
    """The text of a file that is a dialect. Raises FaultyFile."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FaultyFile(f"{path.name} cannot be read: {error}") from None
    read(text, path.name)
    return text
