"""Bodies that hold more than one JSON document: the last record of a sequence or of a stream of events.

Each record is a state of the job, so the last one is what the worker says now. Only read so where the
media type says it; a prefix against being read by scripts is taken off whatever the type.
"""

import re
from collections.abc import Iterable

PREFIX = re.compile(r"\s*(?:\)\]\}',?|for\s*\(;;\);|while\s*\(1\);)\s*")
"""What some frameworks put before JSON so that no page can read it as a script."""
LINES = frozenset(
    ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines"]
)
SEQUENCE = "application/json-seq"
EVENTS = "text/event-stream"


def document_text(media_type: str, text: str) -> str:
    """The one JSON document that a body stands for."""
    if media_type in LINES:
        return _last(text.splitlines())
    if media_type == SEQUENCE:
        return _last(text.split("\x1e"))
    if media_type == EVENTS:
        return _last(map(_data, re.split(r"\r?\n\r?\n", text)))
    return PREFIX.sub("", text, count=1) if PREFIX.match(text) else text


def _last(records: Iterable[str]) -> str:
    told = [record for record in records if record.strip()]
    return told[-1] if told else ""


def _data(event: str) -> str:
    """The data of an event, which may go over several lines; the end that some streams mark is none."""
    lines = [line[5:].removeprefix(" ") for line in event.splitlines() if line.startswith("data:")]
    data = "\n".join(lines)
    return "" if data.strip() == "[DONE]" else data
