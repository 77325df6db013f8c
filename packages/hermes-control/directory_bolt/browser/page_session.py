"""The page that a form is sent from: its newest window, its requests, its dialogs, its clock."""

import asyncio
import time

from playwright.async_api import Dialog, Error, Page

from directory_bolt.browser.evidence import Evidence
from directory_bolt.browser.network_activity import NetworkActivity, wait_until_loaded
from directory_bolt.browser.network_policy import NetworkPolicy
from directory_bolt.browser.page_snapshot import PageSnapshot, read
from directory_bolt.browser.timeouts import Timeouts
from directory_bolt.core.outcomes.views import View

READINGS = (0.1, 0.3, 0.6, 1.0)  # seconds between tries to read a page while it navigates


class PageSession:
    """The page of one submission and everything that is watched while it is open.

    `page` is the newest window, `status` the HTTP status of the first page (None before it), `alerts`
    the texts of its dialogs, `begun` a monotonic time. From `sent` on the form may have arrived, so
    the submission must not be tried again.
    """

    def __init__(
        self, page: Page, policy: NetworkPolicy, evidence: Evidence, timeouts: Timeouts
    ) -> None:
        self.page = page
        self.policy = policy
        self.evidence = evidence
        self.timeouts = timeouts
        self.network = NetworkActivity(page.context)
        self.begun = time.monotonic()
        self.alerts = list[str]()
        self.status: int | None = None
        self.sent = False
        page.context.on("page", self._follow)
        page.on("dialog", self._hear)

    async def view(self) -> tuple[PageSnapshot, View]:
        """The page as it is now: its snapshot, and the view of it that is judged."""
        await wait_until_loaded(self.page, self.timeouts.field_entry)
        snapshot = await read_steadily(self.page)
        return snapshot, View(snapshot.shown, self.network.status, tuple(self.alerts))

    async def strayed(self) -> bool:
        """Whether a server in a private network answered, where only public ones may (no demo)."""
        return self.policy.strayed(await self.network.servers())

    def _follow(self, page: Page) -> None:
        """Go on in a new window: a form with target=_blank is answered there."""
        self.page = page
        page.on("dialog", self._hear)

    async def _hear(self, dialog: Dialog) -> None:
        self.alerts.append(dialog.message)
        await dialog.accept()


async def read_steadily(page: Page) -> PageSnapshot:
    """Read a page that may be navigating. Raises Error when it never stands still (2 s)."""
    for pause in READINGS:
        try:
            return await read(page)
        except Error:
            await asyncio.sleep(pause)
    return await read(page)
