"""What each directory received: its own books, in memory and on request in a file that outlives it."""

import json
import os
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

STEP, REFUSED = "step", "refused"
LISTED, KEPT, DECLINED, DUPLICATE = "listed", "kept", "declined", "duplicate"


@dataclass(frozen=True, slots=True)
class Entry:
    """One form that was sent. `fields`: name -> values as received; of a form in steps: all so far.

    `outcome`: step (more pages follow), refused (something was wrong), or what became of a whole form:
    listed, kept (without a listing), declined, duplicate.
    """

    directory: str
    at: str
    outcome: str
    fields: dict[str, list[str]]
    files: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    idempotency_key: str | None = None
    wrong: dict[str, str] = field(default_factory=dict[str, str])
    honeypots: list[str] = field(default_factory=list[str])
    newsletter: bool = False

    @property
    def arrived(self) -> bool:
        """Whether the directory has the business's whole form now."""
        return self.outcome not in (STEP, REFUSED)


class Books:
    """The books of all directories. `file` is appended to, and read first: what stands there counts.

    Visits and forms of other kinds (login, search, code) are counted in memory only.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self._visits: Counter[str] = Counter()
        self._elsewhere: Counter[str] = Counter()
        self._file = file
        if file:
            file.touch(0o600)  # a place that cannot be written to is told at the start
        for entry in _written(file) if file else []:
            self._entries[entry.directory].append(entry)

    def visited(self, directory: str) -> int:
        """Count a visit of the form's address; returns how many there were, with this one."""
        self._visits[directory] += 1
        return self._visits[directory]

    def sent_elsewhere(self, directory: str) -> None:
        """Count a form that was not the one for entries."""
        self._elsewhere[directory] += 1

    def enter(self, entry: Entry) -> None:
        """Write the entry down, in the file before anybody is answered."""
        if self._file:
            _append(self._file, entry)
        self._entries[entry.directory].append(entry)

    def entries(self, directory: str) -> list[Entry]:
        """Everything that was received, in its order."""
        return list(self._entries[directory])

    def as_json(self, directory: str) -> dict[str, Any]:
        """The books of one directory for programs."""
        entries = self._entries[directory]
        return {
            "received": [{**asdict(entry), "arrived": entry.arrived} for entry in entries],
            "counts": {
                "visits": self._visits[directory],
                "posts": len(entries),
                "arrived": sum(entry.arrived for entry in entries),
                "refused": sum(entry.outcome == REFUSED for entry in entries),
                "elsewhere": self._elsewhere[directory],
            },
            "honeypot_touched": sum(bool(entry.honeypots) for entry in entries),
            "newsletter_ticked": sum(entry.newsletter for entry in entries),
        }


def _append(file: Path, entry: Entry) -> None:
    """One write: a process that is killed leaves a whole line or a last one that is cut."""
    line = json.dumps(asdict(entry), ensure_ascii=False) + "\n"
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, line.encode())
    finally:
        os.close(opened)


def _written(file: Path) -> list[Entry]:
    text = file.read_text("utf-8")
    whole, _, cut = text.rpartition("\n")
    if cut:
        os.truncate(file, len(whole.encode()) + bool(whole))
    return [Entry(**json.loads(line)) for line in whole.splitlines()]
