"""One visit of one directory, from opening its page to the judgement of its answer."""

import asyncio
import time
from typing import Any

from playwright.async_api import Dialog, Error, Page
from playwright.async_api import TimeoutError as PlaywrightTimeout

from hermes.core.submissions.filling import Stop
from hermes.core.submissions.mapping_choice import Chosen, choose, wants_login
from hermes.core.submissions.outcomes import Judgement, View, judge
from hermes.core.submissions.outcomes_reading import asks_for_login
from hermes.core.submissions.states import BY_PEOPLE, ResultReason
from hermes.submissions.browser.evidence import Evidence
from hermes.submissions.browser.gate import PRIVATE, Gate
from hermes.submissions.browser.patience import Patience
from hermes.submissions.browser.reading import Sheet
from hermes.submissions.browser.sending import Filled, fill_in, press, read_steadily, view
from hermes.submissions.browser.told import payload_of
from hermes.submissions.browser.traffic import Traffic, shown
from hermes.submissions.submitting import BeforeClick, Outcome, Task

MOST_STEPS = 8
BUILDING = (
    0.0,
    0.2,
    0.3,
    0.5,
    1.0,
    1.5,
    1.5,
)  # seconds between looks for a form that a script builds
TELLING = (0.0, 0.5, 1.0, 1.5)  # seconds between looks for a page's word on what became of a form
EXCERPT = 2000


class Visit:
    """Ends with an Outcome, whatever happens. `sent`: the button that may send was pressed."""

    def __init__(
        self,
        task: Task,
        page: Page,
        gate: Gate,
        evidence: Evidence,
        before_click: BeforeClick,
        patience: Patience,
    ) -> None:
        self._task = task
        self._page = page
        self._gate = gate
        self._evidence = evidence
        self._before_click = before_click
        self._patience = patience
        self._traffic = Traffic(page.context)
        self._begun = time.monotonic()
        self._alerts = list[str]()
        self._payload = dict[str, Any]()
        self._status: int | None = None
        self._refused = dict[str, list[str]]()
        self.sent = False
        page.context.on("page", self._follow)
        page.on("dialog", self._hear)

    async def run(self) -> Outcome:
        """Visit, fill in, send, judge."""
        try:
            async with asyncio.timeout(self._patience.whole):
                return await self._visit()
        except (TimeoutError, PlaywrightTimeout):
            return await self._broken(ResultReason.TIMEOUT, "It took too long.")
        except Error as error:
            said = error.message.splitlines()[0]
            return await self._broken(ResultReason.UNREACHABLE, f"The visit broke off: {said}")

    async def _visit(self) -> Outcome:
        refusal = await self._gate.refusal(self._task.submission_url) or await self._open()
        if refusal is not None:
            return refusal
        sheet, chosen = await self._look_for_form()
        if chosen is None:
            return await self._close(self._without_form(sheet), sheet)
        return await self._go_through(sheet, chosen)

    async def _open(self) -> Outcome | None:
        """Open the page of the form; an Outcome when it cannot be had."""
        url, longest = self._task.submission_url, self._patience.opening
        answer = await self._page.goto(url, wait_until="domcontentloaded", timeout=longest * 1000)
        await self._traffic.settle(self._patience.quiet, self._patience.building)
        self._status = answer.status if answer else None
        if self._gate.strayed(await self._traffic.servers()):
            return Outcome("failed", ResultReason.UNREACHABLE, PRIVATE)
        if self._status is not None and (self._status >= 500 or self._status == 429):
            return await self._failed(
                ResultReason.SERVER_ERROR,
                f"The page answered with status {self._status}.",
                retry=True,
            )
        if self._status in (404, 410):
            return await self._failed(
                ResultReason.NO_FORM, f"The page answered with status {self._status}."
            )
        return None if self._page.url == url else await self._gate.refusal(self._page.url)

    async def _look_for_form(self) -> tuple[Sheet, Chosen | None]:
        for pause in BUILDING:
            await asyncio.sleep(pause)
            sheet = await read_steadily(self._page)
            if chosen := choose(sheet.shown):
                return sheet, chosen
        return sheet, None

    def _without_form(self, sheet: Sheet) -> Judgement:
        text = "\n".join(frame.text for frame in sheet.shown)
        if self._status == 401 or wants_login(sheet.shown) or asks_for_login(text):
            reason = ResultReason.LOGIN_REQUIRED
            return Judgement("ended", "needs_manual", reason, "The page asks for an account first.")
        if any(frame.guards for frame in sheet.shown):
            reason = ResultReason.CAPTCHA
            return Judgement("ended", "needs_manual", reason, "A CAPTCHA stands before the page.")
        said = "The page holds no form that asks for a business."
        return Judgement("ended", "failed", ResultReason.NO_FORM, said)

    async def _go_through(self, sheet: Sheet, chosen: Chosen) -> Outcome:
        """Page after page of the form, with one round of corrections."""
        corrected = False
        for _ in range(MOST_STEPS):
            filled = await self._fill_in(sheet, chosen)
            if stop := self._stop(filled):
                return await self._hand_over(stop, filled.sheet)
            if not await self._may_click():
                return await self._failed(
                    ResultReason.CANCELLED, "The order no longer wants it.", status="skipped"
                )
            sheet, judgement = await self._send(filled)
            again = judgement.step == "correct"
            if judgement.step == "ended" or judgement.form is None or (again and corrected):
                return await self._close(judgement, sheet)
            corrected = corrected or again
            self._refused = _tried(filled, judgement.wrong) if again else {}
            chosen = judgement.form
        return await self._close(
            Judgement(message=f"The form has more than {MOST_STEPS} pages."), sheet
        )

    async def _fill_in(self, sheet: Sheet, chosen: Chosen) -> Filled:
        filled = await fill_in(
            self._page, sheet, chosen, self._task.profile, self._refused, self._patience
        )
        self._payload |= payload_of(filled.plan, self._payload)
        await self._evidence.keep_filled(self._page)
        return filled

    def _stop(self, filled: Filled) -> Stop | None:
        """Why the form must not be sent; a CAPTCHA comes first, whatever else there is."""
        frame = filled.sheet.shown[filled.chosen.frame]
        if any(guard.form in (-1, filled.chosen.index) for guard in frame.guards):
            return Stop(ResultReason.CAPTCHA, "A CAPTCHA guards the form.")
        return filled.stop

    async def _may_click(self) -> bool:
        """Ask once, directly before the first click that may store something there."""
        if not self.sent:
            if not await self._before_click(self._payload):
                return False
            self.sent = True
        return True

    async def _send(self, filled: Filled) -> tuple[Sheet, Judgement]:
        before = View(filled.sheet.shown, None)
        answered = await press(filled, self._traffic, self._patience)
        if not answered or self._traffic.failure:
            return filled.sheet, Judgement(message=self._silence())
        for pause in TELLING:
            await asyncio.sleep(pause)
            await self._traffic.settle(self._patience.quiet, self._patience.answering)
            sheet, after = await view(self._page, self._traffic, self._alerts, self._patience)
            judgement = judge(before, filled.chosen, after, self._task.profile)
            if judgement.reason is not ResultReason.OUTCOME_UNKNOWN or self._traffic.failure:
                break
        if self._gate.strayed(await self._traffic.servers()):
            return filled.sheet, Judgement(message=PRIVATE)
        return sheet, judgement

    def _silence(self) -> str:
        if self._traffic.failure:
            return f"The connection broke after the form was sent: {self._traffic.failure}."
        return f"The directory did not answer the form within {self._patience.answering:g} s."

    async def _hand_over(self, stop: Stop, sheet: Sheet) -> Outcome:
        """A person goes on from here; what was filled in is kept for them."""
        status = "needs_manual" if stop.reason in BY_PEOPLE else "failed"
        return await self._close(Judgement("ended", status, stop.reason, stop.message), sheet)

    async def _close(self, judgement: Judgement, sheet: Sheet) -> Outcome:
        status, reason, message = judgement.status, judgement.reason, judgement.message
        if judgement.step == "correct":
            said = "; ".join(f"{name}: {wrong}" for name, wrong in judgement.wrong.items())
            status, reason, message = "failed", ResultReason.REJECTED, f"Not taken: {said}"
        text = "\n".join(frame.text for frame in sheet.shown)
        picture = await self._evidence.keep_last(self._page, text)
        return Outcome(
            status, reason, message, self._payload, self._log(text), picture,
            judgement.listing_url, judgement.confirmation,
        )  # fmt: skip

    async def _failed(
        self, reason: ResultReason, message: str, *, status: Any = "failed", retry: bool = False
    ) -> Outcome:
        await shown(self._page, self._patience.acting)
        text = await self._page.evaluate("() => document.body?.innerText || ''")
        picture = await self._evidence.keep_last(self._page, text)
        return Outcome(
            status, reason, message, self._payload, self._log(text), picture, retry=retry
        )

    async def _broken(self, reason: ResultReason, message: str) -> Outcome:
        """Trouble before the click may pass; after it nobody knows what arrived."""
        picture = await self._evidence.keep_last(self._page, "")
        log = self._log("")
        if self.sent:
            return Outcome(
                "needs_manual", ResultReason.OUTCOME_UNKNOWN, message, self._payload, log, picture
            )
        return Outcome("failed", reason, message, self._payload, log, picture, retry=True)

    def _log(self, text: str) -> dict[str, Any]:
        return {
            "url": self._page.url,
            "status": self._traffic.status if self.sent else self._status,
            "text": text[:EXCERPT],
            "alerts": self._alerts,
            "pages": self._traffic.pages[-20:],
            "seconds": round(time.monotonic() - self._begun, 2),
        }

    def _follow(self, page: Page) -> None:
        """An answer in a new window is the answer."""
        self._page = page
        page.on("dialog", self._hear)

    async def _hear(self, dialog: Dialog) -> None:
        self._alerts.append(dialog.message)
        await dialog.accept()


def _tried(filled: Filled, wrong: dict[str, str]) -> dict[str, list[str]]:
    """What stood in the fields that the directory complained of."""
    held = {fill.field.name: fill.values for fill in filled.plan.fills}
    return {name: list(held.get(name, ())) for name in wrong}
