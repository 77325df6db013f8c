"""The diary of a crawl: a line for each thing learned, so that a restart asks nothing twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from hermes_fleet.crawl_render.render import Rendering
from hermes_fleet.crawl_render.start import Start
from hermes_fleet.crawling.record import Record


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; exactly one of its fields is given."""

    start: Start | None = None
    visit: Record | None = None
    probe: Record | None = None
    rendering: Rendering | None = None


ENTRY = TypeAdapter(Entry)


class Journal:
    """What the job learned, in this life and in earlier ones; every entry is on disk at once."""

    def __init__(self, path: Path) -> None:
        """Open a diary, new or old. A last line torn by a crash is cut off."""
        whole = list(_whole_lines(path))
        self._entries = [entry for _line, entry in whole]
        self._file = path.open("ab", buffering=0)
        self._file.truncate(sum(len(line) for line, _entry in whole))

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._file.write(ENTRY.dump_json(entry, exclude_defaults=True) + b"\n")

    def close(self) -> None:
        self._file.close()

    @property
    def start(self) -> Start | None:
        return next((entry.start for entry in self._entries if entry.start), None)

    @property
    def visits(self) -> list[Record]:
        return [entry.visit for entry in self._entries if entry.visit]

    @property
    def learned(self) -> Iterator[Record | Rendering]:
        """Visits and renderings in the order in which they were made."""
        return (it for entry in self._entries if (it := entry.visit or entry.rendering))

    @property
    def probes(self) -> dict[str, Record]:
        return {entry.probe.url: entry.probe for entry in self._entries if entry.probe}

    @property
    def renderings(self) -> dict[str, Rendering]:
        entries = (entry.rendering for entry in self._entries)
        return {rendering.url: rendering for rendering in entries if rendering}


def _whole_lines(path: Path) -> Iterator[tuple[bytes, Entry]]:
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    for line in lines:
        try:
            yield line, ENTRY.validate_json(line)
        except ValidationError:
            return
