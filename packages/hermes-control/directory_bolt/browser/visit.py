"""One visit of one directory: page after page of its form, to the judgement of the answer."""

import asyncio
from typing import Any

from playwright.async_api import Error
from playwright.async_api import TimeoutError as PlaywrightTimeout

from directory_bolt.browser.ending import broken, ended
from directory_bolt.browser.gate import PRIVATE
from directory_bolt.browser.opening import look_for_form, open_page, without_form
from directory_bolt.browser.reading import Sheet
from directory_bolt.browser.scene import Scene
from directory_bolt.browser.sending import Filled, fill_in, press
from directory_bolt.browser.told import payload_of
from directory_bolt.core.filling.plan import Stop
from directory_bolt.core.mapping.choice import Chosen
from directory_bolt.core.orders.states import BY_PEOPLE, ResultReason
from directory_bolt.core.outcomes.judging import judge
from directory_bolt.core.outcomes.views import Judgement, View
from directory_bolt.submitting import BeforeClick, Outcome, Task

MOST_STEPS = 8
TELLING = (0.5, 1.0, 1.5)  # seconds between looks for a page's word on what became of a form
CANCELLED = Judgement("ended", "skipped", ResultReason.CANCELLED, "The order no longer wants it.")


class Visit:
    """Ends with an Outcome, whatever happens there."""

    def __init__(self, task: Task, scene: Scene, before_click: BeforeClick) -> None:
        self._task = task
        self._scene = scene
        self._before_click = before_click
        self._payload = dict[str, Any]()
        self._refused = dict[str, list[str]]()
        self._earlier = list[Chosen]()

    async def run(self) -> Outcome:
        """Open, fill in, send, judge."""
        try:
            async with asyncio.timeout(self._scene.patience.whole):
                return await self._visit()
        except (TimeoutError, PlaywrightTimeout):
            said = "The directory did not answer in time."
            return await broken(self._scene, ResultReason.TIMEOUT, said, self._payload)
        except Error as error:
            said = f"The visit broke off: {error.message.splitlines()[0]}"
            return await broken(self._scene, ResultReason.UNREACHABLE, said, self._payload)

    async def _visit(self) -> Outcome:
        if fault := await open_page(self._scene, self._task.submission_url):
            return fault
        sheet, chosen = await look_for_form(self._scene)
        if chosen is None:
            return await ended(self._scene, without_form(self._scene, sheet), sheet, {})
        sheet, judgement = await self._go_through(sheet, chosen)
        return await ended(self._scene, judgement, sheet, self._payload)

    async def _go_through(self, sheet: Sheet, chosen: Chosen) -> tuple[Sheet, Judgement]:
        """Page after page of the form, with one round of corrections."""
        corrected = False
        for _ in range(MOST_STEPS):
            filled = await self._fill_in(sheet, chosen)
            if stop := stop_of(filled):
                return filled.sheet, _by_people(stop)
            if not await self._may_click():
                return filled.sheet, CANCELLED
            sheet, judgement = await self._send(filled)
            again = judgement.step == "correct"
            if judgement.step == "ended" or judgement.form is None or (again and corrected):
                return sheet, judgement
            corrected = corrected or again
            self._earlier.append(filled.chosen)
            self._refused = _tried(filled, judgement.wrong) if again else {}
            chosen = judgement.form
        return sheet, Judgement(message=f"The form has more than {MOST_STEPS} pages.")

    async def _fill_in(self, sheet: Sheet, chosen: Chosen) -> Filled:
        scene = self._scene
        filled = await fill_in(scene, sheet, chosen, self._task.profile, self._refused)
        self._payload |= payload_of(filled.plan, self._payload)
        await scene.evidence.keep_filled(scene.page)
        return filled

    async def _may_click(self) -> bool:
        """Ask once, directly before the first click that may store something there."""
        if not self._scene.sent:
            self._scene.sent = await self._before_click(self._payload)
        return self._scene.sent

    async def _send(self, filled: Filled) -> tuple[Sheet, Judgement]:
        """Press the button once, and look until the page says what came of it."""
        scene, before = self._scene, View(filled.sheet.shown)
        if silence := await press(scene, filled):
            return filled.sheet, Judgement(message=silence)
        sheet, judgement = await self._look(before, filled)
        for pause in TELLING:
            if judgement.reason is not ResultReason.OUTCOME_UNKNOWN or scene.traffic.failure:
                break
            await asyncio.sleep(pause)
            await scene.traffic.settle(scene.patience.quiet, scene.patience.answering)
            sheet, judgement = await self._look(before, filled)
        return (
            (filled.sheet, Judgement(message=PRIVATE))
            if await scene.strayed()
            else (sheet, judgement)
        )

    async def _look(self, before: View, filled: Filled) -> tuple[Sheet, Judgement]:
        sheet, after = await self._scene.view()
        told = judge(before, filled.chosen, after, self._task.profile, self._refused, self._earlier)
        return sheet, told


def stop_of(filled: Filled) -> Stop | None:
    """Why the form must not be sent; a CAPTCHA comes first, whatever else there is."""
    frame = filled.sheet.shown[filled.chosen.frame]
    if any(guard.form in (-1, filled.chosen.index) for guard in frame.guards):
        return Stop(ResultReason.CAPTCHA, "A CAPTCHA guards the form.")
    return filled.stop


def _by_people(stop: Stop) -> Judgement:
    status = "needs_manual" if stop.reason in BY_PEOPLE else "failed"
    return Judgement("ended", status, stop.reason, stop.message)


def _tried(filled: Filled, wrong: dict[str, str]) -> dict[str, list[str]]:
    """What stood in the fields that the directory complained of."""
    held = {fill.field.name: fill.values for fill in filled.plan.fills}
    return {name: list(held.get(name, ())) for name in wrong}
