"""Lines that the processes write while an order passes, where their logs are on this machine."""

import re
from pathlib import Path

LINES = {
    "log_received": ("subscriber", r"Received \d+ messages"),
    "log_triggered": ("subscriber", r"Triggered \w+ flow for job {job}"),
    "log_starting": ("flow-worker", r"Starting job {job}"),
    "log_directory": ("flow-worker", r"Processing directory for job {job}"),
    "log_completed": ("flow-worker", r"Job {job} completed"),
}
EVENTS = {
    "log_received": "queue_claimed",
    "log_triggered": "flow_triggered",
    "log_starting": "flow_started",
    "log_directory": "submitting",
    "log_completed": "flow_completed",
}
"""The event of queue_history that the same statement beside the line writes."""


class Logs:
    """Reads what was appended since it was made."""

    def __init__(self, folder: Path) -> None:
        self._files = {name: folder / f"{name}.log" for name, _ in LINES.values()}
        self._from = {name: _size(file) for name, file in self._files.items()}

    def found(self, job_id: str) -> dict[str, str]:
        """mark -> the line, for each line of the checklist that was written since."""
        texts = {name: self._text(name) for name in self._files}
        found: dict[str, str] = {}
        for mark, (name, pattern) in LINES.items():
            line = re.search(rf"^.*{pattern.format(job=job_id)}.*$", texts[name], re.MULTILINE)
            if line:
                found[mark] = f"{name}.log: {line[0].strip()[:200]}"
        return found

    def _text(self, name: str) -> str:
        try:
            with self._files[name].open("rb") as file:
                file.seek(self._from[name])
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
