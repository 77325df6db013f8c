"""The `Submitter` that works in a browser: one Chromium, a fresh browser context a submission."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Self
from urllib.request import getproxies

import aiohttp
from playwright.async_api import Error, Page, ViewportSize

from directory_bolt.browser.addresses import NOTHING_OPENED, Addresses
from directory_bolt.browser.chromium import Chromium
from directory_bolt.browser.evidence import Evidence
from directory_bolt.browser.form_submission import FormSubmission
from directory_bolt.browser.lookup import look_up
from directory_bolt.browser.network_policy import NetworkPolicy
from directory_bolt.browser.page_session import PageSession
from directory_bolt.browser.robots import AGENT, KnownRobots
from directory_bolt.browser.timeouts import Timeouts
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_base.http.judged_names import JudgedNames, judged
from hermes_browser import NoBrowserError
from hermes_egress.gate import proxy
from hermes_egress.opened import Opened

ROBOTS_SECONDS = 15.0
SIZE: ViewportSize = {"width": 1280, "height": 1000}
USUAL = Timeouts()


class BrowserSubmitter:
    """Sends forms and looks up listings, `at_once` at a time.

    `evidence`: folder for screenshots and text. `contact`: URL or mail address in the User-Agent, where
    a directory learns who visits it.
    """

    def __init__(
        self,
        evidence: Path,
        *,
        at_once: int = 4,
        contact: str = "",
        timeouts: Timeouts = USUAL,
        opened: Opened = NOTHING_OPENED,
    ) -> None:
        self._opened = opened
        self._evidence = evidence
        self._free = asyncio.Semaphore(at_once)
        self._agent = f"{AGENT}/1.0 (+{contact})" if contact else f"{AGENT}/1.0"
        self._timeouts = timeouts
        self._chromium = Chromium()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        limits = aiohttp.ClientTimeout(total=min(ROBOTS_SECONDS, self._timeouts.page_load))
        names = aiohttp.TCPConnector(resolver=JudgedNames(self._opened))
        agent = {"User-Agent": self._agent}
        sessions = [
            await self._stack.enter_async_context(aiohttp.ClientSession(timeout=limits, headers=agent, connector=connector))
            for connector in (names, None)
        ]  # fmt: skip
        self._robots = KnownRobots(sessions[0], demo=sessions[1])
        self._gate = await self._stack.enter_async_context(proxy(partial(judged, self._opened)))
        self._stack.push_async_callback(self._chromium.close)
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    async def submit(self, task: Task, before_click: BeforeClick) -> Outcome:
        """Send the form of one directory; see `FormSubmission`. Raises nothing but a cancel."""
        policy = self._policy(task)
        try:
            async with self._page(task, policy) as page:
                evidence = Evidence(self._evidence, task.result_id)
                session = PageSession(page, policy, evidence, self._timeouts)
                return await FormSubmission(task, session, before_click).run()
        except NoBrowserError as error:
            return Outcome("failed", ResultReason.NO_BROWSER, str(error), retry=True)
        except Error as error:
            message = f"The browser could not be used: {error.message.splitlines()[0]}"
            return Outcome("failed", ResultReason.NO_BROWSER, message, retry=True)

    async def look_up(self, task: Task) -> str | None:
        """URL of the business's listing; None without a `lookup_url`, or when none is found."""
        if not task.lookup_url:
            return None
        policy = self._policy(task)
        try:
            async with self._page(task, policy) as page:
                return await look_up(page, policy, task, self._timeouts)
        except (NoBrowserError, Error):
            return None

    def left_behind(self, task: Task) -> str | None:
        """Screenshot that an interrupted attempt left: the last page, else the filled form, else None."""
        return Evidence(self._evidence, task.result_id).picture()

    def _policy(self, task: Task) -> NetworkPolicy:
        addresses = Addresses(
            any_host=task.is_demo, opened=self._opened, gated=self._is_gated(task)
        )
        return NetworkPolicy(self._robots, addresses, self._timeouts.answer)

    def _is_gated(self, task: Task) -> bool:
        """Whether the browser goes through our gate: not to the demo, and not past a proxy that this
        machine has to use, which is where such rules stand then."""
        return not task.is_demo and not getproxies()

    @asynccontextmanager
    async def _page(self, task: Task, policy: NetworkPolicy) -> AsyncGenerator[Page]:
        """A page in a context of its own, once fewer than `at_once` are open."""
        async with self._free:
            browser = await self._chromium.browser()
            context = await browser.new_context(
                user_agent=self._agent,
                viewport=SIZE,
                service_workers="block",
                accept_downloads=False,
                proxy={"server": self._gate} if self._is_gated(task) else None,
            )
            try:
                await policy.guard(context)
                yield await context.new_page()
            finally:
                with suppress(Error):
                    await context.close()
