"""One page of a form: fill it in until it holds everything, press its button, wait for an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from directory_bolt.browser.field_entry import element, enter
from directory_bolt.browser.page_session import PageSession, read_steadily
from directory_bolt.browser.page_snapshot import PageSnapshot
from directory_bolt.core.filling.filling import plan
from directory_bolt.core.filling.held import holds
from directory_bolt.core.filling.plan import Fill, Plan, Stop
from directory_bolt.core.mapping.choice import Chosen, look
from directory_bolt.core.orders.profile import BusinessProfile
from directory_bolt.core.orders.states import ResultReason

PASSES = 3  # a country may bring its states, a category its details


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form as it stands filled in on its page."""

    snapshot: PageSnapshot
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


async def fill_form(
    session: PageSession,
    snapshot: PageSnapshot,
    chosen: Chosen,
    profile: BusinessProfile,
    refused: Mapping[str, Sequence[str]],
) -> FilledForm:
    """Fill in, look again, and go on until every field holds a value that the page takes."""
    faults = dict[str, str]()
    tried = {name: list(values) for name, values in refused.items()}
    made = plan(chosen, profile, tried)
    for _ in range(PASSES):
        faults = await _fill(snapshot, chosen, _left(made), session.timeouts.field_entry)
        snapshot = await read_steadily(session.page)
        chosen = _same_form(snapshot, chosen)
        _remember(made, chosen, tried)
        made = plan(chosen, profile, tried)
        if not _left(made):
            return FilledForm(snapshot, chosen, made)
    left = [fill.field.told for fill in _left(made)]
    return FilledForm(
        snapshot, chosen, made, {told: faults.get(told, "it changes") for told in left}
    )


def _left(made: Plan) -> list[Fill]:
    return [fill for fill in made.fills if not holds(fill)]


def _remember(made: Plan, chosen: Chosen, tried: dict[str, list[str]]) -> None:
    """What the browser itself finds wrong in a field is not tried there again."""
    typed = {fill.field.name: fill.values for fill in made.fills if fill.action == "type"}
    for each in chosen.fields:
        name = each.field.name
        if each.field.unmet and name and name in typed and any(typed[name]):
            tried.setdefault(name, []).extend(typed[name])


async def _fill(
    snapshot: PageSnapshot, chosen: Chosen, todo: list[Fill], seconds: float
) -> dict[str, str]:
    frame = snapshot.frames[chosen.frame][0]
    told = {fill.field.told: await enter(frame, fill, seconds) for fill in todo}
    return {field: fault for field, fault in told.items() if fault}


def _same_form(snapshot: PageSnapshot, chosen: Chosen) -> Chosen:
    """The form at the same place of the page as it is now."""
    if chosen.frame < len(snapshot.frames):
        forms = snapshot.shown[chosen.frame].forms
        if chosen.index < len(forms):
            return look(chosen.frame, chosen.index, forms[chosen.index]) or chosen
    return chosen


async def click_submit(session: PageSession, filled: FilledForm) -> str:
    """Press the button and wait for an answer; why there is none, or ""."""
    chosen, timeouts = filled.chosen, session.timeouts
    frame = filled.snapshot.frames[chosen.frame][0]
    longest_ms = timeouts.field_entry * 1000
    session.network.begin(frame)
    if chosen.button is None:
        await element(frame, _last_typed(chosen)).press("Enter", timeout=longest_ms)
    else:
        await element(frame, chosen.button.key).click(timeout=longest_ms, no_wait_after=True)
    settled = await session.network.settle(timeouts.quiet, timeouts.answer)
    if session.network.failure:
        return f"The connection broke after the form was sent: {session.network.failure}."
    return "" if settled else f"There was no answer to the form within {timeouts.answer:g} s."


def _last_typed(chosen: Chosen) -> str:
    """The key of the field from which Enter sends a form without a button."""
    seen = [each.field for each in chosen.fields if not each.field.hidden]
    typed = [field for field in seen if field.is_text and field.tag == "input"]
    return (typed or seen)[-1].key
