"""Asking a directory whether a business is listed there."""

from urllib.parse import quote

from playwright.async_api import Error, Page

from directory_bolt.browser.gate import Gate
from directory_bolt.browser.patience import Patience
from directory_bolt.browser.scene import read_steadily
from directory_bolt.core.forms.page import Frame
from directory_bolt.core.outcomes.listing import is_listing_of, links_to
from directory_bolt.submitting import Task

MOST_LOOKS = 3


async def look_up(page: Page, gate: Gate, task: Task, patience: Patience) -> str | None:
    """The listing that is this business's, by its name and by what else stands there."""
    url = (task.lookup_url or "").replace("{name}", quote(task.profile.business_name, safe=""))
    found = await _read(page, gate, url, patience)
    if found is None:
        return None
    if is_listing_of(found, task.profile):
        return found.url
    for link in links_to(found, task.profile)[:MOST_LOOKS]:
        listing = await _read(page, gate, link, patience)
        if listing is not None and is_listing_of(listing, task.profile):
            return link
    return None


async def _read(page: Page, gate: Gate, url: str, patience: Patience) -> Frame | None:
    """The page; None when it may not be visited or does not answer well."""
    if await gate.refusal(url) is not None:
        return None
    try:
        answer = await page.goto(
            url, wait_until="domcontentloaded", timeout=patience.opening * 1000
        )
        if answer is None or answer.status != 200:
            return None
        return (await read_steadily(page)).shown[0]
    except Error:
        return None
