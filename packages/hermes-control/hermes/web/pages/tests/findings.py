"""Lists that a run returned, as tables: the first rows, and how many there are in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from hermes.core.catalog import Output
from hermes.core.views import RunView
from hermes.web.pages.tests.code_words import heading, said
from hermes_base.web.html.formatting import readable

SHOWN = 50
COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Findings:
    """One list output: headings, rows of texts, and what the list rests on."""

    output: Output
    total: int
    columns: list[str]
    rows: list[list[str]]
    basis: str


def findings_of(run: RunView, outputs: Sequence[Output]) -> list[Findings]:
    """A table for each output that came with a list."""
    values = run.outputs.metrics
    found = [_findings(output, values.get(output.slug)) for output in outputs]
    return [each for each in found if each is not None]


def _findings(output: Output, value: Any) -> Findings | None:
    items = cast("dict[str, Any]", value).get("items") if isinstance(value, dict) else value
    if not isinstance(items, list):
        return None
    entries = cast("list[Any]", items)
    columns = _columns(entries[:SHOWN])
    rows = [_row(entry, columns) for entry in entries[:SHOWN]]
    headings = [heading(name) for name in columns]
    return Findings(output, _total(value, len(entries)), headings, rows, _basis(value))


def _total(value: Any, listed: int) -> int:
    """How many there are in all, where the list is cut short: its `count`."""
    count = cast("dict[str, Any]", value).get("count") if isinstance(value, dict) else None
    return count if isinstance(count, int) else listed


def _columns(entries: Sequence[Any]) -> list[str]:
    """Names of the entries' fields as they come up, shortest first; none where they are no objects."""
    objects = [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]
    return list(dict.fromkeys(name for each in objects for name in each))[:COLUMNS]


def _row(entry: Any, columns: Sequence[str]) -> list[str]:
    if not isinstance(entry, dict) or not columns:
        return [_cell(entry), *["none"] * (len(columns) - 1)]
    fields = cast("dict[str, Any]", entry)
    return [_cell(fields.get(name), name) for name in columns]


def _cell(value: Any, column: str = "") -> str:
    """What stands in a cell; a list of a few texts is written out. Never empty."""
    if value is None or value == "" or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _written_out(cast("list[Any]", value), column)
    return said(column, value) if isinstance(value, str) and len(value) < 60 else readable(value)


def _written_out(values: list[Any], column: str) -> str:
    texts = [said(column, value) for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        return readable(values)
    more = f" and {len(texts) - 3:,} more" if len(texts) > 3 else ""
    return f"{', '.join(texts[:3])}{more}"


def _basis(value: Any) -> str:
    basis = cast("dict[str, Any]", value).get("basis") if isinstance(value, dict) else None
    return basis if isinstance(basis, str) else ""
