"""Looks up a business in a directory's own search."""

from urllib.parse import quote

from playwright.async_api import Error, Page

from directory_bolt.browser.network_policy import NetworkPolicy
from directory_bolt.browser.page_session import read_steadily
from directory_bolt.browser.timeouts import Timeouts
from directory_bolt.core.forms.page import Frame
from directory_bolt.core.outcomes.listing import is_listing_of, links_to
from directory_bolt.submitting import Task

MOST_LISTINGS = 3


async def look_up(page: Page, policy: NetworkPolicy, task: Task, timeouts: Timeouts) -> str | None:
    """URL of the listing of this business; None when none is found.

    The page that the search leads to is read first, then at most 3 of the listings that it links to;
    `is_listing_of` says which one counts.
    """
    url = (task.lookup_url or "").replace("{name}", quote(task.profile.business_name, safe=""))
    found = await _read(page, policy, url, timeouts)
    if found is None:
        return None
    if is_listing_of(found, task.profile):
        return found.url
    for link in links_to(found, task.profile)[:MOST_LISTINGS]:
        listing = await _read(page, policy, link, timeouts)
        if listing is not None and is_listing_of(listing, task.profile):
            return link
    return None


async def _read(page: Page, policy: NetworkPolicy, url: str, timeouts: Timeouts) -> Frame | None:
    """The main frame of a page; None where robots.txt or the network policy forbids it, or its
    status is not 200."""
    if await policy.refusal(url) is not None:
        return None
    try:
        answer = await page.goto(
            url, wait_until="domcontentloaded", timeout=timeouts.page_load * 1000
        )
        if answer is None or answer.status != 200:
            return None
        return (await read_steadily(page)).shown[0]
    except Error:
        return None
