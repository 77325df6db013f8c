"""The executor as Hermes runs it: a person approves, the run is judged by the shipped catalog, the page shows it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hermes.core.changes.proposed import ChangeInput
from hermes_fleet import hermes_api
from hermes_fleet.providers import SANDBOX_FILE
from hermes_fleet.site_executor import worker
from hermes_sandbox.providers import StandIns
from hermes_sandbox.providers.git_hosts.repositories import SITE
from tests.hermes_fleet.google.support import KEY, called, serving
from tests.support.catalog import shipped_catalog
from tests.support.room import Room, open_room
from tests.support.served import serve_web
from tests.support.stand_ins import keys

DEMO = "http://127.0.0.1:8420"
SETTINGS = {"repository": f"https://github.com/{SITE}"}
TITLE = ChangeInput(page="/", kind="title", before="Juniper Dental", after="Dentists at Maple Quay")


async def ended(room: Room, mode: str, site: UUID) -> dict[str, Any]:
    """The run of one job of the executor, as the database has it."""
    jobs = room.hermes.jobs
    start = jobs.start_smoke if mode == "smoke" else jobs.start_full
    started = await start(site, "tests", "site_executor")
    await room.finish()
    rows = await room.hermes.pool.fetch(
        "select * from service_runs where job_id = $1", started.job_id
    )
    return dict(rows[0])


async def test_a_smoke_test_passes_and_only_what_a_person_approved_becomes_a_pull_request(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_ins = StandIns(DEMO, keys=keys())
    async with (
        serving(stand_ins.app) as providers,
        open_room(database_url, shipped_catalog()) as room,
        serve_web(room) as web,
        called(worker, tmp_path / "state") as caller,
    ):
        room.clock.now = datetime.now(UTC)
        told = {"site": DEMO, "providers": stand_ins.announced(providers)}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        (tmp_path / "token").write_text(web.token)
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        monkeypatch.setenv(hermes_api.URL, web.url)
        monkeypatch.setenv(hermes_api.TOKEN_FILE, str(tmp_path / "token"))
        secret = {"base_url": caller.base, "api_key": KEY}
        room.variables["HERMES_WORKER_SITE_EXECUTOR"] = json.dumps(secret)
        site = UUID(str((await room.hermes.sites.put_demo("Demo", DEMO, SETTINGS)).id))

        run = await ended(room, "smoke", site)
        assert run["status"] == "success", run

        proposed = await room.hermes.changes.propose(site, TITLE, "a program")
        run = await ended(room, "full", site)
        assert run["status"] != "success", "nobody has approved it"
        assert stand_ins.repositories.requests[SITE] == []

        await room.hermes.changes.decide(site, proposed.id, "approved", "ann@example.com")
        run = await ended(room, "full", site)
        assert run["status"] == "success", run
        (request,) = stand_ins.repositories.requests[SITE]
        assert "approved by ann@example.com" in request.body
        (shown,) = await room.hermes.changes.of(site)
        assert shown.request == f"https://github.com/{SITE}/pull/1"

        await room.hermes.changes.roll_back(site, proposed.id, "bob@example.com")
        run = await ended(room, "full", site)
        assert run["status"] == "success", run
        assert request.state == "closed"
        (shown,) = await room.hermes.changes.of(site)
        assert shown.undone
