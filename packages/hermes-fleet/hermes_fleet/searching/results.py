"""What a search gives: a page of results, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from hermes_egress.addresses import is_private_literal
from hermes_fleet.crawling.addresses import host


class Locale(BaseModel):
    """Where and how one searches: a place under the name and number that providers know it by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    location: str = Field(min_length=1, max_length=100)
    location_code: int = Field(gt=0)
    country: str = Field(pattern="^[a-z]{2}$")
    language: str = Field(pattern="^[a-z]{2}$")
    device: Literal["desktop", "mobile"] = "desktop"


UNITED_STATES = Locale(
    location="United States", location_code=2840, country="us", language="en", device="desktop"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. `rank_group` counts the plain results alone, `rank_absolute` everything on the page."""

    rank_group: int
    rank_absolute: int | None
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The results of one keyword, best first. `location` and `device` are None where they play no part."""

    keyword: str
    at: datetime
    depth: int
    hits: tuple[Hit, ...]
    location: str | None = None
    device: str | None = None

    def own(self, site: str) -> Hit | None:
        """The best result of a site; None when it is not among those looked at."""
        return next((hit for hit in self.hits if belongs(hit.url, site)), None)


def belongs(url: str, site: str) -> bool:
    """Whether an address is a page of the site: its host, with or without `www.`, or one below it.

    Sites on this machine share a host and are told apart by their port.
    """
    name = host(site).removeprefix("www.")
    if is_private_literal(name):
        return urlsplit(url).netloc == urlsplit(site).netloc
    return host(url).removeprefix("www.") == name or host(url).endswith(f".{name}")


def owner(url: str, sites: Iterable[str]) -> str | None:
    """The first of the sites that an address is a page of."""
    return next((site for site in sites if belongs(url, site)), None)
