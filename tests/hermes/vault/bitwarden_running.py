"""The local Secrets Manager as a running process, and a source that asks it with the real SDK."""

import http.client
import json
import ssl
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import trustme

from hermes.vault import Access, Bitwarden
from hermes_base.clock import Clock, utc_now
from tests.hermes.vault import bitwarden_server
from tests.hermes.vault.bitwarden_server import ORGANIZATION, TOKEN
from tests.support.waiting import until_blocking


@dataclass
class SecretsManager:
    """A server on loopback; `authority` is the certificate that clients must trust."""

    port: int
    authority: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def plant(self, **state: Any) -> None:
        """Set secrets, the answer to logins (`login`) and requests (`api`); `held`: until the next plant
        nobody is answered."""
        self._ask("POST", "/_/plant", json.dumps(state))

    def fresh(self, **secrets: str) -> None:
        """All well, with these secrets, nothing counted."""
        self.plant(secrets=secrets, login=200, api=200, counts={})

    def counts(self) -> dict[str, int]:
        """Requests by kind: login, sync, other."""
        return json.loads(self._ask("GET", "/_/counts"))

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        context = ssl.create_default_context(cafile=self.authority)
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context)
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()

    def access(self, home: Path, **changes: Any) -> Access:
        """How to read it from the home of a Hermes."""
        api, identity = f"{self.url}/api", f"{self.url}/identity"
        usual = Access(TOKEN, ORGANIZATION, "", api, identity, home / "bitwarden.state")
        return replace(usual, **changes)

    def source(self, home: Path, clock: Clock = utc_now, **changes: Any) -> Bitwarden:
        """A source as one process of a Hermes has it."""
        return Bitwarden(self.access(home, **changes), clock)

    def environment(self, home: Path) -> dict[str, str]:
        """The variables of a Hermes that uses it."""
        return {
            "HERMES_HOME": str(home),
            "HERMES_BITWARDEN_TOKEN": TOKEN,
            "HERMES_BITWARDEN_ORGANIZATION": ORGANIZATION,
            "HERMES_BITWARDEN_API_URL": f"{self.url}/api",
            "HERMES_BITWARDEN_IDENTITY_URL": f"{self.url}/identity",
        }


@contextmanager
def running(folder: Path) -> Generator[SecretsManager]:
    """Start the server with a certificate of its own, and stop it."""
    authority = trustme.CA()
    leaf = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    chain = b"".join(part.bytes() for part in leaf.cert_chain_pems)
    (folder / "cert.pem").write_bytes(chain)
    files = [str(folder / name) for name in ("cert.pem", "key.pem", "port")]
    process = subprocess.Popen([sys.executable, bitwarden_server.__file__, *files])
    try:
        until_blocking(
            lambda: (folder / "port").exists() or process.poll() is not None, "the server comes up"
        )
        assert process.poll() is None, "the server ended"
        yield SecretsManager(int((folder / "port").read_text()), folder / "ca.pem")
    finally:
        process.kill()
        process.wait()
