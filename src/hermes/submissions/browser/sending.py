"""One page of a form: fill it in until it holds everything, press the button, wait for the answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playwright.async_api import Error, Page

from hermes.core.submissions.filling import Fill, Plan, Stop, plan
from hermes.core.submissions.filling_held import holds
from hermes.core.submissions.mapping_choice import Chosen, look
from hermes.core.submissions.outcomes import View
from hermes.core.submissions.profile import BusinessProfile
from hermes.core.submissions.states import ResultReason
from hermes.submissions.browser.acting import do, found
from hermes.submissions.browser.patience import Patience
from hermes.submissions.browser.reading import Sheet, read
from hermes.submissions.browser.traffic import Traffic, shown

PASSES = 3  # a country may bring its states, a category its details
READINGS = (0.1, 0.3, 0.6, 1.0)  # seconds between tries to read a page that is moving on


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it stands filled in on its page."""

    sheet: Sheet
    chosen: Chosen
    plan: Plan
    faults: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def stop(self) -> Stop | None:
        """Why it must not be sent; a field that does not hold its value counts."""
        if self.plan.stop is not None or not self.faults:
            return self.plan.stop
        told, fault = next(iter(self.faults.items()))
        return Stop(ResultReason.LOW_CONFIDENCE, f"{told!r} does not take its value: {fault}")


async def fill_in(
    page: Page,
    sheet: Sheet,
    chosen: Chosen,
    profile: BusinessProfile,
    refused: Mapping[str, Sequence[str]],
    patience: Patience,
) -> Filled:
    """Fill in, look again, and go on until every field holds its value."""
    faults = dict[str, str]()
    made = plan(chosen, profile, refused)
    for _ in range(PASSES):
        todo = [fill for fill in made.fills if not holds(fill)]
        if not todo:
            return Filled(sheet, chosen, made)
        faults = await _fill(sheet, chosen, todo, patience)
        sheet = await read_steadily(page)
        chosen = _same_form(sheet, chosen)
        made = plan(chosen, profile, refused)
    left = {
        f.field.told: faults.get(f.field.told, "it changes") for f in made.fills if not holds(f)
    }
    return Filled(sheet, chosen, made, left)


async def _fill(
    sheet: Sheet, chosen: Chosen, todo: list[Fill], patience: Patience
) -> dict[str, str]:
    frame = sheet.frames[chosen.frame][0]
    told = {fill.field.told: await do(frame, fill, patience.acting) for fill in todo}
    return {field: fault for field, fault in told.items() if fault}


def _same_form(sheet: Sheet, chosen: Chosen) -> Chosen:
    """The form at the same place of the page as it is now."""
    if chosen.frame < len(sheet.frames):
        forms = sheet.shown[chosen.frame].forms
        if chosen.index < len(forms):
            return look(chosen.frame, chosen.index, forms[chosen.index]) or chosen
    return chosen


async def press(filled: Filled, traffic: Traffic, patience: Patience) -> bool:
    """Press the button and wait for what comes of it; False when the answer took too long."""
    chosen = filled.chosen
    frame = filled.sheet.frames[chosen.frame][0]
    traffic.begin()
    if chosen.button is None:
        await found(frame, chosen.fields[0].field.key).press(
            "Enter", timeout=patience.acting * 1000
        )
    else:
        await found(frame, chosen.button.key).click(
            timeout=patience.acting * 1000, no_wait_after=True
        )
    return await traffic.settle(patience.quiet, patience.answering)


async def view(
    page: Page, traffic: Traffic, alerts: Sequence[str], patience: Patience
) -> tuple[Sheet, View]:
    """The page as it is now."""
    await shown(page, patience.acting)
    sheet = await read_steadily(page)
    return sheet, View(sheet.shown, traffic.status, tuple(alerts))


async def read_steadily(page: Page) -> Sheet:
    """Read a page that may be on its way to another one. Raises Error when it never stands still."""
    for pause in READINGS:
        try:
            return await read(page)
        except Error:
            await asyncio.sleep(pause)
    return await read(page)
