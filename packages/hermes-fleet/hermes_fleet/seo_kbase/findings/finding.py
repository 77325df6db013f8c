"""What a run of another worker found that needs doing, as a key that advice can answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

Severity = Literal["critical", "major", "minor"]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor")
MOST_PLACES = 5  # addresses shown with a finding

Outputs = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` is `service.output` or `service.output.kind`; `figure` counts places or is the value itself."""

    key: str
    figure: float
    message: str
    severity: Severity
    places: tuple[str, ...] = ()

    @property
    def output(self) -> str:
        """The slug of the output that it was read from."""
        return self.key.split(".")[1]


def severity_of(word: object) -> Severity:
    """A severity as another worker names it; the least for anything else."""
    for each in SEVERITIES:
        if each == word:
            return each
    return "minor"


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list output, bare or as {items}; nothing for anything else."""
    found = cast("dict[str, Any]", value).get("items") if isinstance(value, dict) else value
    listed = cast("list[Any]", found) if isinstance(found, list) else []
    return [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]


def number(value: Any) -> float | None:
    """A number; None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def count(value: Any) -> int:
    """How many entries a list output has, by its own count where it tells one."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        stated = number(fields.get("count"))
        return int(stated) if stated is not None else count(fields.get("items"))
    return len(cast("list[Any]", value)) if isinstance(value, list) else 0


def places(found: Sequence[Mapping[str, Any]], *names: str) -> tuple[str, ...]:
    """Addresses in the first rows, under the first of these names that holds one."""
    return tuple(dict.fromkeys(_addresses(found, names)))[:MOST_PLACES]


def _addresses(found: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    for row in found:
        if address := next((row[name] for name in names if isinstance(row.get(name), str)), ""):
            yield address
