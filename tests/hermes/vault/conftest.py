"""Bitwarden's local stand-in, once for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.hermes.vault.bitwarden_running import SecretsManager, running


@pytest.fixture(scope="session")
def _manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecretsManager]:
    with running(tmp_path_factory.mktemp("bitwarden")) as manager:
        yield manager


@pytest.fixture
def manager(_manager: SecretsManager, monkeypatch: pytest.MonkeyPatch) -> SecretsManager:
    """The server, all well and with two secrets; the SDK trusts its certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(_manager.authority))
    _manager.fresh(HERMES_WORKER_A='{"base_url": "https://a.example"}', b_worker="second-value")
    return _manager
