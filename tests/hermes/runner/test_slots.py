"""One slot, and workers whose jobs outlive their runs: never two of them at a time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from aiohttp import web

from tests.support.room import Room

SLUG = "core_web_vitals"
LONG, SHORT = timedelta(seconds=900), timedelta(seconds=90)
"""How long a job goes on if nobody cancels it: far beyond the deadline of a run, and less. A job without a name can
be neither asked for nor cancelled; it is given up at the deadline of its run."""
PRESSES = 3

Answer = tuple[dict[str, object], int]


@dataclass
class Remote:
    """A worker that counts the jobs that go on at it. A job ends by itself, or when it is cancelled."""

    clock: Callable[[], datetime]
    accepts: Callable[[str], Answer]
    tells: Answer
    lasts: timedelta
    ends: dict[str, datetime] = field(default_factory=dict[str, datetime])
    most: int = 0
    cancels: list[str] = field(default_factory=list[str])

    async def start(self, request: web.Request) -> web.StreamResponse:
        name = f"job-{len(self.ends) + 1}"
        self.ends[name] = self.clock() + self.lasts
        self.most = max(self.most, sum(end > self.clock() for end in self.ends.values()))
        body, status = self.accepts(name)
        return web.json_response(body, status=status)

    async def status(self, request: web.Request) -> web.StreamResponse:
        if request.query["jobId"] not in self.ends:
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        if self.ends[request.query["jobId"]] <= self.clock():
            return web.json_response({"status": "cancelled"})
        return web.json_response(self.tells[0], status=self.tells[1])

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        name = request.query["jobId"]
        self.cancels.append(name)
        if name not in self.ends:
            return web.json_response({"error": {"code": "job_unknown"}}, status=404)
        self.ends[name] = self.clock() + timedelta(seconds=20)
        return web.json_response({"status": "cancelling"}, status=202)


RUNNING: Answer = {"status": "running"}, 200
KINDS: dict[str, tuple[Callable[[str], Answer], Answer, bool]] = {
    "faults at every look": (lambda j: ({"jobId": j}, 202), ({"error": "db"}, 500), True),
    "an unknown word at every look": (
        lambda j: ({"jobId": j}, 202), ({"status": "marinating"}, 200), True,
    ),
    "an unknown word at the start": (
        lambda j: ({"jobId": j, "status": "marinating"}, 200), ({"status": "marinating"}, 200), True,
    ),
    "an operation without a known id": (
        lambda j: ({"operation": f"operations/{j}", "kind": "crawl"}, 200), RUNNING, False,
    ),
    "accepted under an unknown name": (lambda j: ({"slip": j}, 202), RUNNING, False),
    "refused while it is looked at": (lambda j: ({"jobId": j}, 202), ({"error": "key"}, 401), True),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_a_worker_with_one_slot_never_has_two_jobs_however_its_runs_end(
    room: Room, kind: str
) -> None:
    accepts, tells, asked = KINDS[kind]
    remote = Remote(room.clock, accepts, tells, LONG if asked else SHORT)
    script = room.worker.script(SLUG)
    script.on_start, script.on_status, script.on_cancel = remote.start, remote.status, remote.cancel
    room.register(SLUG)
    for _ in range(PRESSES):
        await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
        await room.finish(seconds=4000, step=5)
    assert len(remote.ends) == PRESSES
    assert remote.most == 1
    assert bool(remote.cancels) is asked
    statuses = await room.hermes.pool.fetch("select distinct status from service_runs")
    assert [row["status"] for row in statuses] == ["failed"]
