"""Sending one directory's form: its steps in order, from the address to the judged answer."""

import asyncio
from typing import Any

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from directory_bolt.browser.field_report import field_report
from directory_bolt.browser.filled_form import FilledForm, click_submit, fill_form
from directory_bolt.browser.form_page import explain_no_form, find_form, open_page
from directory_bolt.browser.network_policy import PRIVATE
from directory_bolt.browser.outcome import interrupted, outcome_of
from directory_bolt.browser.page_session import PageSession
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.filling.plan import Stop
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.orders.states import BY_PEOPLE, ResultReason
from directory_bolt.core.outcomes.judging import judge
from directory_bolt.core.outcomes.views import Judgement, View
from directory_bolt.submitting import BeforeClick, Outcome, Task

MOST_FORM_PAGES = 8
JUDGING_PAUSES = (0.5, 1.0, 1.5)  # seconds between looks for a page's word on the form it received
CANCELLED = Judgement(
    "ended", "skipped", ResultReason.CANCELLED, "The order no longer includes this directory."
)
TOO_LONG = Judgement(message=f"The form has more than {MOST_FORM_PAGES} pages.")


class FormSubmission:
    """One attempt at one directory. It always ends with an `Outcome`; only a cancel passes through."""

    def __init__(self, task: Task, session: PageSession, before_click: BeforeClick) -> None:
        self._task = task
        self._session = session
        self._before_click = before_click
        self._payload = dict[str, Any]()
        self._refused = dict[str, list[str]]()
        self._earlier = list[Chosen]()
        self._corrected = False

    async def run(self) -> Outcome:
        """Take the steps within `timeouts.total` seconds; an interruption becomes an `Outcome` too."""
        try:
            async with asyncio.timeout(self._session.timeouts.total):
                return await self._steps()
        except (TimeoutError, PlaywrightTimeout):
            message = "The directory did not respond in time."
            return await interrupted(self._session, ResultReason.TIMEOUT, message, self._payload)
        except Error as error:
            message = f"The visit was interrupted: {error.message.splitlines()[0]}"
            return await interrupted(
                self._session, ResultReason.UNREACHABLE, message, self._payload
            )

    async def _steps(self) -> Outcome:
        """The steps of sending a form. A form of several pages, and one round of corrections,
        repeat steps 4 to 8."""
        # 1. Open the page, unless robots.txt, a private address or its status forbids it.
        if failure := await open_page(self._session, self._task.submission_url):
            return failure
        # 2. Read all its frames.  3. Choose the form that asks for a business.
        snapshot, form = await find_form(self._session)
        if form is None:
            return await self._end(snapshot, explain_no_form(self._session, snapshot))
        for _ in range(MOST_FORM_PAGES):
            # 4. Fill in every field, and keep a picture of it.
            filled = await self._fill(snapshot, form)
            # 5. Check it: a CAPTCHA or a field without its value ends here, with nothing sent.
            if stop := stop_of(filled):
                return await self._end(filled.snapshot, _stopped(stop))
            # 6. Record that the click follows; the order may have been cancelled meanwhile.
            if not await self._may_click():
                return await self._end(filled.snapshot, CANCELLED)
            # 7. Click once.  8. Judge the page that answers.
            silence = await click_submit(self._session, filled)
            snapshot, judgement = await self._judge(filled, silence)
            form = self._next_form(filled, judgement)
            if form is None:
                return await self._end(snapshot, judgement)
        return await self._end(snapshot, TOO_LONG)

    async def _end(self, snapshot: PageSnapshot, judgement: Judgement) -> Outcome:
        return await outcome_of(self._session, judgement, snapshot, self._payload)

    async def _fill(self, snapshot: PageSnapshot, form: Chosen) -> FilledForm:
        session = self._session
        filled = await fill_form(session, snapshot, form, self._task.profile, self._refused)
        self._payload |= field_report(filled.plan, self._payload)
        await session.evidence.keep_filled(session.page)
        return filled

    async def _may_click(self) -> bool:
        """Ask once, directly before the first click that may store something at the directory.

        The click is written down before it is made: whoever dies between the two leaves a result
        that people look at. Written afterwards, a death in between would send the form twice.
        """
        if not self._session.sent:
            self._session.sent = await self._before_click(self._payload)
        return self._session.sent

    async def _judge(self, filled: FilledForm, silence: str) -> tuple[PageSnapshot, Judgement]:
        """The page after the click and its judgement; `silence` says why no page answered."""
        if silence:
            return filled.snapshot, Judgement(message=silence)
        session, before = self._session, View(filled.snapshot.shown)
        snapshot, judgement = await self._look(before, filled)
        for pause in JUDGING_PAUSES:  # a script may say thank you after the page has settled
            if judgement.reason is not ResultReason.OUTCOME_UNKNOWN or session.network.failure:
                break
            await asyncio.sleep(pause)
            await session.network.settle(session.timeouts.quiet, session.timeouts.answer)
            snapshot, judgement = await self._look(before, filled)
        # The click may have led to a private host: what that says is not the directory's answer.
        if await session.strayed():
            return filled.snapshot, Judgement(message=PRIVATE)
        return snapshot, judgement

    async def _look(self, before: View, filled: FilledForm) -> tuple[PageSnapshot, Judgement]:
        snapshot, after = await self._session.view()
        form, profile = filled.chosen, self._task.profile
        return snapshot, judge(before, form, after, profile, self._refused, self._earlier)

    def _next_form(self, filled: FilledForm, judgement: Judgement) -> Chosen | None:
        """The form of the next page, or the same one to be corrected; None when this was the last."""
        is_correction = judgement.step == "correct"
        # One round of corrections: a directory that refuses twice would refuse for ever.
        if judgement.step == "ended" or (is_correction and self._corrected):
            return None
        if judgement.form is not None:
            self._corrected = self._corrected or is_correction
            self._earlier.append(filled.chosen)
            self._refused = _refused_values(filled, judgement.wrong) if is_correction else {}
        return judgement.form


def stop_of(filled: FilledForm) -> Stop | None:
    """Why the form must not be sent, or None. A CAPTCHA is named before anything else."""
    frame = filled.snapshot.shown[filled.chosen.frame]
    if any(guard.form in (-1, filled.chosen.index) for guard in frame.guards):
        return Stop(ResultReason.CAPTCHA, "The form has a CAPTCHA.")
    return filled.stop


def _stopped(stop: Stop) -> Judgement:
    status = "needs_manual" if stop.reason in BY_PEOPLE else "failed"
    return Judgement("ended", status, stop.reason, stop.message)


def _refused_values(filled: FilledForm, wrong: dict[str, str]) -> dict[str, list[str]]:
    """What stood in the fields that the directory complained of, by the field's name."""
    held = {fill.field.name: fill.values for fill in filled.plan.fills}
    return {name: list(held.get(name, ())) for name in wrong}
