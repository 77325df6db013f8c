"""One page of a form: fill it in until it holds everything, press its button, wait for an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from directory_bolt.browser.acting import do, found
from directory_bolt.browser.reading import Sheet
from directory_bolt.browser.scene import Scene, read_steadily
from directory_bolt.core.filling.plan import Fill, Plan, Stop
from directory_bolt.core.filling.planning import plan
from directory_bolt.core.mapping.choice import Chosen, look
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.states import ResultReason

PASSES = 3  # a country may bring its states, a category its details


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
    scene: Scene,
    sheet: Sheet,
    chosen: Chosen,
    profile: BusinessProfile,
    refused: Mapping[str, Sequence[str]],
) -> Filled:
    """Fill in, look again, and go on until every field holds a value that the page takes."""
    faults = dict[str, str]()
    tried = {name: list(values) for name, values in refused.items()}
    made = plan(chosen, profile, tried)
    for _ in range(PASSES):
        faults = await _fill(sheet, chosen, _left(made), scene.patience.acting)
        sheet = await read_steadily(scene.page)
        chosen = _same_form(sheet, chosen)
        _remember(made, chosen, tried)
        made = plan(chosen, profile, tried)
        if not _left(made):
            return Filled(sheet, chosen, made)
    left = [fill.field.told for fill in _left(made)]
    return Filled(sheet, chosen, made, {told: faults.get(told, "it changes") for told in left})


def _left(made: Plan) -> list[Fill]:
    return [fill for fill in made.fills if not fill.is_done]


def _remember(made: Plan, chosen: Chosen, tried: dict[str, list[str]]) -> None:
    """What the browser itself finds wrong in a field is not tried there again."""
    typed = {fill.field.name: fill.values for fill in made.fills if fill.action == "type"}
    for each in chosen.fields:
        name = each.field.name
        if each.field.unmet and name and name in typed and any(typed[name]):
            tried.setdefault(name, []).extend(typed[name])


async def _fill(sheet: Sheet, chosen: Chosen, todo: list[Fill], seconds: float) -> dict[str, str]:
    frame = sheet.frames[chosen.frame][0]
    told = {fill.field.told: await do(frame, fill, seconds) for fill in todo}
    return {field: fault for field, fault in told.items() if fault}


def _same_form(sheet: Sheet, chosen: Chosen) -> Chosen:
    """The form at the same place of the page as it is now."""
    if chosen.frame < len(sheet.frames):
        forms = sheet.shown[chosen.frame].forms
        if chosen.index < len(forms):
            return look(chosen.frame, chosen.index, forms[chosen.index]) or chosen
    return chosen


async def press(scene: Scene, filled: Filled) -> str:
    """Press the button and wait for an answer; why there is none, or ""."""
    chosen, patience = filled.chosen, scene.patience
    frame = filled.sheet.frames[chosen.frame][0]
    longest_ms = patience.acting * 1000
    scene.traffic.begin(frame)
    if chosen.button is None:
        await found(frame, _last_typed(chosen)).press("Enter", timeout=longest_ms)
    else:
        await found(frame, chosen.button.key).click(timeout=longest_ms, no_wait_after=True)
    settled = await scene.traffic.settle(patience.quiet, patience.answering)
    if scene.traffic.failure:
        return f"The connection broke after the form was sent: {scene.traffic.failure}."
    return "" if settled else f"There was no answer to the form within {patience.answering:g} s."


def _last_typed(chosen: Chosen) -> str:
    """The key of the field from which Enter sends a form without a button."""
    seen = [each.field for each in chosen.fields if not each.field.hidden]
    typed = [field for field in seen if field.is_text and field.tag == "input"]
    return (typed or seen)[-1].key
