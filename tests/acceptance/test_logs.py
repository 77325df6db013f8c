"""The ids of a run and of an order stand in every line about them, in every process they pass."""

import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog

from directory_bolt.processes.relay import Relay
from hermes.runner.log_context import name_run
from hermes_base.logs import as_json, configure_logging
from hermes_base.postgres.database import open_pool
from hermes_base.settings import load
from hermes_worker import Job, Result, Worker, WorkerError
from hermes_worker.logs import JsonLines, WithIds
from tests.directory_bolt.processes.shop import Shop, shop_on
from tests.directory_bolt.processes.test_brain_and_relay import TOKEN, thinking
from tests.support.catalog import outputs_of
from tests.support.room import Room

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What was logged as JSON."""
    before, written = structlog.get_config(), io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logging(load({"HERMES_HOME": str(tmp_path), "HERMES_LOG_JSON": "true"}), name_run)

    def read() -> list[dict[str, Any]]:
        said = written.getvalue().splitlines()
        return [json.loads(line) for line in said if line.startswith("{")]

    yield read
    structlog.configure(**before)


@pytest.fixture
async def shop(database_url: str, tmp_path: Path) -> AsyncIterator[Shop]:
    pool = await open_pool(database_url, size=8)
    yield shop_on(pool, tmp_path)
    await pool.close()


async def test_every_line_of_a_runner_about_a_run_names_it_and_its_job(
    room: Room, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hermes.contact import workers

    async def broken(*_: object) -> None:
        raise LookupError("a fault of our own")

    room.register("content_qa", "serp_intel")
    script = room.worker.script("content_qa")
    script.final = {"result": {"outputs": outputs_of(room.catalog.service("content_qa"))}}
    started = await room.hermes.jobs.start_smoke(
        room.site.id, "tests", ["content_qa", "serp_intel"]
    )
    true_start = workers.start

    async def start(client: Any, service: Any, *rest: Any) -> Any:
        return await (broken() if service.slug == "serp_intel" else true_start(client, service, *rest))  # fmt: skip

    monkeypatch.setattr(workers, "start", start)
    await room.finish()
    runs = await room.hermes.runs.of_job(started.job_id)
    by_service = {run.service_slug: str(run.id) for run in runs}
    found = [line for line in lines() if line["event"] != "test asked"]
    assert {line["event"] for line in found} == {"test job written", "a step failed", "run over"}
    assert {line["jobId"] for line in found} == {str(started.job_id)}
    about = [line for line in found if line["event"] != "test job written"]
    assert len(about) == 3
    assert all(line["runId"] == by_service[line["service"]] for line in about)


async def test_the_id_of_an_order_stands_in_the_lines_of_every_process_it_passes(
    shop: Shop, lines: Lines
) -> None:
    await shop.directories("a", "b")
    job_id = await shop.order(2)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with thinking(shop) as url, aiohttp.ClientSession(headers=headers) as session:
        await Relay(shop.pool, lambda: url, TOKEN).turn(session)
    await shop.subscriber().turn()
    await shop.worker().drain()
    found = [line for line in lines() if line["event"] != "Received 1 messages"]
    events = [line["event"] for line in found]
    assert events == [
        "order queued", "order handed over", f"Triggered embedded flow for job {job_id}",
        f"Starting job {job_id}", f"Processing directory for job {job_id}",
        f"Processing directory for job {job_id}", f"Job {job_id} completed",
    ]  # fmt: skip
    assert {line.get("jobId") for line in found} == {str(job_id)}


@pytest.mark.parametrize("form", [JsonLines(), WithIds("%(message)s")])
async def test_the_run_stands_in_the_lines_of_a_worker(
    tmp_path: Path, form: logging.Formatter
) -> None:
    worker = Worker("word_count", version="1", outputs=("words",), answer_within=5)

    @worker.run
    async def count(job: Job, text: str) -> Result:
        logging.getLogger("word_count").warning("counting")
        if text:
            return Result(outputs={"words": len(text.split())}, provenance={"words": "measured"})
        raise WorkerError("nothing_to_count", "There is no text.")

    written = io.StringIO()
    told = logging.StreamHandler(written)
    told.setFormatter(form)
    loggers = [logging.getLogger(name) for name in ("word_count", "hermes_worker")]
    for logger in loggers:
        logger.addHandler(told)
        logger.setLevel(logging.INFO)
    try:
        jobs = await perform(worker, tmp_path, {"run-1": "three short words", "run-2": ""})
    finally:
        for logger in loggers:
            logger.removeHandler(told)
            logger.setLevel(logging.NOTSET)
    found = written.getvalue().splitlines()
    for run_id, job_id in jobs.items():
        of_run = [line for line in found if run_id in line]
        assert len(of_run) == (2 if run_id == "run-1" else 3), found
        assert all(job_id in line for line in of_run)
    assert len(found) == 5


async def perform(worker: Worker, state: Path, texts: dict[str, str]) -> dict[str, str]:
    """A job for each text, named by its run; run id -> job id."""
    async with worker.running(state):
        assert worker.shift is not None
        found: dict[str, str] = {}
        for run_id, text in texts.items():
            asked = {"mode": "smoke", "site": "https://a.example", "run_id": run_id, "text": text}
            found[run_id], _ = worker.shift.start(asked, None)
            await worker.shift.settle(found[run_id], 5)
    return found


def test_a_line_of_what_is_no_unicode_is_written_all_the_same() -> None:
    assert json.loads(as_json({"said": "\ud800"}, repr)) == {"said": "\ud800"}
