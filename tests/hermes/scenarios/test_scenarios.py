"""Every scenario gets its exact verdict in its time, while all the others misbehave too.

Only the limit that a scenario is about is short. All other limits are longer than the fixture waits, so
a run that waited for one of them would not be over: nothing here depends on how quick the machine is."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest

from hermes.core.views import RunView
from hermes_base.reasons import Reason
from tests.hermes.scenarios.harness import running_hermes, runs_by_name, start_all
from tests.hermes.scenarios.scenario import LONG, Scenario
from tests.hermes.scenarios.scenarios import SCENARIOS
from tests.support.database import Server

LONGEST_RUN = LONG * 3 / 4
"""s; below LONG: a run that waits for a limit it should not wait for is not over."""
pytestmark = pytest.mark.timeout(1000)


@dataclass(frozen=True)
class Observation:
    """What Hermes says of a worker, and the requests that the worker saw."""

    run: RunView
    seen: Counter[str]


@pytest.fixture(scope="session")
def observations(server: Server) -> dict[str, Observation]:
    """All scenarios, tested at once by one runner."""

    async def observe() -> dict[str, Observation]:
        url = await server.database()
        async with running_hermes(url, SCENARIOS, {}) as running:
            site = await running.add_site("scenarios")
            await start_all(running, site, SCENARIOS)
            await running.over([site], LONGEST_RUN)
            runs = await runs_by_name(running, site)
            return {
                each.name: Observation(runs[each.name], running.workers[each.name].seen)
                for each in SCENARIOS
            }

    return asyncio.run(observe())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_gets_its_exact_verdict(
    scenario: Scenario, observations: dict[str, Observation]
) -> None:
    run = observations[scenario.name].run
    assert (run.status, run.reason) == (scenario.status, scenario.reason), run.detail
    assert run.outputs.actual_outputs == list(scenario.actual)
    assert run.outputs.missing_outputs == list(scenario.missing)
    if scenario.trouble is not None:
        assert run.metrics["lastTrouble"]["reason"] == scenario.trouble
    for slug, value in scenario.values.items():
        assert run.outputs.metrics[slug] == value


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_scenario_is_judged_before_its_time(
    scenario: Scenario, observations: dict[str, Observation]
) -> None:
    run = observations[scenario.name].run
    assert run.finished_at is not None
    seconds = (run.finished_at - run.created_at).total_seconds()
    assert seconds >= scenario.not_before


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_no_worker_is_started_more_often_than_it_may_be(
    scenario: Scenario, observations: dict[str, Observation]
) -> None:
    assert observations[scenario.name].seen["/start"] == (
        scenario.starts if scenario.is_smoke else 0
    )


@pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if each.reason], ids=lambda scenario: scenario.name
)
def test_every_verdict_is_explained_to_people(
    scenario: Scenario, observations: dict[str, Observation]
) -> None:
    run = observations[scenario.name].run
    assert all((run.reason_label, run.detail, run.cause, run.next_step))


def test_there_are_at_least_sixty_scenarios_of_different_names() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS) >= 60
    assert {scenario.reason for scenario in SCENARIOS} - {None} <= set(Reason)
