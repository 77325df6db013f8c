"""Bitwarden where people and programs meet it: settings, platform strip, Refresh, doctor, the fleet's secrets."""

import subprocess
import sys
from pathlib import Path

import pytest

import hermes_browser.starting
from hermes.bootstrap import open_hermes, open_vault
from hermes.control import Hermes
from hermes.core.views import PlatformView
from hermes.wiring.doctor import examine
from hermes.wiring.fleet import provider_secrets
from hermes.wiring.up import processes
from hermes_base.home import make_home
from hermes_base.problems import Problem
from hermes_base.settings import load
from tests.hermes.vault.bitwarden_running import SecretsManager
from tests.hermes.vault.bitwarden_server import CLIENT_SECRET, PROJECT, TOKEN
from tests.support.room import Room
from tests.support.served import Served

SERPAPI, BRAVE = "HERMES_PROVIDER_SERPAPI", "HERMES_PROVIDER_BRAVE"
WORKER = '{"base_url": "https://far.example", "api_key": "key-of-the-far-worker"}'


async def strip(hermes: Hermes) -> dict[str, PlatformView]:
    return {part.slug: part for part in await hermes.platform.measure()}


# Settings ------------------------------------------------------------------------------------------


def test_a_token_from_a_file_and_an_organisation_make_a_source(
    manager: SecretsManager, tmp_path: Path
) -> None:
    variables = manager.environment(tmp_path)
    (tmp_path / "token.txt").write_text(f"{variables.pop('HERMES_BITWARDEN_TOKEN')}\n", "utf-8")
    variables["HERMES_BITWARDEN_TOKEN_FILE"] = str(tmp_path / "token.txt")
    variables["HERMES_BITWARDEN_PROJECT"] = PROJECT.upper()
    settings = load(variables)
    vault = open_vault(settings)
    assert vault.source_of("b_worker") == "Bitwarden"
    assert CLIENT_SECRET not in repr(settings)
    assert [name.split()[0] for name in vault.names.split(", ")][-2:] == ["Bitwarden", "bundled"]


def test_without_its_settings_bitwarden_is_no_source(tmp_path: Path) -> None:
    vault = open_vault(load({"HERMES_HOME": str(tmp_path)}))
    assert "Bitwarden" not in vault.names
    assert (vault.status(), vault.refresh()) == (None, None)


def test_settings_that_cannot_be_right_are_named() -> None:
    wrong = {
        "HERMES_BITWARDEN_ORGANIZATION": "ours",
        "HERMES_BITWARDEN_PROJECT": "fleet",
        "HERMES_BITWARDEN_API_URL": "http://127.0.0.1:1",
        "HERMES_BITWARDEN_IDENTITY_URL": "bitwarden.com",
    }
    with pytest.raises(Problem) as caught:
        load(wrong)
    for name in wrong:
        assert name in caught.value.message


async def test_the_control_room_opens_with_the_secrets_already_read(
    manager: SecretsManager, tmp_path: Path, database_url: str
) -> None:
    settings = load({**manager.environment(tmp_path), "HERMES_DATABASE_URL": database_url})
    async with open_hermes(settings) as (hermes, _):
        assert manager.counts() == {"login": 1, "sync": 1}
        assert hermes.vault.text("b_worker") == "second-value"
    assert manager.counts() == {"login": 1, "sync": 1}


# Platform ------------------------------------------------------------------------------------------


async def test_the_strip_names_the_secrets_that_the_catalog_asks_for(
    manager: SecretsManager, room: Room, tmp_path: Path
) -> None:
    name = room.catalog.service("crawl_render").secret
    manager.fresh(**{name: WORKER, BRAVE: "b", "payroll": "nobody's business"})
    room.hermes.vault.sources = (manager.source(tmp_path, room.clock),)
    part = (await strip(room.hermes))["bitwarden_vault"]
    assert (part.state, part.text, part.reason) == ("ok", "Connected, 3 secrets", None)
    assert part.outputs == {"vault_status": "open", "secrets_available": sorted([BRAVE, name])}
    room.clock.forward(60)
    again = (await strip(room.hermes))["bitwarden_vault"]
    assert again.measured_at == part.measured_at, "a look at the page is no new measurement"
    assert manager.counts()["sync"] == 1


async def test_a_vault_whose_names_nobody_asks_for_is_not_called_well(
    manager: SecretsManager, room: Room, tmp_path: Path
) -> None:
    manager.fresh(payroll="nobody's business")
    room.hermes.vault.sources = (manager.source(tmp_path),)
    part = (await strip(room.hermes))["bitwarden_vault"]
    assert (part.state, part.reason) == ("partial", "unknown_names")
    assert part.outputs["secrets_available"] == []


async def test_a_vault_that_fails_says_why_and_what_to_do(
    manager: SecretsManager, room: Room, tmp_path: Path
) -> None:
    room.hermes.vault.sources = (manager.source(tmp_path),)
    manager.plant(api=403)
    part = (await strip(room.hermes))["bitwarden_vault"]
    assert (part.state, part.reason) == ("failed", "forbidden")
    assert part.text == "Not available, forbidden: Bitwarden answered 403 Forbidden."
    assert "read access" in part.next_step
    assert part.outputs == {"vault_status": "closed", "secrets_available": []}


async def test_a_vault_that_is_not_set_is_not_measured(room: Room) -> None:
    part = (await strip(room.hermes))["bitwarden_vault"]
    assert (part.state, part.reason, part.outputs) == ("not_configured", "missing_token", {})


async def test_the_database_is_measured_by_a_query_and_its_absence_has_no_figure(
    room: Room,
) -> None:
    part = (await strip(room.hermes))["postgres_db"]
    assert (part.state, part.outputs["db_connected"]) == ("ok", True)
    assert 0 < part.outputs["query_latency"] < 1000
    await room.hermes.pool.close()
    gone = (await strip(room.hermes))["postgres_db"]
    assert (gone.state, gone.outputs, gone.reason) == ("failed", {"db_connected": False}, "away")
    assert "HERMES_DATABASE_URL" in gone.next_step


# Refresh -------------------------------------------------------------------------------------------


async def test_refresh_by_the_api_reads_bitwarden_anew(
    manager: SecretsManager, served: Served, tmp_path: Path
) -> None:
    name = served.room.catalog.service("crawl_render").secret
    served.room.hermes.vault.sources = (manager.source(tmp_path),)
    async with served.http.get("/api/secrets") as answer:
        assert "far.example" not in await answer.text()
    manager.plant(secrets={name: WORKER})
    async with served.http.get("/api/secrets") as answer:
        assert "far.example" not in await answer.text()
    async with served.http.post("/api/secrets/refresh") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "far.example" in text
    assert "key-of-the-far-worker" not in text


async def test_the_button_refreshes_for_admins_alone_and_a_fault_stands_on_the_page(
    manager: SecretsManager, served: Served, tmp_path: Path
) -> None:
    served.room.hermes.vault.sources = (manager.source(tmp_path),)
    await served.room.hermes.platform.refresh_secrets()
    manager.plant(api=500)
    async with served.browsing() as http:
        async with http.post("/settings/secrets/refresh") as answer:
            assert answer.status == 200
            page = await answer.text()
        async with http.get(f"/sites/{served.room.site.id}/integrations") as answer:
            integrations = await answer.text()
    assert 'action="/settings/secrets/refresh"' in page
    assert "Bitwarden (degraded since " in page
    assert "Degraded since " in integrations
    assert "api_error: Bitwarden answered 500 Internal Server Error." in integrations
    asked = manager.counts()["sync"]
    operator = await served.user("op@example.com", "operator")
    async with served.browsing(operator) as http, http.post("/settings/secrets/refresh") as answer:
        assert answer.status == 403
    assert manager.counts()["sync"] == asked


# The fleet and the doctor --------------------------------------------------------------------------


def test_the_fleet_gets_the_providers_secrets_that_the_environment_lacks(
    manager: SecretsManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.fresh(**{BRAVE: "brave-value", SERPAPI: "serpapi-value", "payroll": "no"})
    monkeypatch.setenv(SERPAPI, "mine")
    settings = load(manager.environment(tmp_path))
    make_home(settings)
    found = provider_secrets(settings)
    assert found == {BRAVE: "brave-value"}
    for child in processes(settings, demo=True, credentials=found):
        assert child.environment.get(BRAVE) == ("brave-value" if child.name == "fleet" else None)
        assert "brave-value" not in f"{child.command}{child!r}"


def test_the_fleet_does_not_get_the_key_to_the_vault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_BITWARDEN_TOKEN", TOKEN)
    settings = load({"HERMES_HOME": str(tmp_path)})
    fleet = next(child for child in processes(settings, demo=False) if child.name == "fleet")
    fleet.command = [
        "-c",
        "import os; print([v for n, v in os.environ.items() if 'BITWARDEN' in n])",
    ]
    fleet.log_file = tmp_path / "said"
    fleet.start()
    assert fleet.process is not None
    assert fleet.process.wait(10) == 0
    assert (tmp_path / "said").read_text("utf-8").strip() == "[]"


def test_each_process_gets_the_secrets_it_needs_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S13: the signing secret of Stripe and everybody's keys stood in the fleet, the flow worker, its browser."""
    secrets = {
        "HERMES_DATABASE_URL": {"web", "runner", "brain", "subscriber", "flow-worker", "monitor"},
        "HERMES_STRIPE_WEBHOOK_SECRET": {"web"}, "HERMES_STRIPE_WEBHOOK_SECRET_FILE": {"web"},
        "HERMES_METRICS_TOKEN": {"web"}, "HERMES_BRAIN_TOKEN": {"web", "brain"},
        "HERMES_BITWARDEN_TOKEN": {"web", "runner"},
        "HERMES_WORKER_CRAWL_RENDER": {"web", "runner"}, "HERMES_WORKER_OTHER": set[str](),
        SERPAPI: {"web", "runner", "fleet"}, "GITHUB_TOKEN": set[str](),
        "AWS_SECRET_ACCESS_KEY": {"web", "brain", "subscriber", "flow-worker", "monitor"},
    }  # fmt: skip
    for name in secrets:
        monkeypatch.setenv(name, f"secret of {name}")
    monkeypatch.setenv("HERMES_LOG_JSON", "true")
    children = processes(load({"HERMES_HOME": str(tmp_path)}), demo=True)
    for child in children:
        assert child.environment["PATH"]
        assert child.environment["HERMES_LOG_JSON"] == "true", "what is no secret is for all"
    found = {n: {child.name for child in children if n in child.environment} for n in secrets}
    assert found == secrets
    assert not {name for name in secrets if name in hermes_browser.starting.environment()}


@pytest.mark.parametrize(
    ("planted", "state", "words"),
    [
        ({}, "ready", "Connected, 2 secrets"),
        ({"api": 401}, "not ready", "Not available, unauthorized: "),
    ],
)
async def test_the_doctor_says_how_bitwarden_stands(
    manager: SecretsManager,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    planted: dict[str, int],
    state: str,
    words: str,
) -> None:
    manager.plant(**planted)
    for name, value in manager.environment(tmp_path / "home").items():
        monkeypatch.setenv(name, value)
    check = next(check for check in await examine() if check.name == "Bitwarden")
    assert check.state == state
    assert check.text.startswith(words)
    assert not (tmp_path / "home").exists()


async def test_the_doctor_says_that_bitwarden_is_not_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_HOME", str(tmp_path))
    check = next(check for check in await examine() if check.name == "Bitwarden")
    assert (check.state, check.text) == ("not set", "HERMES_BITWARDEN_TOKEN is not set")


def test_hermes_starts_without_the_sdk() -> None:
    code = "import sys; sys.modules['bitwarden_sdk'] = None; import hermes.wiring.up"
    subprocess.run([sys.executable, "-c", code], check=True)
