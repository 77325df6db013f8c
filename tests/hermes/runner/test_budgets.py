"""B2: what a run may use is enforced by Hermes, and exceeding it is its own reason."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.catalog import Budget, ModeSpec
from hermes.core.runs.budgets import exceeded_at_the_end, exceeded_under_way
from hermes.core.views import RunView
from tests.support.catalog import outputs_of
from tests.support.room import Room


async def smoke(room: Room, slug: str, step: float = 5) -> RunView:
    room.register(slug)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", slug)
    await room.finish(step=step)
    run = (await room.hermes.integrations.service(room.site.id, slug)).smoke.run
    assert run is not None
    return run


def budgeted(room: Room, slug: str, **limits: Any) -> None:
    service = room.catalog.service(slug)
    ask = ModeSpec(deadline_seconds=120, budget=Budget(**limits))
    room.catalog.by_name[slug] = service.model_copy(update={"smoke": ask})


@pytest.mark.parametrize(
    ("limits", "metrics", "words"),
    [
        ({"cost_usd": 0.01}, {"cost_usd": 0.5}, "Used 0.5 USD; the budget is 0.01."),
        ({"requests": 10}, {"requests": 11}, "Used 11 requests; the budget is 10."),
        ({"items": 5}, {"urls_visited": 900}, "Used 900 items; the budget is 5."),
    ],
)
async def test_a_worker_that_reports_more_than_it_may_fails_with_the_figures(
    room: Room, limits: dict[str, Any], metrics: dict[str, Any], words: str
) -> None:
    budgeted(room, "content_qa", **limits)
    outputs = outputs_of(room.catalog.service("content_qa"))
    room.worker.script("content_qa").final = {"result": {"outputs": outputs, "metrics": metrics}}
    run = await smoke(room, "content_qa")
    assert (run.status, run.reason, run.detail) == ("failed", "budget_exceeded", words)
    assert run.outputs.actual_outputs == list(outputs), "what arrived is still shown"


async def test_a_job_that_does_more_than_it_may_is_ended_and_told_to_stop(room: Room) -> None:
    budgeted(room, "serp_intel", items=3)
    script = room.worker.script("serp_intel")
    script.polls = 8
    run = await smoke(room, "serp_intel", step=1)
    assert (run.status, run.reason) == ("failed", "budget_exceeded")
    assert room.worker.cancels == ["serp_intel-1"]


async def test_a_budget_of_time_ends_a_run_before_its_deadline(room: Room) -> None:
    budgeted(room, "serp_intel", wall_seconds=20)
    room.worker.script("serp_intel").polls = 1000
    began = room.clock.now
    run = await smoke(room, "serp_intel", step=2)
    assert (run.status, run.reason) == ("failed", "budget_exceeded")
    assert (room.clock.now - began).total_seconds() < 60


@given(st.floats(0, 1e6), st.floats(0.001, 1e6))
def test_a_budget_is_exceeded_exactly_when_more_was_used_than_allowed(
    used: float, allowed: float
) -> None:
    said = exceeded_at_the_end(Budget(cost_usd=allowed), {"cost_usd": used})
    assert (said is not None) == (used > allowed)


@pytest.mark.parametrize(
    "progress", [None, {}, {"done": "9"}, {"done": True}, {"done": 90, "unit": "%"}]
)
def test_what_a_worker_does_not_count_is_not_guessed(progress: dict[str, Any] | None) -> None:
    assert exceeded_under_way(Budget(items=1), progress) is None
    assert exceeded_under_way(Budget(items=1), {**(progress or {}), "done": 9, "unit": ""})
