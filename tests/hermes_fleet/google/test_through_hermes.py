"""Both workers as Hermes runs them: settings sent, history kept, outputs judged by the shipped catalog."""

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hermes_fleet import content_decay, google_data_connector, hermes_api
from hermes_fleet.google.key import NAME
from hermes_fleet.providers import SANDBOX_FILE
from hermes_sandbox.providers import GA4_PROPERTY, StandIns
from tests.hermes_fleet.google.support import KEY, called, serving
from tests.support.catalog import shipped_catalog
from tests.support.room import Room, open_room
from tests.support.served import serve_web
from tests.support.stand_ins import keys

DEMO = "http://127.0.0.1:8420"
SETTINGS = {
    "gsc_site": f"{DEMO}/",
    "ga4_property": GA4_PROPERTY,
    "competitors": ["http://127.0.0.1:8421"],
}


@dataclass
class Office:
    """A control room whose demo site has settings, and whose workers are the bundled ones."""

    room: Room
    site: UUID
    stand_ins: StandIns

    async def run(self, mode: str, service: str) -> dict[str, Any]:
        """Starts one service, lets it end and gives its row."""
        jobs = self.room.hermes.jobs
        start = jobs.start_full if mode == "full" else jobs.start_smoke
        await start(self.site, "tests", service)
        await self.room.runner().drain()
        row = await self.room.hermes.pool.fetchrow(
            "select * from service_runs where service_slug = $1 order by created_at desc limit 1",
            service,
        )
        assert row is not None
        return dict(row)


@pytest.fixture
async def office(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Office]:
    stand_ins = StandIns(DEMO, keys=keys())
    async with (
        serving(stand_ins.app) as providers,
        open_room(database_url, shipped_catalog()) as room,
        serve_web(room) as web,
        called(google_data_connector.worker, tmp_path / "one") as connector,
        called(content_decay.worker, tmp_path / "two") as decay,
    ):
        room.clock.now = datetime.now(UTC)
        told = {"site": DEMO, "providers": stand_ins.announced(providers)}
        (tmp_path / "sandbox.json").write_text(json.dumps(told))
        (tmp_path / "token").write_text(web.token)
        monkeypatch.setenv(SANDBOX_FILE, str(tmp_path / "sandbox.json"))
        monkeypatch.setenv(hermes_api.URL, web.url)
        monkeypatch.setenv(hermes_api.TOKEN_FILE, str(tmp_path / "token"))
        monkeypatch.delenv(NAME, raising=False)
        for slug, caller in (("google_data_connector", connector), ("content_decay", decay)):
            secret = json.dumps({"base_url": caller.base, "api_key": KEY})
            room.variables[room.catalog.service(slug).secret] = secret
        site = await room.hermes.sites.put_demo("Demo", DEMO, SETTINGS)
        yield Office(room, UUID(str(site.id)), stand_ins)


async def test_the_connectors_smoke_run_delivers_all_nine_outputs_within_its_budget(
    office: Office,
) -> None:
    run = await office.run("smoke", "google_data_connector")
    assert run["status"] == "success", run
    assert len(run["outputs_json"]["actualOutputs"]) == 9
    assert set(run["metrics_json"]["provenance"].values()) == {"sample"}


async def test_decay_is_judged_from_the_history_that_the_connector_left(office: Office) -> None:
    run = await office.run("full", "google_data_connector")
    assert run["status"] == "success", run
    run = await office.run("full", "content_decay")
    found = run["outputs_json"]["metrics"]
    declining = {each["page"] for each in found["decay_signals"]["items"]}
    assert declining == set(office.stand_ins.truth.pages("decaying"))
    assert "kept by an earlier run" in found["decay_signals"]["source"]
    assert run["status"] == "partial"
    assert run["outputs_json"]["missingOutputs"] == ["competitor_replacement"]
    said = run["metrics_json"]["explanations"]["competitor_replacement"]["message"]
    assert "Run the smoke test of SERP & Keyword Intelligence, then" in said


async def test_a_decay_smoke_run_asks_search_console_itself_and_stays_in_its_budget(
    office: Office,
) -> None:
    run = await office.run("smoke", "content_decay")
    found = run["outputs_json"]["metrics"]["decay_signals"]
    assert found["source"] == "Search Console, asked in this run"
    assert (found["pages_examined"], found["complete"]) == (5, False)
    assert run["reason"] == "outputs_missing", run
