"""The executor with Git hosts in front of real repositories, and a Hermes by script that tells approvals."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from hermes_fleet import hermes_api
from hermes_fleet.providers import SANDBOX_FILE
from hermes_fleet.site_executor import worker
from hermes_fleet.site_executor.change import Change
from hermes_sandbox.providers import StandIns
from hermes_sandbox.providers.git_hosts.repositories import SITE, Repositories
from tests.hermes_fleet.google.support import Caller, called, serving
from tests.support.stand_ins import keys

DEMO = "http://127.0.0.1:8420"
SITE_ID = "0d9e6d0c-0a8f-4f1e-9d53-6f4f1f2f6a01"
ADDRESSES = {"github": f"https://github.com/{SITE}", "gitlab": f"https://gitlab.com/{SITE}"}


@dataclass
class Office:
    """What people approved (`changes`), what earlier runs left (`runs`), and the hosts' repositories."""

    stand_ins: StandIns
    executor: Caller
    host: str = "github"
    changes: list[Change] = field(default_factory=list[Change])
    runs: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    @property
    def repositories(self) -> Repositories:
        self.stand_ins.repositories.open()
        return self.stand_ins.repositories

    async def run(self, mode: str = "full", **more: Any) -> dict[str, Any]:
        """The result of one run, which Hermes keeps as it keeps those of real runs."""
        settings = {"repository": ADDRESSES[self.host]}
        payload = {"mode": mode, "site": DEMO, "site_id": SITE_ID, "settings": settings, **more}
        result = await self.executor.result(**payload)
        if mode == "full" and result["outputs"]:
            self.runs.insert(0, _kept(result, len(self.runs)))
        return result

    async def told(self, request: web.Request) -> web.Response:
        """The changes as the API of Hermes tells them."""
        assert request.query["state"] == "approved"
        return web.json_response(
            [json.loads(c.model_dump_json(by_alias=True)) for c in self.changes]
        )

    async def outputs(self, _request: web.Request) -> web.Response:
        """Earlier runs as the API of Hermes tells them."""
        return web.json_response(self.runs)


def _kept(result: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "runId": f"run-{number}", "runType": "full", "status": "success", "finishedAt": "2026-11-20T10:00:00Z",
        "outputs": result["outputs"], "provenance": result["provenance"], "artifacts": result.get("artifacts", {}),
    }  # fmt: skip


@asynccontextmanager
async def opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Office]:
    """Everything on loopback; the keys of the demo are those that open the hosts."""
    stand_ins = StandIns(DEMO, keys=keys())
    async with serving(stand_ins.app) as base, called(worker, folder / "state") as executor:
        office = Office(stand_ins, executor)
        app = web.Application()
        app.router.add_get(f"/api/sites/{SITE_ID}/changes", office.told)
        app.router.add_get(f"/api/sites/{SITE_ID}/services/site_executor/outputs", office.outputs)
        async with serving(app) as hermes:
            told = {"site": DEMO, "providers": stand_ins.secrets_of(base)}
            (folder / "sandbox.json").write_text(json.dumps(told))
            (folder / "token").write_text("token-of-the-fleet")
            monkeypatch.setenv(SANDBOX_FILE, str(folder / "sandbox.json"))
            monkeypatch.setenv(hermes_api.URL, hermes)
            monkeypatch.setenv(hermes_api.TOKEN_FILE, str(folder / "token"))
            for name in ("HERMES_PROVIDER_GITHUB", "HERMES_PROVIDER_GITLAB"):
                monkeypatch.delenv(name, raising=False)
            yield office
