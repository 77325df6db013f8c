"""`hermes verify` on a whole chain: all is seen to work, each broken hop is named, nothing stays."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from directory_bolt.core.orders.states import ResultReason
from directory_bolt.core.verification.causes import Cause
from directory_bolt.core.verification.findings import Report
from directory_bolt.processes.brain import brain
from directory_bolt.submitting import BeforeClick, Outcome, Task
from directory_bolt.verify import verify
from tests.directory_bolt.verify.chain import (
    ALL,
    BRAIN_TOKEN,
    READER,
    Chain,
    Plan,
    answering,
    chain,
    serving,
)
from tests.support.waiting import until_fetched


@pytest.fixture(autouse=True)
def _quick_hearts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory_bolt.processes.heartbeat.HEARTBEAT_SECONDS", 0.2)


def names(report: Report, status: str) -> list[str]:
    return [finding.name for finding in report.findings if finding.status == status]


def nothing_stays(before: dict[str, int], after: dict[str, int]) -> None:
    assert after == before


@asynccontextmanager
async def running(
    database_url: str, folder: Path, plan: Plan | None = None
) -> AsyncGenerator[Chain]:
    """A chain whose processes have been heard of; at the end nothing of an order is left."""
    async with chain(database_url, folder, plan or Plan()) as found:
        wanted = len((plan or Plan()).running)
        beats = "select count(*) >= $1 from worker_heartbeats"
        await until_fetched(found.pool, beats, "all processes are heard of", wanted)
        before = await found.traces()
        yield found
        nothing_stays(before, await found.traces())


async def test_a_whole_chain_passes_line_by_line_and_nothing_is_left(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target())
    assert names(report, "FAIL") == names(report, "SKIPPED") == []
    assert (report.exit_code, report.broken, report.pass_rate) == (0, [], 100)
    assert [finding.phase for finding in report.findings] == sorted(
        finding.phase for finding in report.findings
    )


async def test_only_five_demo_directories_are_visited(database_url: str, tmp_path: Path) -> None:
    plan = Plan()
    async with running(database_url, tmp_path, plan) as found:
        await found.pool.execute("update directories set is_demo = false where name = 'alpha'")
        await verify(found.target())
    assert sorted(plan.submitter.visited) == ["beta", "delta", "epsilon", "gamma", "zeta"]


async def test_without_a_demo_directory_nothing_is_submitted(
    database_url: str, tmp_path: Path
) -> None:
    plan = Plan(demo=False)
    async with running(database_url, tmp_path, plan) as found:
        report = await verify(found.target())
    assert not plan.submitter.visited
    assert report.exit_code == 2
    assert "never sent to a real directory" in report.findings[-2].details


PROCESS_CAUSES = {
    "relay": Cause.RELAY_DOWN,
    "brain": Cause.BRAIN_DOWN,
    "subscriber": Cause.SUBSCRIBER_DOWN,
    "flow-worker": Cause.WORKER_DOWN,
    "monitor": Cause.MONITOR_DOWN,
}


@pytest.mark.parametrize("process", sorted(ALL))
async def test_a_process_that_is_down_is_the_only_cause_named(
    database_url: str, tmp_path: Path, process: str
) -> None:
    async with running(database_url, tmp_path, Plan(running=ALL - {process})) as found:
        report = await verify(found.target())
    assert report.broken == [PROCESS_CAUSES[process]]
    assert report.exit_code == 1


async def test_a_database_that_only_reads_is_named(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as found:
        name = await found.pool.fetchval("select current_database()")
        await found.pool.execute(f"alter database {name} set default_transaction_read_only = on")
        try:
            await found.pool.expire_connections()
            read_only = "select current_setting('transaction_read_only')::bool"
            await until_fetched(found.pool, read_only, "the database only reads")
            report = await verify(found.target())
        finally:
            async with found.pool.acquire() as connection:
                await connection.execute("set default_transaction_read_only = off")
                await connection.execute(
                    f"alter database {name} reset default_transaction_read_only"
                )
            await found.pool.expire_connections()
    assert report.broken == [Cause.DATABASE_READ_ONLY]
    assert "Worker -> database" in names(report, "FAIL")


WRONG_HOSTS = {
    "another_service": (200, {"status": "healthy", "service": "shop"}),
    "a_web_page": (200, "<html>Welcome</html>"),
    "no_such_page": (404, "Not Found"),
}


@pytest.mark.parametrize("kind", WRONG_HOSTS)
async def test_a_brain_on_the_wrong_host_is_told_from_a_missing_route(
    database_url: str, tmp_path: Path, kind: str
) -> None:
    async with (
        serving(answering(*WRONG_HOSTS[kind])) as elsewhere,
        running(database_url, tmp_path, Plan(brain_url=elsewhere)) as found,
    ):
        report = await verify(found.target())
    assert report.broken == [Cause.BRAIN_WRONG_HOST]


async def test_a_brain_whose_port_is_wrong_while_it_lives_elsewhere(
    database_url: str, tmp_path: Path
) -> None:
    plan = Plan(brain_url="http://127.0.0.1:1")
    async with running(database_url, tmp_path, plan) as found:
        report = await verify(found.target())
    assert report.broken == [Cause.BRAIN_WRONG_HOST]


async def test_a_brain_without_its_health_route_still_works_and_is_named(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as found:
        app = brain(found.orders, BRAIN_TOKEN)
        app.router.routes[:] = [r for r in app.router.routes if getattr(r, "path", "") != "/health"]
        async with serving(app) as bare:
            report = await verify(found.target(brain_url=bare))
    assert report.broken == [Cause.BRAIN_WITHOUT_ROUTE]
    assert names(report, "FAIL") == ["Brain"]


async def test_a_brain_without_its_door_is_named(database_url: str, tmp_path: Path) -> None:
    health = {"status": "healthy", "service": "brain", "version": "0"}
    async with (
        serving(answering(200, health)) as doorless,
        running(database_url, tmp_path, Plan(brain_url=doorless)) as found,
    ):
        report = await verify(found.target())
    assert report.broken == [Cause.BRAIN_WITHOUT_ROUTE]
    assert "Queue: message appears" in names(report, "FAIL")


async def test_a_wrong_signing_secret_is_named(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(stripe_secret="whsec_of_another"))
    assert report.broken == [Cause.SIGNATURE]


async def test_a_server_without_a_secret_is_skipped_not_failed(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path, Plan(secret="")) as found:
        report = await verify(found.target())
    assert (report.exit_code, report.broken) == (2, [])
    assert {f.cause for f in report.findings if f.phase == 3} == {Cause.STRIPE_NOT_CONFIGURED}


async def test_without_a_secret_of_its_own_no_order_is_made(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(stripe_secret=""))
    assert report.exit_code == 2
    assert not [f for f in report.findings if f.phase == 3 and f.status != "SKIPPED"]


async def test_a_token_that_may_only_read_makes_no_order_that_it_cannot_delete(
    database_url: str, tmp_path: Path
) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(token=READER))
    assert (report.exit_code, report.broken) == (2, [])
    assert "role operator" in report.findings[-1].details


async def test_a_token_that_is_refused_is_the_cause(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(token="wrong"))
    assert report.broken == [Cause.ACCESS]


async def test_a_server_that_is_not_there_is_the_cause(database_url: str, tmp_path: Path) -> None:
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(url="http://127.0.0.1:1"))
    assert report.broken == [Cause.WEB_AWAY]


async def test_an_order_that_ends_without_a_listing_is_not_proof(
    database_url: str, tmp_path: Path
) -> None:
    async def refuse(task: Task, before_click: BeforeClick) -> Outcome:
        del task
        await before_click({})
        return Outcome("failed", ResultReason.REJECTED, "No.")

    plan = Plan()
    plan.submitter.visits = dict.fromkeys(("alpha", "beta", "gamma", "delta", "epsilon", "zeta"), refuse)  # fmt: skip
    async with running(database_url, tmp_path, plan) as found:
        report = await verify(found.target())
    assert report.broken == [Cause.NO_LISTING]


async def test_a_worker_that_hangs_is_named_and_its_order_is_taken_away(
    database_url: str, tmp_path: Path
) -> None:
    gone_on = asyncio.Event()

    async def hang(task: Task, before_click: BeforeClick) -> Outcome:
        del task, before_click
        await gone_on.wait()
        return Outcome("failed", ResultReason.TIMEOUT, "Too late.")

    plan = Plan()
    plan.submitter.visits = dict.fromkeys(("alpha", "beta", "gamma", "delta", "epsilon", "zeta"), hang)  # fmt: skip
    async with running(database_url, tmp_path, plan) as found:
        verifying = asyncio.create_task(verify(found.target(patience=1.0)))
        cancelled = "select 1 from jobs where status = 'cancelled'"
        await until_fetched(found.pool, cancelled, "the order is cancelled")
        gone_on.set()
        report = await verifying
        none_left = "select not exists (select from flow_runs)"
        await until_fetched(found.pool, none_left, "the flow run ends")
    assert report.broken == [Cause.WORKER_STALLED]


async def test_the_findings_are_told_as_they_come(database_url: str, tmp_path: Path) -> None:
    told: list[str] = []
    async with running(database_url, tmp_path) as found:
        report = await verify(found.target(), lambda finding: told.append(finding.name))
    assert told == [finding.name for finding in report.findings]
    assert json.dumps(told)
