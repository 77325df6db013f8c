"""Credentials: the operator's own first, the stand-in for the demo site alone, else none."""

import json
from pathlib import Path

import pytest

from hermes_fleet import providers
from hermes_worker import WorkerError

NAME = "HERMES_PROVIDER_DATAFORSEO"
DEMO = "http://127.0.0.1:8420"


@pytest.fixture(autouse=True)
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sandbox.json"
    file.write_text(json.dumps({"site": DEMO, "providers": {NAME: {"login": "demo"}}}))
    monkeypatch.setenv(providers.SANDBOX_FILE, str(file))
    monkeypatch.delenv(NAME, raising=False)


def test_the_demo_site_gets_the_stand_in_and_its_figures_are_samples() -> None:
    found = providers.credential(NAME, DEMO + "/")
    assert found is not None
    assert (found.text("login"), found.provenance) == ("demo", "sample")


def test_another_site_never_gets_the_stand_in() -> None:
    assert providers.credential(NAME, "https://www.example.com") is None
    assert providers.credential(NAME, "http://127.0.0.1:8421") is None


def test_the_operators_secret_wins_and_counts_as_a_provider(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(NAME, '{"login": "own-login", "base_url": "https://x.example/"}')
    found = providers.credential(NAME, DEMO)
    assert found is not None
    assert (found.text("login"), found.provenance) == ("own-login", "provider")
    assert found.base_url == "https://x.example"
    assert "own-login" not in repr(found)


def test_a_bare_secret_is_the_key_and_may_stand_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text("abc\n")
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "key"))
    found = providers.credential(NAME, "https://www.example.com")
    assert found is not None
    assert found.require("key") == "abc"
    with pytest.raises(WorkerError, match="has no field login"):
        found.require("login")


@pytest.mark.parametrize("text", ['{"login": ', '["a"]'])
def test_a_secret_that_cannot_be_read_is_said_without_being_repeated(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(WorkerError, match=NAME) as trouble:
        providers.credential(NAME, DEMO)
    assert trouble.value.code == "missing_config"
    assert text not in trouble.value.message
