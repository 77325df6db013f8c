"""What must be true of all jobs and runs after every step, whatever happened."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asyncpg import Record

from hermes.core.runs.model import TERMINAL

from .services import OUTPUTS, SERVICES
from .stage import Stage

COUNTS = ("queued", "running", "passed", "partial", "failed", "cancelled")
WORDS = {"passed": "success"}


@dataclass
class Facts:
    """What was seen so far, and the checks that compare it with what is there now."""

    stage: Stage
    runs: dict[UUID, Record] = field(default_factory=dict[UUID, Record])
    jobs: dict[UUID, Record] = field(default_factory=dict[UUID, Record])
    checks: int = 0
    ended: dict[UUID, tuple[Any, ...]] = field(default_factory=dict[UUID, tuple[Any, ...]])

    async def check(self) -> None:
        """Read everything once, and check it."""
        await self._read()
        for run in self.runs.values():
            self._run_is_not_lost(run)
            self._slot_is_right(run)
            self._start_is_not_doubled(run)
            self._end_is_final(run)
            self._verdict_is_what_the_worker_delivered(run)
        self._slots_keep_to_the_limit()
        assert not self.stage.worker.strange
        for job in self.jobs.values():
            await self._job_adds_up(job)
        self.checks += 1
        await self._table_and_inspector_agree(
            self.stage.sites[
                self.checks % len(self.stage.sites)
            ]  # in turn: it is the dearest check
        )

    async def _read(self) -> None:
        pool, before = self.stage.pool, set(self.runs)
        self.runs = {r["id"]: r for r in await pool.fetch("select * from service_runs")}
        self.jobs = {j["id"]: j for j in await pool.fetch("select * from test_jobs")}
        assert before <= set(self.runs), "a run is gone"

    def of_job(self, job_id: UUID) -> list[Record]:
        """The runs of a job."""
        return [run for run in self.runs.values() if run["job_id"] == job_id]

    def _run_is_not_lost(self, run: Record) -> None:
        if run["status"] not in TERMINAL:
            assert run["due_at"] is not None, f"nobody will look at {run['id']} again"
        assert run["reason"] != "internal", run["detail"]

    def _slot_is_right(self, run: Record) -> None:
        if run["run_type"] == "connection":
            assert not run["holds_slot"]
        elif run["status"] == "running":
            assert run["holds_slot"], "a running run without a slot lets too many run"
        if run["holds_slot"]:
            assert run["due_at"] is not None, "this slot would never be free again"

    def _start_is_not_doubled(self, run: Record) -> None:
        made = self.stage.worker.made[str(run["id"])]
        assert made <= 1, f"{run['service_slug']} made {made} jobs for one run"

    def _end_is_final(self, run: Record) -> None:
        if run["status"] in TERMINAL:
            now = (run["status"], run["reason"], run["outputs_json"], run["finished_at"])
            assert self.ended.setdefault(run["id"], now) == now, "a terminal run changed"
        else:
            assert run["id"] not in self.ended, "a terminal run is open again"

    def _verdict_is_what_the_worker_delivered(self, run: Record) -> None:
        if run["run_type"] == "connection" or run["status"] not in ("success", "partial"):
            return
        said = self.stage.worker.results_of(str(run["id"]))
        assert said == {"all" if run["status"] == "success" else "some"}
        expected = [] if run["status"] == "success" else list(OUTPUTS[1:])
        assert run["outputs_json"]["missingOutputs"] == expected

    def _slots_keep_to_the_limit(self) -> None:
        for slug, service in SERVICES.items():
            held = sum(r["holds_slot"] for r in self.runs.values() if r["service_slug"] == slug)
            assert held <= service.max_concurrency

    async def _job_adds_up(self, job: Record) -> None:
        runs = self.of_job(job["id"])
        over = all(run["status"] in TERMINAL for run in runs)
        assert (job["status"] in ("done", "cancelled")) == over, "a job ends with its last run"
        progress = (await self.stage.hermes.jobs.one(job["id"])).progress
        assert progress["total"] == len(runs) == sum(progress[name] for name in COUNTS)
        for name in COUNTS:
            assert progress[name] == sum(r["status"] == WORDS.get(name, name) for r in runs), name

    async def _table_and_inspector_agree(self, site_id: UUID) -> None:
        table = (await self.stage.hermes.integrations.table(site_id)).services
        for row in table:
            inspector = await self.stage.hermes.integrations.service(site_id, row.slug)
            assert inspector.missing == row.missing
            assert row.missing.state == self._missing_state(site_id, row.slug)

    def _missing_state(self, site_id: UUID, slug: str) -> str:
        """By plain reading of the newest smoke run."""
        smoke = [
            run for run in self.runs.values()
            if (run["site_id"], run["service_slug"], run["run_type"]) == (site_id, slug, "smoke")
        ]  # fmt: skip
        if not smoke:
            return "not_tested"
        newest = max(smoke, key=lambda run: (run["created_at"], run["id"]))
        if newest["status"] in ("queued", "running"):
            return "pending"
        return "cancelled" if newest["status"] == "cancelled" else "counted"
