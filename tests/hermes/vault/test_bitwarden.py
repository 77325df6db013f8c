"""Bitwarden as a source: the real SDK in its child process, against a local server that speaks its protocol."""

import asyncio
import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from hermes.vault import Bitwarden, Environment, Vault
from hermes.vault.bitwarden.faults import AWAY, NEXT_STEPS, Closed
from hermes.vault.bitwarden.reading import READER
from hermes.vault.bitwarden.source import FRESH, RETRY
from hermes_base.reasons import Failure, Reason
from tests.hermes.vault.bitwarden_running import SecretsManager
from tests.hermes.vault.bitwarden_server import (
    CLIENT_SECRET,
    EMPTY_PROJECT,
    ORGANIZATION,
    PROJECT,
    TOKEN,
)
from tests.support.room import HeldClock
from tests.support.waiting import until, until_blocking


def reason(source: Bitwarden) -> Closed:
    fault = source.refresh().fault
    assert fault is not None
    assert fault.next_step
    assert CLIENT_SECRET not in f"{fault}{source.name}"
    return fault.reason


# Reading -------------------------------------------------------------------------------------------


def test_all_secrets_come_with_one_login_and_one_request(
    manager: SecretsManager, tmp_path: Path
) -> None:
    source = manager.source(tmp_path)
    assert source.text("HERMES_WORKER_B", "b_worker") == "second-value"
    assert source.text("HERMES_WORKER_A", "a_worker") == '{"base_url": "https://a.example"}'
    assert source.text("HERMES_WORKER_C", "c_worker") is None
    assert manager.counts() == {"login": 1, "sync": 1}
    assert source.status().names == ("HERMES_WORKER_A", "b_worker")
    assert (source.name, source.status().text) == ("Bitwarden", "Connected, 2 secrets")


def test_processes_of_one_home_share_a_session(manager: SecretsManager, tmp_path: Path) -> None:
    for _ in range(3):
        assert manager.source(tmp_path).status().state == "open"
    assert manager.counts() == {"login": 1, "sync": 3}


def test_processes_that_start_together_log_in_once(manager: SecretsManager, tmp_path: Path) -> None:
    manager.plant(held=True)
    sources = [manager.source(tmp_path) for _ in range(3)]
    threads = [threading.Thread(target=source.status) for source in sources]
    for thread in threads:
        thread.start()
    until_blocking(lambda: manager.counts().get("login"), "one of them logs in")
    manager.plant()
    for thread in threads:
        thread.join()
    assert [source.status().state for source in sources] == ["open"] * 3
    assert manager.counts()["login"] == 1


def test_the_session_is_closed_to_others_and_holds_no_secret(
    manager: SecretsManager, tmp_path: Path
) -> None:
    state = tmp_path / "bitwarden.state"
    assert manager.source(tmp_path).status().state == "open"
    assert state.stat().st_mode & 0o777 == 0o600
    for secret in ("second-value", CLIENT_SECRET):
        assert secret not in state.read_text("utf-8")
    state.chmod(0o644)
    manager.source(tmp_path).status()
    assert state.stat().st_mode & 0o777 == 0o600


def test_a_session_that_bitwarden_ended_is_replaced_once(
    manager: SecretsManager, tmp_path: Path
) -> None:
    source = manager.source(tmp_path)
    source.status()
    manager.plant(bearer="of somebody else")
    assert source.refresh().state == "open"
    assert manager.counts() == {"login": 2, "sync": 3}


def test_a_refused_new_session_is_not_tried_twice(manager: SecretsManager, tmp_path: Path) -> None:
    manager.plant(api=401)
    assert reason(manager.source(tmp_path)) == Closed.UNAUTHORIZED
    assert manager.counts() == {"login": 1, "sync": 1}


def test_without_a_home_there_is_no_session_and_no_home_is_made(
    manager: SecretsManager, tmp_path: Path
) -> None:
    home = tmp_path / "none"
    assert manager.source(home).refresh().state == "open"
    assert not home.exists()


def test_only_the_secrets_of_the_project_are_read(manager: SecretsManager, tmp_path: Path) -> None:
    assert manager.source(tmp_path, project=PROJECT).status().state == "open"
    assert manager.counts() == {"login": 1, "sync": 1}


# Reasons -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "planted", "expected"),
    [
        ({"token": ""}, {}, Closed.MISSING_TOKEN),
        ({"organization": ""}, {}, Closed.MISSING_ORGANIZATION),
        ({"token": "half a token"}, {}, Closed.MALFORMED_TOKEN),
        ({"token": TOKEN[:-9]}, {}, Closed.MALFORMED_TOKEN),
        ({"token": TOKEN.replace("loopback", "other")}, {}, Closed.UNAUTHORIZED),
        ({}, {"login": 401}, Closed.UNAUTHORIZED),
        ({}, {"api": 401}, Closed.UNAUTHORIZED),
        ({}, {"api": 403}, Closed.FORBIDDEN),
        ({"organization": PROJECT}, {}, Closed.ORGANIZATION_NOT_FOUND),
        ({"project": ORGANIZATION}, {}, Closed.PROJECT_NOT_FOUND),
        ({"project": EMPTY_PROJECT}, {}, Closed.ZERO_SECRETS),
        ({}, {"secrets": {}}, Closed.ZERO_SECRETS),
        ({}, {"login": 429}, Closed.RATE_LIMITED),
        ({}, {"api": 429}, Closed.RATE_LIMITED),
        ({}, {"login": 500}, Closed.API_ERROR),
        ({}, {"api": 503}, Closed.API_ERROR),
        ({"identity_url": "https://127.0.0.1:1"}, {}, Closed.UNREACHABLE),
        ({"api_url": "https://127.0.0.1:1"}, {}, Closed.UNREACHABLE),
    ],
)
def test_every_refusal_has_its_name(
    manager: SecretsManager,
    tmp_path: Path,
    changes: dict[str, Any],
    planted: dict[str, Any],
    expected: Closed,
) -> None:
    manager.plant(**planted)
    source = manager.source(tmp_path, **changes)
    assert reason(source) == expected
    assert source.status().state == "closed"
    assert source.name == f"Bitwarden (closed, {expected})"


def test_a_server_that_nobody_vouches_for_is_not_believed(
    manager: SecretsManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert reason(manager.source(tmp_path)) == Closed.UNREACHABLE
    assert manager.counts() == {}


def test_a_missing_sdk_is_said() -> None:
    asked = dict.fromkeys(("token", "organization", "project", "api_url", "identity_url"), "")
    done = subprocess.run(
        [sys.executable, "-S", "-P", READER],  # -S: without installed packages
        input=json.dumps({**asked, "state_file": ""}),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["fault"] == Closed.SDK_MISSING


def test_every_reason_has_a_next_step() -> None:
    assert set(NEXT_STEPS) == set(Closed) > AWAY


# Cache, refresh, degraded --------------------------------------------------------------------------


def test_refresh_reads_past_the_cache_and_nothing_else_does(
    manager: SecretsManager, tmp_path: Path
) -> None:
    source = manager.source(tmp_path)
    source.status()
    manager.plant(secrets={"b_worker": "changed"})
    assert source.text("b_worker", "b_worker") == "second-value"
    source.refresh()
    assert source.text("b_worker", "b_worker") == "changed"


def test_old_values_are_read_anew_while_nobody_waits(
    manager: SecretsManager, tmp_path: Path
) -> None:
    clock = HeldClock()
    source = manager.source(tmp_path, clock)
    source.status()
    manager.plant(secrets={"b_worker": "changed"}, held=True)
    clock.forward(FRESH.total_seconds() - 1)
    source.text("b_worker", "b_worker")
    assert manager.counts()["sync"] == 1
    clock.forward(2)
    assert source.text("b_worker", "b_worker") == "second-value"  # though nobody is answered yet
    until_blocking(lambda: manager.counts()["sync"] == 2, "Bitwarden is asked aside")
    assert source.text("b_worker", "b_worker") == "second-value"
    manager.plant()
    until_blocking(lambda: source.text("b_worker", "b_worker") == "changed", "the source changes")
    assert manager.counts()["sync"] == 2


def test_refresh_in_one_process_makes_the_others_read(
    manager: SecretsManager, tmp_path: Path
) -> None:
    runner, web = manager.source(tmp_path), manager.source(tmp_path)
    assert (runner.status().state, web.status().state) == ("open", "open")
    manager.plant(secrets={"b_worker": "changed"})
    web.refresh()
    until_blocking(lambda: runner.text("b_worker", "b_worker") == "changed", "the runner's changes")


@pytest.mark.parametrize(("planted", "wait"), [({"api": 500}, RETRY), ({"api": 429}, FRESH)])
def test_while_bitwarden_is_away_the_last_values_stay_and_it_is_said_since_when(
    manager: SecretsManager, tmp_path: Path, planted: dict[str, Any], wait: timedelta
) -> None:
    clock = HeldClock()
    source = manager.source(tmp_path, clock)
    source.status()
    clock.forward(60)
    manager.plant(**planted)
    source.refresh()
    clock.forward(600)
    status = source.refresh()
    assert source.text("b_worker", "b_worker") == "second-value"
    assert status.text.startswith("Degraded since 2026-11-21 09:01 UTC, ")
    assert status.tried_at > HeldClock()()
    found = Vault([source]).source_of("b_worker")
    assert isinstance(found, str)
    assert found.startswith("Bitwarden (degraded since 2026-11-21 09:01 UTC, ")
    manager.plant(api=200)
    asked = manager.counts()["sync"]
    clock.forward(wait.total_seconds() - 1)
    source.text("b_worker", "b_worker")
    assert manager.counts()["sync"] == asked
    clock.forward(2)
    source.text("b_worker", "b_worker")
    until_blocking(lambda: source.status().state == "open", "the source opens")
    assert source.name == "Bitwarden"


def test_values_of_a_revoked_token_are_forgotten(manager: SecretsManager, tmp_path: Path) -> None:
    source = manager.source(tmp_path)
    source.status()
    manager.plant(api=401)
    assert source.refresh().state == "closed"
    assert source.text("b_worker", "b_worker") is None


def test_two_secrets_of_one_name_are_refused_not_guessed(tmp_path: Path) -> None:
    access = SecretsManager(1, tmp_path).access(tmp_path)
    source = Bitwarden(access, reading=lambda _: {"a": ["one", "two"], "b": ["three"]})
    found = Vault([source]).source_of("a")
    assert isinstance(found, Failure)
    assert found.reason is Reason.SECRET_MALFORMED
    assert found.detail == "Bitwarden cannot be read: 2 secrets have the name a."
    assert source.text("b", "b") == "three"


def test_the_environment_wins_and_a_closed_bitwarden_is_named_among_the_sources(
    manager: SecretsManager, tmp_path: Path
) -> None:
    vault = Vault([Environment({"b_worker": "mine"}), manager.source(tmp_path, token="")])
    assert vault.text("b_worker") == "mine"
    found = vault.source_of("HERMES_WORKER_A")
    assert isinstance(found, Failure)
    assert "Bitwarden (closed, missing_token)" in found.detail


# The child process ---------------------------------------------------------------------------------


async def test_the_event_loop_runs_on_while_bitwarden_is_slow(
    manager: SecretsManager, tmp_path: Path
) -> None:
    manager.plant(held=True)
    reading = asyncio.create_task(asyncio.to_thread(manager.source(tmp_path).refresh))
    await until(lambda: manager.counts().get("login"), "Bitwarden is asked")
    assert not reading.done()
    manager.plant()  # a loop that stood still until the answer came would never get here
    assert (await reading).state == "open"


def test_the_token_is_in_no_command_line_and_no_environment_of_the_child(
    manager: SecretsManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_BITWARDEN_TOKEN", TOKEN)
    manager.plant(held=True)
    reading = threading.Thread(target=manager.source(tmp_path).refresh)
    reading.start()
    until_blocking(lambda: manager.counts().get("login"), "Bitwarden is asked")
    children = [p for p in psutil.Process().children() if str(READER) in p.cmdline()]
    seen = [f"{child.cmdline()}{child.environ()}" for child in children]
    manager.plant()
    reading.join()
    assert len(seen) == 1
    assert CLIENT_SECRET not in seen[0]
    assert CLIENT_SECRET not in repr(manager.access(tmp_path))
