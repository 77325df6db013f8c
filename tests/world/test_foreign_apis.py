"""Shapes of foreign APIs: each life of each over real HTTP, through the steps of a runner, with a held clock."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from hermes.core.catalog import Catalog
from hermes.core.runs.model import ClaimedRun, RunUpdate
from hermes.runner.durations import Durations
from hermes.runner.requests import Requests
from hermes.runner.steps import StepRunner
from hermes.vault import Environment, Vault
from hermes_base.http.client import Client
from tests.world.foreign import FIGURES, Life, Reads, Shape, World, serving, shapes
from tests.world.playing import NOW, believed, next_claim, run_of, verdict, words
from tests.world.rows import hold

CATALOG = Catalog(version=1, services=(FIGURES,))
MOST_STEPS = 60
SHAPES = shapes()
LIVES = [
    pytest.param(name, shape, life, id=f"{name}-{life.name}")
    for name, shape in SHAPES.items()
    for life in shape.lives
]


class NoHistory(Durations):
    """No earlier runs: there is no database to ask for them."""

    def __init__(self) -> None:
        pass

    async def of(self, run: ClaimedRun) -> Sequence[float]:
        return ()


@dataclass
class Story:
    """A run from its start to its end: the verdict, and all progress that was told on the way."""

    verdict: RunUpdate
    progress: list[dict[str, Any]]


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with serving() as found:
        yield found


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[Client]:
    async with Client(host_limit=64) as found:
        yield found


async def told(client: Client, secret: str, life: Life) -> Story:
    """Run it to its end; then go on until the slot is free, so that a late cancel is seen too."""
    now = NOW

    def clock() -> datetime:
        return now

    vault = Vault([Environment({FIGURES.secret: secret})])
    requests = Requests(client, clock)
    steps = StepRunner(CATALOG, vault, requests, clock, lambda: 0.5, NoHistory())
    run, progress, ended = run_of(FIGURES), list[dict[str, Any]](), None
    for _ in range(MOST_STEPS):
        update = (await steps.step(run)).update
        ended = ended or (update if update.finished_at else None)
        progress += [update.metrics["progress"]] if "progress" in update.metrics else []
        if update.due_at is None:
            break
        now, run = max(update.due_at, now), _cancelled(next_claim(update), life, now)
    assert ended is not None, "the run never ended"
    return Story(ended, progress)


def _cancelled(run: ClaimedRun, life: Life, now: datetime) -> ClaimedRun:
    """The run, with somebody's wish to cancel it once it was polled often enough."""
    if life.cancel_after is None or run.over or run.polls < life.cancel_after:
        return run
    return replace(run, cancel_requested_at=run.cancel_requested_at or now)


def broken(life: Life, story: Story, asked: World, name: str) -> list[str]:
    """What Hermes did not read of a life, although it is there."""
    reads, update = life.reads, story.verdict
    wrong = {
        f"status {reads.status}": update.status != reads.status,
        f"reason {reads.reason}": bool(reads.reason) and update.reason != reads.reason,
        "outputs": reads.status == "success" and len(believed(update)) < 3,
        "progress": bool(reads.progress)
        and not any(each.items() >= reads.progress.items() for each in story.progress),
        "words": reads.says.lower() not in words(update.failure),
        "cancel": bool(reads.cancel_reaches) and not asked.asked[name, reads.cancel_reaches],
    }
    return [what for what, is_wrong in wrong.items() if is_wrong]


@pytest.mark.parametrize(("name", "shape", "life"), LIVES)
async def test_the_life_of_a_job_at_a_foreign_api_is_read(
    name: str, shape: Shape, life: Life, world: World, client: Client
) -> None:
    place = f"{name}-{life.name}"
    world.play(place, shape, life)
    story = await told(client, world.secret(place, shape), life)
    faults = broken(life, story, world, place)
    unread = f" (not read: {', '.join(faults)})" if faults else ""
    hold(life, f"{verdict(story.verdict)}{unread}", *faults)


FORGETFUL = [name for name, shape in SHAPES.items() if len(shape.lives[0].plays) > 1]


@pytest.mark.parametrize("name", FORGETFUL)
async def test_a_job_that_the_api_forgets_is_unknown_to_it(
    name: str, world: World, client: Client
) -> None:
    shape, place = SHAPES[name], f"{name}-forgotten"
    start, taken = next(iter(shape.lives[0].plays.items()))
    reads = Reads(status="failed", reason="job_unknown_to_worker")
    life = Life(name="forgotten", plays={start: taken}, reads=reads)
    world.play(place, shape, life)
    world.nothing = "There is no such job."
    story = await told(client, world.secret(place, shape), life)
    world.nothing = "Not Found"
    assert broken(life, story, world, place) == []


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_a_good_and_a_bad_end(name: str) -> None:
    ends = {life.reads.status for life in SHAPES[name].lives}
    assert {"success", "failed"} <= ends


@pytest.mark.parametrize("name", SHAPES)
def test_every_answer_of_a_shape_is_played(name: str) -> None:
    shape = SHAPES[name]
    played = {said for life in shape.lives for each in life.plays.values() for said in each}
    assert played == shape.answers.keys()
    assert len({life.name for life in shape.lives}) == len(shape.lives)


def test_there_are_thirty_three_shapes() -> None:
    assert len(SHAPES) >= 33
