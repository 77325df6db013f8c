"""Where a crawl starts: the home page, the rules and the sitemaps of a site."""

from dataclasses import dataclass

from hermes_egress.robots import MOST_BYTES, Robots, is_closed
from hermes_fleet.crawl_render.survey import MOST_HOPS
from hermes_fleet.crawling.addresses import host, normalise, origin, same_name
from hermes_fleet.crawling.fetch import Answer, is_html
from hermes_fleet.crawling.record import Record, record
from hermes_fleet.crawling.robots import AGENT
from hermes_fleet.crawling.sitemaps import Listing, collect
from hermes_fleet.crawling.visit import Visitor
from hermes_worker import WorkerError

# Failures that say the whole site is away, not only its robots.txt.
AWAY = {
    "dns": "its name could not be resolved",
    "connect_refused": "the connection was refused",
    "connect_timeout": "it did not accept a connection in time",
    "connect_failed": "no connection could be made",
    "invalid_address": "its address is not valid",
}


@dataclass(frozen=True)
class Start:
    """What is settled before the first page: kept, so that a restarted crawl need not ask again."""

    home: str
    robots: str
    records: list[Record]  # the home page, after the redirects that led to it
    listing: Listing
    adopted_from: str | None = None  # the origin that was asked for, if another one answered


def address(site: str) -> str:
    """The address that a site's name stands for; https when it does not say."""
    url = normalise(site if "://" in site else f"https://{site}")
    if url is None:
        raise WorkerError("invalid_site", f"{site!r} is not an http or https address.")
    return url


async def locate(visitor: Visitor, site: str, most_sitemaps: int) -> Start:
    """Find the home page of `site`. WorkerError says why there is nothing to crawl."""
    asked = url = address(site)
    robots, records = await _robots(visitor, url), list[Record]()
    for _hop in range(MOST_HOPS + 1):
        answer = await _home(visitor, url, robots)
        records.append(record(answer))
        if not (answer.redirects and answer.location):
            _check(answer)
            break
        if origin(answer.location) != origin(url):
            _adopt(url, answer.location)
            robots, records = await _robots(visitor, answer.location), []
        url = answer.location
    else:
        raise WorkerError(
            "site_redirects_endlessly", f"{asked} redirects more than {MOST_HOPS} times."
        )
    listing = await collect(visitor, url, robots, most_sitemaps)
    adopted = origin(asked) if origin(asked) != origin(url) else None
    return Start(records[0].url, robots.text, records, listing, adopted)


async def _robots(visitor: Visitor, url: str) -> Robots:
    """RFC 9309: 2xx is read, 4xx allows everything; 429, 5xx and silence forbid everything."""
    answer = await visitor.follow(f"{origin(url)}/robots.txt", most_bytes=MOST_BYTES)
    _check_site_is_there(answer)
    if answer.status == 0 or is_closed(answer.status):
        cause = answer.error or f"status {answer.status}"
        raise WorkerError(
            "robots_unreachable",
            f"{answer.url} could not be read ({cause}). RFC 9309 forbids crawling in that case.",
        )
    return Robots.answered(answer.status, answer.body, AGENT)


async def _home(visitor: Visitor, url: str, robots: Robots) -> Answer:
    if not robots.allows(url):
        raise WorkerError(
            "robots_disallow",
            f"robots.txt of {origin(url)} does not allow {AGENT} to fetch {url}.",
        )
    return await visitor.visit(url, is_html)


def _adopt(url: str, location: str) -> None:
    """A site may move to its `www.` twin or to https, not to a stranger."""
    if not same_name(url, location):
        raise WorkerError(
            "site_redirects_away",
            f"{url} redirects to another site, {origin(location)}. If you mean that site, use its address.",
        )


def _check(answer: Answer) -> None:
    """A home page that cannot be read means no crawl, never a crawl of zero pages."""
    _check_site_is_there(answer)
    if answer.status == 0:
        raise WorkerError("site_unreachable", f"{answer.url} did not respond: {answer.error}.")
    if answer.status != 200:
        raise WorkerError(
            "home_page_failed", f"The home page {answer.url} returned status {answer.status}."
        )
    if not answer.is_html:
        kind = answer.content_type or "no content type"
        raise WorkerError("not_html", f"The home page {answer.url} is not HTML but {kind}.")


def _check_site_is_there(answer: Answer) -> None:
    name = host(answer.url)
    if answer.error == "private_address":
        raise WorkerError(
            "private_address",
            f"{name} resolves to a private address. Only a site whose own address is private may do that.",
        )
    if answer.error == "tls":
        raise WorkerError("tls_error", f"{name} has no valid certificate or refuses TLS.")
    if answer.error in AWAY:
        raise WorkerError("site_unreachable", f"{name} cannot be reached: {AWAY[answer.error]}.")
