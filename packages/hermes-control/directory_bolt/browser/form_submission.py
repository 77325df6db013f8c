"""Sending one directory's form: every page of it, until the answer is judged."""

import asyncio
from typing import Any

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from directory_bolt.browser.field_report import field_report
from directory_bolt.browser.filled_form import FilledForm, click_submit, fill_form
from directory_bolt.browser.form_page import explain_no_form, find_form, open_page
from directory_bolt.browser.gate import PRIVATE
from directory_bolt.browser.outcome import interrupted, outcome_of
from directory_bolt.browser.page_session import PageSession
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.filling.plan import Stop
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.orders.states import BY_PEOPLE, ResultReason
from directory_bolt.core.outcomes.outcomes import judge
from directory_bolt.core.outcomes.views import Judgement, View
from directory_bolt.processes.submitting import BeforeClick, Outcome, Task

MOST_STEPS = 8
TELLING = (0.5, 1.0, 1.5)  # seconds between looks for a page's word on what became of a form
CANCELLED = Judgement("ended", "skipped", ResultReason.CANCELLED, "The order no longer wants it.")


class FormSubmission:
    """Ends with an Outcome, whatever happens there."""

    def __init__(self, task: Task, session: PageSession, before_click: BeforeClick) -> None:
        self._task = task
        self._session = session
        self._before_click = before_click
        self._payload = dict[str, Any]()
        self._refused = dict[str, list[str]]()
        self._earlier = list[Chosen]()

    async def run(self) -> Outcome:
        """Open, fill in, send, judge."""
        try:
            async with asyncio.timeout(self._session.timeouts.total):
                return await self._visit()
        except (TimeoutError, PlaywrightTimeout):
            said = "The directory did not answer in time."
            return await interrupted(self._session, ResultReason.TIMEOUT, said, self._payload)
        except Error as error:
            said = f"The visit broke off: {error.message.splitlines()[0]}"
            return await interrupted(self._session, ResultReason.UNREACHABLE, said, self._payload)

    async def _visit(self) -> Outcome:
        if fault := await open_page(self._session, self._task.submission_url):
            return fault
        snapshot, chosen = await find_form(self._session)
        if chosen is None:
            return await outcome_of(
                self._session, explain_no_form(self._session, snapshot), snapshot, {}
            )
        snapshot, judgement = await self._go_through(snapshot, chosen)
        return await outcome_of(self._session, judgement, snapshot, self._payload)

    async def _go_through(
        self, snapshot: PageSnapshot, chosen: Chosen
    ) -> tuple[PageSnapshot, Judgement]:
        """Page after page of the form, with one round of corrections."""
        corrected = False
        for _ in range(MOST_STEPS):
            filled = await self._fill(snapshot, chosen)
            if stop := stop_of(filled):
                return filled.snapshot, _by_people(stop)
            if not await self._may_click():
                return filled.snapshot, CANCELLED
            snapshot, judgement = await self._send(filled)
            again = judgement.step == "correct"
            if judgement.step == "ended" or judgement.form is None or (again and corrected):
                return snapshot, judgement
            corrected = corrected or again
            self._earlier.append(filled.chosen)
            self._refused = _tried(filled, judgement.wrong) if again else {}
            chosen = judgement.form
        return snapshot, Judgement(message=f"The form has more than {MOST_STEPS} pages.")

    async def _fill(self, snapshot: PageSnapshot, chosen: Chosen) -> FilledForm:
        session = self._session
        filled = await fill_form(session, snapshot, chosen, self._task.profile, self._refused)
        self._payload |= field_report(filled.plan, self._payload)
        await session.evidence.keep_filled(session.page)
        return filled

    async def _may_click(self) -> bool:
        """Ask once, directly before the first click that may store something there."""
        if not self._session.sent:
            self._session.sent = await self._before_click(self._payload)
        return self._session.sent

    async def _send(self, filled: FilledForm) -> tuple[PageSnapshot, Judgement]:
        """Press the button once, and look until the page says what came of it."""
        session, before = self._session, View(filled.snapshot.shown)
        if silence := await click_submit(session, filled):
            return filled.snapshot, Judgement(message=silence)
        snapshot, judgement = await self._look(before, filled)
        for pause in TELLING:
            if judgement.reason is not ResultReason.OUTCOME_UNKNOWN or session.network.failure:
                break
            await asyncio.sleep(pause)
            await session.network.settle(session.timeouts.quiet, session.timeouts.answer)
            snapshot, judgement = await self._look(before, filled)
        return (
            (filled.snapshot, Judgement(message=PRIVATE))
            if await session.strayed()
            else (snapshot, judgement)
        )

    async def _look(self, before: View, filled: FilledForm) -> tuple[PageSnapshot, Judgement]:
        snapshot, after = await self._session.view()
        told = judge(before, filled.chosen, after, self._task.profile, self._refused, self._earlier)
        return snapshot, told


def stop_of(filled: FilledForm) -> Stop | None:
    """Why the form must not be sent; a CAPTCHA comes first, whatever else there is."""
    frame = filled.snapshot.shown[filled.chosen.frame]
    if any(guard.form in (-1, filled.chosen.index) for guard in frame.guards):
        return Stop(ResultReason.CAPTCHA, "A CAPTCHA guards the form.")
    return filled.stop


def _by_people(stop: Stop) -> Judgement:
    status = "needs_manual" if stop.reason in BY_PEOPLE else "failed"
    return Judgement("ended", status, stop.reason, stop.message)


def _tried(filled: FilledForm, wrong: dict[str, str]) -> dict[str, list[str]]:
    """What stood in the fields that the directory complained of."""
    held = {fill.field.name: fill.values for fill in filled.plan.fills}
    return {name: list(held.get(name, ())) for name in wrong}
