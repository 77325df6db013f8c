"""From findings and entries to the outputs that the catalog promises."""

from collections.abc import Sequence
from typing import Any

from hermes_fleet.seo_kbase.findings.finding import SEVERITIES
from hermes_fleet.seo_kbase.history import Seen
from hermes_fleet.seo_kbase.library import Document, Entry

EVIDENCE = ("standard", "documented", "measured", "practice")
"""Strongest first."""
Item = dict[str, Any]


def recommendations(seen: Sequence[Seen], entries: Sequence[Entry], limit: int) -> list[Item]:
    """Each entry with the worst finding that it answers, most serious first."""
    pairs = [(found, entry) for entry in entries if (found := worst(seen, entry))]
    return [_recommended(found, entry) for found, entry in sorted(pairs, key=_order)][:limit]


def worst(seen: Sequence[Seen], entry: Entry) -> Seen | None:
    """The most serious finding that an entry answers; of equals the one at most places."""
    answered = [each for each in seen if answers(entry, each.finding.key)]
    return min(answered, key=_seriousness, default=None)


def answers(entry: Entry, key: str) -> bool:
    """Whether an entry is about this finding, or about every one of its kind."""
    return any(key == each or key.startswith(f"{each}.") for each in entry.applies_to)


def from_topic(entries: Sequence[Entry], limit: int) -> list[Item]:
    """General advice, where nothing is known of the site."""
    return [{**_advice(entry), "reason": None, "priority": None} for entry in entries[:limit]]


def practices(entries: Sequence[Entry]) -> list[Item]:
    """The rules on a topic."""
    return [_advice(entry) for entry in entries]


def tips(entries: Sequence[Entry]) -> list[Item]:
    """One step of each entry."""
    names = ("id", "title", "topic", "tip")
    dumped = (entry.model_dump(include=set(names)) for entry in entries)
    return [
        {**each, "sources": _documents([entry])}
        for each, entry in zip(dumped, entries, strict=True)
    ]


def documents(entries: Sequence[Entry]) -> list[Item]:
    """What the entries rest on, each once, with the entries that name it."""
    found = dict[str, Item]()
    for entry in entries:
        for source in entry.sources:
            item = found.setdefault(source.url, {**source.model_dump(), "entries": []})
            item["entries"].append(entry.id)
    return list(found.values())


def listed(items: Sequence[Item], basis: str = "", *, complete: bool = True) -> Item:
    """The shape of a list output."""
    block: Item = {"count": len(items), "items": list(items), "complete": complete}
    return {**block, "basis": basis} if basis else block


def _order(pair: tuple[Seen, Entry]) -> tuple[Any, ...]:
    found, entry = pair
    return (*_seriousness(found), EVIDENCE.index(entry.evidence), entry.id)


def _seriousness(seen: Seen) -> tuple[int, float]:
    finding = seen.finding
    return SEVERITIES.index(finding.severity), -len(finding.places) if finding.places else 0.0


def _recommended(seen: Seen, entry: Entry) -> Item:
    finding, run = seen.finding, seen.run
    when = f"{run.finished_at:%Y-%m-%d}"
    return {
        **_advice(entry),
        "priority": finding.severity,
        "reason": f"{finding.message} ({seen.service}, {run.run_type} run of {when}).",
        "finding": finding.key,
        "figure": finding.figure,
        "places": list(finding.places),
        "run_id": run.run_id,
        "seen_at": run.finished_at.isoformat(),
        "figure_is": seen.provenance or None,
    }


def _advice(entry: Entry) -> Item:
    names = {"id", "title", "topic", "advice", "why", "how_to_check", "evidence"}
    dumped = entry.model_dump(include=names)
    return {**dumped, "reviewed": entry.reviewed.isoformat(), "sources": _documents([entry])}


def _documents(entries: Sequence[Entry]) -> list[Item]:
    found: list[Document] = [source for entry in entries for source in entry.sources]
    return [source.model_dump() for source in found]
