"""A Secrets Manager on loopback that speaks Bitwarden's protocol: login, sync, project. A process of its own,
since the SDK holds the interpreter while it waits. Run: bitwarden_server.py CERTIFICATE KEY ANNOUNCE."""

import base64
import hashlib
import hmac
import json
import os
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

ORGANIZATION = "f4e44a7f-1190-432a-9d4a-af96013127cb"
PROJECT = "5a1f3c1e-0b5e-4f2b-9b07-b1f000000001"
EMPTY_PROJECT = "5a1f3c1e-0b5e-4f2b-9b07-b1f000000002"
CLIENT = "ec2c1d46-6a4b-4751-a310-af9601317f2d"
CLIENT_SECRET = "loopback-client-secret"
SEED = hashlib.sha256(b"seed of the access token").digest()[:16]
TOKEN = f"0.{CLIENT}.{CLIENT_SECRET}:{base64.b64encode(SEED).decode()}"
KEYS = hashlib.sha512(b"key of the organisation").digest()
NOW = "2026-01-01T00:00:00.000Z"

state: dict[str, Any] = {"secrets": {}, "login": 200, "api": 200, "counts": {}}
let_go = threading.Event()
"""While it is not set, no request but those of the test is answered."""
let_go.set()


def token_key() -> bytes:
    """The 64 bytes that an access token stands for."""
    seed = hmac.new(b"bitwarden-accesstoken", SEED, hashlib.sha256).digest()
    return HKDFExpand(hashes.SHA256(), 64, b"sm-access-token").derive(seed)


def sealed(text: str, key: bytes) -> str:
    """Text as an EncString of type 2: AES-256-CBC, then HMAC-SHA256."""
    padder, iv = padding.PKCS7(128).padder(), os.urandom(16)
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key[:32]), modes.CBC(iv)).encryptor()
    data = encryptor.update(padded) + encryptor.finalize()
    mac = hmac.new(key[32:], iv + data, hashlib.sha256).digest()
    return "2." + "|".join(base64.b64encode(part).decode() for part in (iv, data, mac))


def jwt() -> str:
    """A bearer token of one hour; its signature is checked by nobody but us, by its number."""
    state["session"] = state.get("session", 0) + 1
    claims = {
        "exp": int(time.time()) + 3600,
        "sub": CLIENT,
        "organization": ORGANIZATION,
        "scope": ["api.secrets"],
        "number": state["session"],
    }
    parts = (json.dumps({"alg": "RS256"}), json.dumps(claims), "unsigned")
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)


def login(form: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
    """The grant of client credentials."""
    known = form.get("client_id") == [CLIENT] and form.get("client_secret") == [CLIENT_SECRET]
    if not known:
        return 400, {"error": "invalid_client"}
    if state["login"] != 200:
        return state["login"], {"message": "planted"}
    state["bearer"] = jwt()
    payload = json.dumps({"encryptionKey": base64.b64encode(KEYS).decode()})
    return 200, {
        "access_token": state["bearer"],
        "expires_in": 3600,
        "token_type": "Bearer",
        "scope": "api.secrets",
        "encrypted_payload": sealed(payload, token_key()),
    }


def secret(number: int, name: str, value: str) -> dict[str, Any]:
    """A secret as the API sends it: its name, value and note sealed."""
    return {
        "object": "secret",
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "organizationId": ORGANIZATION,
        "key": sealed(name, KEYS),
        "value": sealed(value, KEYS),
        "note": sealed("", KEYS),
        "creationDate": NOW,
        "revisionDate": NOW,
        "projects": [{"id": PROJECT, "name": sealed("fleet", KEYS)}],
        "read": True,
        "write": False,
    }


def project(path: str) -> tuple[int, dict[str, Any]]:
    """A project that exists, or 404."""
    found = path.rsplit("/", 1)[-1]
    if found not in (PROJECT, EMPTY_PROJECT):
        return 404, {"message": "Resource not found.", "object": "error"}
    return 200, {
        "object": "project",
        "id": found,
        "organizationId": ORGANIZATION,
        "name": sealed("fleet", KEYS),
        "creationDate": NOW,
        "revisionDate": NOW,
        "read": True,
        "write": False,
    }


class Asked(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Secrets and projects, for the bearer of the newest session."""
        path = urlsplit(self.path).path
        if path == "/_/counts":
            return self.answer(200, state["counts"])
        self.count("sync" if path.endswith("/secrets/sync") else "other")
        let_go.wait()
        if self.headers.get("authorization") != f"Bearer {state.get('bearer')}":
            return self.answer(401, {"message": "Unauthorized"})
        if state["api"] != 200:
            return self.answer(state["api"], {"message": "planted", "object": "error"})
        if path.startswith("/api/projects/"):
            return self.answer(*project(path))
        if path != f"/api/organizations/{ORGANIZATION}/secrets/sync":
            return self.answer(404, {"message": "Resource not found.", "object": "error"})
        data = [secret(at, *pair) for at, pair in enumerate(state["secrets"].items())]
        return self.answer(200, {"hasChanges": True, "secrets": {"object": "list", "data": data}})

    def do_POST(self) -> None:
        """Login, and what the test plants."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.path == "/_/plant":
            state.update(json.loads(body))
            let_go.clear() if state.pop("held", False) else let_go.set()
            return self.answer(200, {})
        self.count("login")
        let_go.wait()
        return self.answer(*login(parse_qs(body.decode())))

    def count(self, what: str) -> None:
        """One more request of this kind."""
        state["counts"][what] = state["counts"].get(what, 0) + 1

    def answer(self, status: int, body: dict[str, Any]) -> None:
        """JSON with its length, in one piece."""
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's own name
        """Silence."""


def main(certificate: str, key: str, announce: str) -> None:
    """Serve until killed; `announce` gets the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    scratch = Path(f"{announce}.new")
    scratch.write_text(str(server.server_address[1]))
    scratch.rename(announce)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
