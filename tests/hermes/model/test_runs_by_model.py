"""A hypothesis model of runs: random presses, replies, crashes and cancels on the real runner and
database. `HYPOTHESIS_PROFILE=long` plays many more and longer examples."""

import asyncio
import os
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from hermes.core.catalog import RunType
from hermes.core.runs.model import TERMINAL
from hermes_base.problems import Problem
from tests.support.database import Server

from .facts import Facts
from .services import SERVICES
from .stage import Dead, Stage, open_stage
from .worker import CANCELS, HEALTHS, STARTS, STATUSES, Mood

T = TypeVar("T")
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
SIZE = settings(
    max_examples=1000 if LONG else 20,
    stateful_step_count=60 if LONG else 30,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow,),
    print_blob=True,
)
slugs = st.sampled_from(sorted(SERVICES))
any_of = st.integers(0, 1000)
seconds = st.sampled_from((0.5, 1, 3, 10, 10, 31, 31, 61, 125, 700, 4000))
moods = st.builds(
    Mood,
    st.sampled_from(STARTS),
    st.sampled_from(STATUSES),
    st.sampled_from(CANCELS),
    st.sampled_from(HEALTHS),
    st.sampled_from((False, False, False, False, True)),
)


class Runs(RuleBasedStateMachine):
    """One control room with two sites and three services, on a bad day."""

    loop: asyncio.Runner
    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.sound = True
        self.dead: list[Dead] = []
        self._do(self.stage.clear(sites=2))
        self.facts = Facts(self.stage)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        try:
            return self.loop.run(work)
        except BaseException:
            self.sound = False
            raise

    def _pick(self, ids: dict[UUID, Any], number: int) -> UUID | None:
        """One of these rows, by number: ids differ from one playing of an example to the next."""
        rows = sorted(ids.values(), key=lambda r: (r["created_at"], str(r.get("service_slug"))))
        return rows[number % len(rows)]["id"] if rows else None

    @initialize(found=st.lists(moods, min_size=len(SERVICES), max_size=len(SERVICES)))
    def workers_are_found_in_some_mood(self, found: list[Mood]) -> None:
        self.stage.worker.moods.update(zip(SERVICES, found, strict=True))
        self.stage.point()
        self._do(self.stage.hermes.jobs.start("smoke", self.stage.sites[0], "model", None))

    @rule(slug=slugs, mood=moods)
    def a_worker_changes_its_mood(self, slug: str, mood: Mood) -> None:
        self.stage.worker.moods[slug] = mood
        self.stage.point()

    @rule(
        site=st.integers(0, 1),
        mode=st.sampled_from(("connection", "smoke", "smoke", "full")),
        slug=slugs | st.none(),
    )
    def somebody_presses(self, site: int, mode: RunType, slug: str | None) -> None:
        only = slug or ("faithful" if mode == "full" else None)
        kind = (self.stage.sites[site], f"{mode}_{'one' if only else 'all'}", only)
        jobs = [j for j in self.facts.jobs.values() if j["status"] not in ("done", "cancelled")]
        open_one = [
            j["id"] for j in jobs if (j["site_id"], j["job_type"], j["service_slug"]) == kind
        ]
        started = self._do(self.stage.hermes.jobs.start(mode, kind[0], "model", only))
        assert started.already_running == bool(open_one)
        if open_one:
            assert [started.job_id] == open_one

    @rule(runners=st.integers(1, 2), pauses=st.lists(seconds, max_size=1))
    def runners_work(self, runners: int, pauses: list[float]) -> None:
        self._do(self.stage.drain(runners))
        for pause in pauses:
            self.stage.clock.forward(pause)
            self._do(self.stage.drain(runners))

    @rule(pause=seconds)
    def time_passes(self, pause: float) -> None:
        self.stage.clock.forward(pause)

    @rule(limit=st.integers(1, 6))
    def a_runner_dies_after_its_claim(self, limit: int) -> None:
        self._do(self.stage.claim(limit))

    @rule(limit=st.integers(1, 6))
    def a_runner_dies_before_its_save(self, limit: int) -> None:
        self.dead.append(self._do(self.stage.die_before_saving(limit)))

    @rule(number=any_of)
    def a_dead_runner_was_only_slow(self, number: int) -> None:
        if self.dead:
            self._do(self.stage.save_late(self.dead.pop(number % len(self.dead))))

    @rule(limit=st.integers(1, 6), pause=seconds)
    def a_runner_is_overtaken(self, limit: int, pause: float) -> None:
        """Another runner goes on where the lease has lapsed; then the first one wakes."""
        first = self._do(self.stage.die_before_saving(limit))
        self.stage.clock.forward(pause)
        self._do(self.stage.drain(1))
        self._do(self.stage.save_late(first))

    @rule(in_order=st.booleans())
    def a_runner_is_stopped_while_it_asks(self, *, in_order: bool) -> None:
        self._do(self.stage.stop_while_asking(in_order=in_order))

    @rule(number=any_of)
    def somebody_cancels_a_run(self, number: int) -> None:
        run_id = self._pick(self.facts.runs, number)
        if run_id is None:
            return
        if self.facts.runs[run_id]["status"] in TERMINAL:
            with pytest.raises(Problem, match="The run is"):
                self.loop.run(self.stage.hermes.runs.cancel(run_id, "model"))
        else:
            self._do(self.stage.hermes.runs.cancel(run_id, "model"))

    @rule(number=any_of, asking=st.booleans())
    def somebody_cancels_a_job(self, number: int, *, asking: bool) -> None:
        still_open = {i: j for i, j in self.facts.jobs.items() if j["finished_at"] is None}
        job_id = self._pick(still_open, number)
        if job_id is None:
            return
        cancel = self.stage.cancel_while_asking if asking else self._cancel_job
        self._do(cancel(job_id))

    async def _cancel_job(self, job_id: UUID) -> None:
        await self.stage.hermes.jobs.cancel(job_id, "model")

    @invariant()
    def all_facts_hold(self) -> None:
        self._do(self.facts.check())

    def teardown(self) -> None:
        """In the end every worker is well again: then every run ends, and every slot is free."""
        if self.sound:
            self._do(self._all_ends_well())

    async def _all_ends_well(self) -> None:
        for slug in SERVICES:
            self.stage.worker.moods[slug] = Mood()
        self.stage.point()
        for _ in range(60):
            await self.stage.drain(1)
            await self.facts.check()
            if not any(run["due_at"] for run in self.facts.runs.values()):
                return
            self.stage.clock.forward(31)
        raise AssertionError("with well workers half an hour is enough for every run")


@pytest.fixture
def playing(server: Server) -> Iterator[type[Runs]]:
    """The model on a stage whose event loop and database outlive the steps of an example."""
    with asyncio.Runner() as loop:
        url = loop.run(server.database())
        opening = open_stage(url)
        stage = loop.run(opening.__aenter__())
        yield type("RunsOnStage", (Runs,), {"loop": loop, "stage": stage})
        loop.run(opening.__aexit__(None, None, None))
        loop.run(server.drop(url))


@pytest.mark.timeout(36_000 if LONG else 600)
def test_whatever_happens_no_run_is_lost_doubled_or_judged_twice(playing: type[Runs]) -> None:
    run_state_machine_as_test(playing, settings=SIZE)
