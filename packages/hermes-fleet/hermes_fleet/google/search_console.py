"""Search Console: which properties a key may read, and figures of one by its dimensions."""

from collections.abc import AsyncGenerator, Sequence
from datetime import date
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, Field

from hermes_fleet.google.client import Google
from hermes_fleet.google.dates import Period
from hermes_fleet.google.errors import Api
from hermes_worker import WorkerError

SEARCH_CONSOLE = Api(
    slug="searchconsole",
    name="Search Console",
    product="Google Search Console API",
    root="https://www.googleapis.com",
    cure="Search Console property not found: check sc-domain or URL prefix ({place}), and that {who} is listed under Settings > Users and permissions.",
    wait="wait 15 minutes, then run again.",
)
MOST_ROWS = 25_000  # of one answer; Google allows no more
DATA_STATE = "final"
Dimension = Literal["date", "page", "query"]
Figure = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Row(BaseModel):
    """One line of figures; `keys` in the order of the dimensions asked for."""

    keys: list[str] = []
    clicks: Figure = 0.0
    impressions: Figure
    ctr: Figure = 0.0
    position: Figure

    @property
    def day(self) -> date:
        """Of a row by date first; WorkerError when its key is no date."""
        try:
            return date.fromisoformat(self.keys[0])
        except ValueError:
            message = f"Search Console: {self.keys[0][:40]!r} is not a date."
            raise WorkerError("malformed_reply", message) from None


class Rows(BaseModel):
    """Google leaves `rows` out when there are none."""

    rows: list[Row] = []


class Site(BaseModel):
    """One property that the key may see."""

    siteUrl: str  # noqa: N815 - Google's name
    permissionLevel: str = ""  # noqa: N815


class Sites(BaseModel):
    siteEntry: list[Site] = []  # noqa: N815


async def check(google: Google, name: str) -> None:
    """WorkerError `forbidden_403` when the key may not read the property, with those it may read."""
    found = await google.read(Sites, SEARCH_CONSOLE, "/webmasters/v3/sites", name, None)
    levels = {site.siteUrl: site.permissionLevel for site in found.siteEntry}
    if levels.get(name) == "siteUnverifiedUser":
        message = f"{google.key.who} is not verified for the Search Console property {name}."
        raise WorkerError("forbidden_403", message[:1].upper() + message[1:])
    if name not in levels:
        twins = sorted(each for each in levels if _domain(each) == _domain(name))
        others = (
            f" It has access to {', '.join(twins)}. Enter that as the Search Console property."
            if twins
            else ""
        )
        cure = SEARCH_CONSOLE.cure.format(who=google.key.who, place=name)
        raise WorkerError("forbidden_403", cure + others)


def _domain(name: str) -> str:
    host = name.removeprefix("sc-domain:") if name.startswith("sc-") else urlsplit(name).hostname
    return (host or "").removeprefix("www.")


async def rows(
    google: Google,
    name: str,
    period: Period,
    dimensions: Sequence[Dimension] = (),
    limit: int = MOST_ROWS,
    start: int = 0,
) -> list[Row]:
    """The rows of a period, those with most clicks first; without dimensions one row of totals or none."""
    question = {
        "startDate": period.first.isoformat(),
        "endDate": period.last.isoformat(),
        "dimensions": list(dimensions),
        "type": "web",
        "rowLimit": limit,
        "startRow": start,
        "dataState": DATA_STATE,
    }
    path = f"/webmasters/v3/sites/{quote(name, safe='')}/searchAnalytics/query"
    answer = await google.read(Rows, SEARCH_CONSOLE, path, name, question)
    if any(len(row.keys) != len(dimensions) for row in answer.rows):
        message = f"a row without one key for each of {', '.join(dimensions) or 'no dimensions'}"
        raise WorkerError("malformed_reply", f"Search Console: {message}.")
    return answer.rows


async def every_row(
    google: Google, name: str, period: Period, dimensions: Sequence[Dimension], most: int
) -> AsyncGenerator[list[Row]]:
    """All rows, answer by answer, at most about `most`; a last one shorter than MOST_ROWS says: all."""
    for start in range(0, most, MOST_ROWS):
        found = await rows(google, name, period, dimensions, start=start)
        yield found
        if len(found) < MOST_ROWS:
            return
