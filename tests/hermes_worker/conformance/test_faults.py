"""The kit is not fooled: a sound worker passes everything, each fault is caught by its requirement alone."""

import sys
import time

import pytest
from aiohttp import web

from hermes_worker.conformance import REQUIREMENTS, Limits, Report, verify

from .faults import FAULTS
from .scripted import KEY, Sound

LIMITS = Limits(health=0.5, start=4, other=0.6, job=0.8, cancel=0.4, restart=5)
RESTART = "import sys, urllib.request as u; u.urlopen(u.Request(sys.argv[1], b'', {'x-api-key': sys.argv[2]}))"


async def judged(worker: Sound, level: str | None = "cancellable") -> Report:
    command = f'{sys.executable} -c "{RESTART}" {worker.url}/restart {KEY}'
    return await verify(worker.url, KEY, level=level, restart_command=command, limits=LIMITS)


async def test_a_sound_worker_passes_every_requirement() -> None:
    async with Sound().serving() as worker:
        report = await judged(worker, level=None)
    assert report.level == "cancellable"
    assert [result.requirement for result in report.results] == list(REQUIREMENTS)
    assert [result.as_json() for result in report.results if not result.passed] == []
    assert set(report.levels().values()) == {"passed"}


async def test_each_passed_requirement_shows_the_answer_that_proves_it() -> None:
    async with Sound().serving() as worker:
        report = await judged(worker)
    shown = {result.requirement.id: result.evidence or {} for result in report.results}
    assert [asked for asked, evidence in shown.items() if not evidence.get("status")] == []
    proved = {
        asked: (shown[asked]["request"].split("?")[0], shown[asked]["status"]) for asked in shown
    }
    assert proved["CON-6"] == ("POST /start, no key", 401)
    assert proved["SMK-4"] == ("POST /start", 202)
    assert proved["IDM-3"] == ("POST /start", 422)
    assert proved["CAN-1"] == ("POST /cancel", 404)
    assert proved["CAN-3"] == ("GET /status", 200)
    assert proved["CAN-4"] == ("POST /cancel", 409)


class Patient(Sound):
    """Asks for a second between two looks, and writes down when it was asked."""

    steps = 2

    def __init__(self) -> None:
        super().__init__()
        self.looks: list[float] = []

    async def status(self, job_id: str) -> web.StreamResponse:
        self.looks.append(time.monotonic())
        answer = await super().status(job_id)
        answer.headers["Retry-After"] = "1"
        return answer


async def test_a_worker_that_asks_for_time_is_not_asked_again_before() -> None:
    worker = Patient()
    async with worker.serving():
        report = await verify(worker.url, KEY, level="smoke")
    assert report.failed == [], report.text()
    first, second = worker.looks[:2]
    assert second - first >= 1.0


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_fault_is_caught_by_exactly_its_requirement(fault: type[Sound]) -> None:
    async with fault().serving() as worker:
        report = await judged(worker)
    assert [result.requirement.id for result in report.failed] == [fault.breaks], report.text()
    (caught,) = report.failed
    assert report.conforms == (not caught.requirement.must)
    assert caught.reason
    assert KEY not in str(report.as_json())


def test_every_requirement_has_a_fault_that_it_catches() -> None:
    assert {fault.breaks for fault in FAULTS} == {asked.id for asked in REQUIREMENTS}
