"""An endless calendar: every month links to the next. robots.txt keeps crawlers out of it."""

import re

from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.model import Link, Page, Section

MONTH = re.compile(r"/calendar/([1-9]\d{3})/(0[1-9]|1[0-2])")
YEARS = range(1000, 10_000)


def month(target: str) -> Page | None:
    """The page of a month; None for every other address."""
    asked = MONTH.fullmatch(target)
    if not asked:
        return None
    title = f"Appointments in {asked[2]}/{asked[1]}"
    return Page(
        path=target,
        title=f"{title} | Juniper Dental",
        description=f"{title}: call us to learn which hours are still free.",
        headings=(title,),
        sections=(Section("Other months", links=_neighbours(int(asked[1]), int(asked[2]))),),
        crumbs=crumbs(),
    )


def _neighbours(year: int, number: int) -> tuple[Link, ...]:
    count = year * 12 + number - 1
    near = [("Earlier", divmod(count - 1, 12)), ("Later", divmod(count + 1, 12))]
    return tuple(
        Link(f"/calendar/{year}/{before + 1:02}", text)
        for text, (year, before) in near
        if year in YEARS
    )
