"""Tables to take away: CSV as spreadsheets read it, in which no cell is a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO

from starlette.responses import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file `name`.csv: UTF-8 with a mark, by which Excel knows it; RFC 4180."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([cell(each) for each in row] for row in rows)
    return Response(
        out.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def cell(value: object) -> object:
    """A value as a cell. Text that a spreadsheet would run is quoted: it may come from a page on the web.

    >>> [cell(v) for v in ("=1+1", "-", None, 3, -3, "a")]
    ["'=1+1", "'-", '', 3, -3, 'a']
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
