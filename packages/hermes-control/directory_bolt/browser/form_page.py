"""Opens the page of a directory's form and finds the form, or the reason why there is none."""

import asyncio

from directory_bolt.browser.network_policy import PRIVATE
from directory_bolt.browser.outcome import outcome_of
from directory_bolt.browser.page_session import PageSession, read_steadily
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.mapping.choice import Chosen, choose, wants_login
from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.outcomes.statements import asks_for_login
from directory_bolt.core.outcomes.views import Judgement
from directory_bolt.submitting import Outcome

FORM_PAUSES = (
    0.2,
    0.3,
    0.5,
    1.0,
    1.5,
    1.5,
)  # seconds between looks for a form that a script builds


async def open_page(session: PageSession, url: str) -> Outcome | None:
    """Open the page of the form. Returns None when it is open, else the outcome of the submission.

    Raises Playwright's Error or TimeoutError where the directory does not answer.
    """
    if refusal := await session.policy.refusal(url):
        return refusal
    longest_ms = session.timeouts.page_load * 1000
    answer = await session.page.goto(url, wait_until="domcontentloaded", timeout=longest_ms)
    await session.network.settle(session.timeouts.quiet, session.timeouts.form_build)
    session.status = answer.status if answer else None
    if await session.strayed():
        return Outcome("failed", ResultReason.UNREACHABLE, PRIVATE)
    if fault := _fault(session.status):
        retry = fault.reason is ResultReason.SERVER_ERROR
        return await outcome_of(session, fault, await read_steadily(session.page), {}, retry=retry)
    # A redirect may lead to a page that robots.txt forbids.
    return None if session.page.url == url else await session.policy.refusal(session.page.url)


def _fault(status: int | None) -> Judgement | None:
    message = f"The page returned status {status}."
    if status is not None and (status >= 500 or status == 429):
        return Judgement("ended", "failed", ResultReason.SERVER_ERROR, message)
    if status in (404, 410):
        return Judgement("ended", "failed", ResultReason.NO_FORM, message)
    return None


async def find_form(session: PageSession) -> tuple[PageSnapshot, Chosen | None]:
    """The page and its form, or None after 5 s of looks: a script may take that long to build it."""
    snapshot = await read_steadily(session.page)
    for pause in FORM_PAUSES:
        if chosen := choose(snapshot.shown):
            return snapshot, chosen
        await asyncio.sleep(pause)
        snapshot = await read_steadily(session.page)
    return snapshot, choose(snapshot.shown)


def explain_no_form(session: PageSession, snapshot: PageSnapshot) -> Judgement:
    """Why the page holds no form: it asks for an account, a CAPTCHA guards it, or there is none."""
    text = "\n".join(frame.text for frame in snapshot.shown)
    if session.status == 401 or wants_login(snapshot.shown) or asks_for_login(text):
        message = "The page requires an account."
        return Judgement("ended", "needs_manual", ResultReason.LOGIN_REQUIRED, message)
    if any(frame.guards for frame in snapshot.shown):
        message = "The page is behind a CAPTCHA."
        return Judgement("ended", "needs_manual", ResultReason.CAPTCHA, message)
    message = "The page has no form for a business listing."
    return Judgement("ended", "failed", ResultReason.NO_FORM, message)
