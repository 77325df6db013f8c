"""One tiny order through the whole chain, ordered and followed over the API of Hermes alone."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import pytest

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.submitting import BeforeClick, Outcome, Task
from hermes_fleet.directory_submission import following
from hermes_fleet.host import bundled, fleet_app
from tests.directory_bolt.processes.shop import ScriptedSubmitter, Visit, checkout
from tests.directory_bolt.verify.chain import ALL, FLEET, READER, TOKEN, Chain, Plan, chain
from tests.support import asgi
from tests.support.waiting import patience, until_fetched

SLUG = "directory_submission"
KEY = "a-key-for-tests"
OVER = ("completed", "failed", "cancelled")
CANCELLED = "select status = 'cancelled' from jobs"
COUNTS = ("submissions_submitted", "submissions_needs_human", "submissions_failed")


@dataclass
class Served:
    """The worker over real HTTP."""

    http: aiohttp.ClientSession

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        async with self.http.request(method, f"/{SLUG}{path}", json=body, headers=headers) as said:
            return await said.json()

    async def start(self, run_id: str = "", **payload: Any) -> str:
        """The worker's job id."""
        run_id = run_id or str(uuid4())
        body = {"mode": "smoke", "site": "https://a.example", "run_id": run_id, **payload}
        headers = {"Idempotency-Key": run_id}
        return (await self.ask("POST", "/start", body, **headers))["jobId"]

    async def until(self, job_id: str, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """What the worker says of the job, once it fits."""
        async with patience():
            while not fits(said := await self.ask("GET", f"/status?jobId={job_id}")):
                await asyncio.sleep(0.05)
        return said

    async def over(self, job_id: str) -> dict[str, Any]:
        return await self.until(job_id, lambda said: said["status"] in OVER)

    async def result(self, **payload: Any) -> dict[str, Any]:
        said = await self.over(await self.start(**payload))
        assert said["status"] == "completed", said
        return said["result"]


@asynccontextmanager
async def serving(state: Path) -> AsyncGenerator[Served]:
    (worker,) = bundled((SLUG,))
    app = fleet_app([worker], KEY, state)
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        worker.running(state),
        asgi.serving(app, "off", log_level="error") as url,
        aiohttp.ClientSession(url, headers=headers) as http,
    ):
        yield Served(http)


Access = Callable[[str], None]
Running = Callable[[Plan], AbstractAsyncContextManager[tuple[Chain, Served]]]


@pytest.fixture
def access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    """Gives the worker the address of Hermes and the token of the fleet, and little patience."""
    monkeypatch.setattr(following, "EVERY_SECONDS", 0.05)
    (tmp_path / "token").write_text(FLEET)
    monkeypatch.setenv("HERMES_TOKEN_FILE", str(tmp_path / "token"))
    return lambda url: monkeypatch.setenv("HERMES_URL", url)


@pytest.fixture
def running(database_url: str, tmp_path: Path, access: Access) -> Running:
    """The chain of a plan and the worker beside it."""

    @asynccontextmanager
    async def run(plan: Plan) -> AsyncGenerator[tuple[Chain, Served]]:
        async with chain(database_url, tmp_path, plan) as found, serving(tmp_path / "s") as worker:
            access(found.url)
            yield found, worker

    return run


def ending(outcome: Outcome) -> Visit:
    async def visit(task: Task, before_click: BeforeClick) -> Outcome:
        del task, before_click
        return outcome

    return visit


class Held(ScriptedSubmitter):
    """Holds every form open until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.opened, self.go = asyncio.Event(), asyncio.Event()

    async def submit(self, task: Task, before_click: BeforeClick) -> Outcome:
        self.opened.set()
        await self.go.wait()
        if not await before_click({}):
            return Outcome("skipped", ResultReason.CANCELLED)
        self.sent[task.job_id, task.directory_name] += 1
        return Outcome("submitted", confirmation="REF-1")


async def orders_made(found: Chain) -> int:
    """How many were ever made: the audit stays when an order is deleted."""
    sql = "select count(*) from audit_events where action = 'order_created'"
    return await found.pool.fetchval(sql)


async def test_an_order_comes_through_and_leaves_nothing_behind(running: Running) -> None:
    plan = Plan()
    async with running(plan) as (found, worker):
        clean = await found.traces()
        result = await worker.result(directories=1)
        assert await found.traces() == clean
        assert await orders_made(found) == 1
    assert result["outputs"] == dict(zip(COUNTS, (1, 0, 0), strict=True))
    assert result["provenance"] == dict.fromkeys(COUNTS, "measured")
    assert plan.submitter.sent.total() == 1
    order = result["artifacts"]["order"]
    assert [each["directoryName"] for each in order["results"]] == ["alpha"]
    metrics = result["metrics"]
    assert (metrics["items"], metrics["orders_left_behind"]) == (1, 0)
    hops = [value for name, value in metrics.items() if name.startswith("seconds_")]
    assert len(hops) == 6
    assert sum(hops) == pytest.approx(metrics["seconds"], abs=0.01)


async def test_the_counts_are_those_of_the_order(running: Running) -> None:
    plan = Plan()
    for name in ("alpha", "delta"):
        plan.submitter.visits[name] = ending(Outcome("needs_manual", ResultReason.CAPTCHA))
    plan.submitter.visits["beta"] = ending(Outcome("failed", ResultReason.REJECTED))
    async with running(plan) as (_, worker):
        result = await worker.result(directories=6)
    assert result["outputs"] == dict(zip(COUNTS, (3, 2, 1), strict=True))
    assert (result["metrics"]["items"], result["metrics"]["submissions_skipped"]) == (6, 0)


async def test_a_skipped_directory_is_in_no_count_but_told(running: Running) -> None:
    plan = Plan()
    plan.submitter.visits["alpha"] = ending(Outcome("skipped", ResultReason.ROBOTS))
    async with running(plan) as (_, worker):
        result = await worker.result()
    assert result["outputs"] == dict(zip(COUNTS, (0, 0, 0), strict=True))
    assert result["metrics"]["submissions_skipped"] == 1


@pytest.mark.parametrize(
    ("plan", "reason", "step"),
    [
        (Plan(demo=False), "missing_config", "hermes up --demo"),
        (Plan(browser=""), "no_browser", "hermes browser install"),
    ],
)
async def test_what_cannot_be_proved_is_refused_and_nothing_is_ordered(
    running: Running, plan: Plan, reason: str, step: str
) -> None:
    async with running(plan) as (found, worker):
        result = await worker.result()
        assert await orders_made(found) == 0
    assert result["outputs"] == {}
    assert {gap["reason"] for gap in result["missing"].values()} == {reason}
    assert all(step in gap["message"] for gap in result["missing"].values())
    assert set(result["missing"]) == set(COUNTS)


async def test_the_same_run_never_makes_a_second_order(running: Running) -> None:
    run = str(uuid4())
    async with running(Plan(submitter=(held := Held()))) as (found, worker):
        first = await worker.start(run)
        await held.opened.wait()
        assert await worker.start(run) == first
        held.go.set()
        await worker.over(first)
        assert await worker.start(run) == first
        assert await orders_made(found) == 1


async def test_a_worker_that_was_restarted_follows_the_order_it_made(
    database_url: str, access: Access, tmp_path: Path
) -> None:
    async with chain(database_url, tmp_path, Plan(submitter=(held := Held()))) as found:
        access(found.url)
        state = tmp_path / "state"
        async with serving(state) as before:
            job = await before.start()
            await held.opened.wait()
        assert await found.pool.fetchval("select count(*) from jobs") == 1
        held.go.set()
        async with serving(state) as after:
            said = await after.over(job)
        assert said["status"] == "completed", said
        assert said["result"]["outputs"]["submissions_submitted"] == 1
        assert await orders_made(found) == 1
        assert held.sent.total() == 1


async def test_a_cancelled_run_takes_its_order_away_and_nothing_is_sent(running: Running) -> None:
    async with running(Plan(submitter=(held := Held()))) as (found, worker):
        clean = await found.traces()
        job = await worker.start()
        await held.opened.wait()
        await worker.ask("POST", f"/cancel?jobId={job}")
        await until_fetched(found.pool, CANCELLED, "the order is cancelled")
        held.go.set()
        assert (await worker.over(job))["status"] == "cancelled"
        assert await found.traces() == clean
    assert held.sent.total() == 0


@pytest.mark.parametrize("absent", ["relay", "brain", "subscriber", "flow-worker", "monitor"])
async def test_a_hop_that_is_away_is_named_with_the_next_step(
    running: Running, monkeypatch: pytest.MonkeyPatch, absent: str
) -> None:
    monkeypatch.setattr(following, "SECONDS_TO_START", 0.2)
    async with running(Plan(running=ALL - {absent})) as (found, worker):
        health = await worker.ask("GET", "/health")
        said = await worker.over(await worker.start())
        assert await orders_made(found) == 0
    assert health["status"] == "not_ready"
    assert list(health["not_ready"]) == [absent.replace("-", "_")]
    assert f"Process {absent}: no heartbeat yet. Start everything with: hermes up" in str(health)
    assert said["error"]["code"] == "pipeline_broken"
    assert f"Process {absent}: no heartbeat yet" in said["error"]["message"]


async def test_with_every_hop_alive_the_worker_is_ready(running: Running) -> None:
    async with running(Plan()) as (_, worker):
        health = await worker.ask("GET", "/health")
    assert (health["status"], health["not_ready"]) == ("ok", {})


async def test_a_hermes_that_does_not_answer_is_named(access: Access, tmp_path: Path) -> None:
    access("http://127.0.0.1:9")
    async with serving(tmp_path / "s") as worker:
        health = await worker.ask("GET", "/health")
        error = (await worker.over(await worker.start()))["error"]
    assert list(health["not_ready"]) == ["hermes"]
    assert "Start Hermes with: hermes up" in health["not_ready"]["hermes"]
    assert error["code"] == "connect_refused"


async def test_an_order_that_stalls_says_where_and_is_taken_away(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SECONDS_TO_END", 1.5)
    async with running(Plan(submitter=(held := Held()))) as (found, worker):
        clean = await found.traces()
        job = await worker.start()
        await held.opened.wait()
        await worker.until(job, lambda said: "Submitting" in (said["phase"] or ""))
        await until_fetched(found.pool, CANCELLED, "the order is cancelled")
        held.go.set()
        error = (await worker.over(job))["error"]
        assert await found.traces() == clean
    assert error["code"] == "order_stalled"
    assert 'no further than "Submitting' in error["message"]


async def asked(
    found: Chain, token: str, method: str, path: str, **request: Any
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", **request.pop("headers", {})}
    async with aiohttp.request(method, found.url + path, headers=headers, **request) as said:
        return said.status, await said.json(content_type=None) if said.status != 204 else None


async def test_of_one_key_there_is_one_order(running: Running) -> None:
    async with running(Plan(running=frozenset())) as (found, _):
        body, headers = {"directories": 2}, {"Idempotency-Key": "a-run"}
        path = "/api/orders/test"
        answers = await asyncio.gather(
            *(asked(found, FLEET, "POST", path, json=body, headers=headers) for _ in range(6))
        )
        assert [status for status, _ in answers] == [201] * 6
        assert len({told["jobId"] for _, told in answers}) == 1
        assert await found.pool.fetchval("select count(*) from customers") == 1
        status, told = await asked(
            found, FLEET, "POST", path, json={"directories": 3}, headers=headers
        )
        assert (status, told["field"]) == (422, "Idempotency-Key")
        for _ in range(2):
            assert (await asked(found, FLEET, "POST", path, json=body))[0] == 201
        assert await orders_made(found) == 3, "without a key each is a new one"


async def test_a_real_directory_is_never_ordered_for_an_invented_business(running: Running) -> None:
    async with running(Plan(running=frozenset(), demo=False)) as (found, _):
        status, told = await asked(found, TOKEN, "POST", "/api/orders/test", json={})
        assert (status, told["code"]) == (409, "no_directories")
        assert "hermes up --demo" in told["hint"]
        assert (await found.traces())["jobs"] == 0


async def test_the_fleet_may_prove_but_do_nothing_else_and_a_reader_may_not(
    running: Running,
) -> None:
    async with running(Plan(running=frozenset())) as (found, _):
        received = await found.orders.intake.receive_event(checkout())
        customers = str(received.job_id)
        assert UUID(customers)
        for token in (FLEET, TOKEN):
            path = f"/api/orders/test/{customers}"
            for method, where in (("POST", f"{path}/cancel"), ("DELETE", path)):
                status, told = await asked(found, token, method, where)
                assert (status, told["code"]) == (409, "not_a_test")
        status, told = await asked(found, READER, "POST", "/api/orders/test", json={})
        assert (status, told["code"]) == (403, "role_too_low")
        status, told = await asked(found, FLEET, "POST", f"/api/staff/jobs/{customers}/cancel")
        assert (status, told["code"]) == (403, "role_too_low")
        row = await found.pool.fetchval("select status from jobs")
        assert row == "pending"
