"""Reads all secrets of a Bitwarden organisation once: JSON in on standard input, JSON out.

A process of its own: the SDK holds the interpreter while it waits for the network, so a web server that
called it would stand still. The token comes by standard input, where no process list shows it.
"""

import fcntl
import json
import os
import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STATUS = re.compile(r"server: \[(\d{3}) ([^\]]*)\]")
REFUSALS = {
    "400": "unauthorized",  # what the identity service says to a revoked token
    "401": "unauthorized",
    "403": "forbidden",
    "404": "organization_not_found",
    "429": "rate_limited",
}
TOKEN_WORDS = ("decryption key", "access token", "base64")


def main() -> None:
    """Answer with `secrets`, a list of [name, value], or with `fault` and `detail`."""
    os.umask(0o077)  # the SDK writes its session with the mode that the process leaves it
    asked = json.load(sys.stdin)
    try:
        answer = read(asked)
    except ImportError:
        answer = {"fault": "sdk_missing", "detail": "The package bitwarden-sdk is not installed."}
    except Exception as error:  # noqa: BLE001 - the SDK raises nothing narrower
        answer = fault(str(error))
    json.dump(answer, sys.stdout)


def read(asked: dict[str, Any]) -> dict[str, Any]:
    """Sign in and read; a session that is no longer accepted is replaced by a new one, once."""
    state = asked["state_file"]
    kept = bool(state) and Path(state).exists()
    client = signed_in(asked)
    try:
        return secrets_of(client, asked)
    except Exception as error:
        if not kept or fault(str(error))["fault"] != "unauthorized":
            raise
    Path(state).unlink(missing_ok=True)
    return secrets_of(signed_in(asked), asked)


def signed_in(asked: dict[str, Any]) -> Any:
    """A client with the session of the state file, or with a new one that is kept there."""
    from bitwarden_sdk import (  # noqa: PLC0415 - that it is missing is an answer
        BitwardenClient,
        DeviceType,
        client_settings_from_dict,
    )

    wanted = {
        "apiUrl": asked["api_url"],
        "identityUrl": asked["identity_url"],
        "deviceType": DeviceType.SDK,
        "userAgent": "Hermes",
    }
    client = BitwardenClient(client_settings_from_dict(wanted))
    auth: Any = client.auth()
    with alone(asked["state_file"]):
        auth.login_access_token(asked["token"], asked["state_file"] or None)
    return client


@contextmanager
def alone(state: str) -> Generator[None]:
    """One process of this home signs in at a time: the others find its session."""
    if not state:
        yield
        return
    with Path(f"{state}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if Path(state).exists():
            Path(state).chmod(0o600)
        yield


def secrets_of(client: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Every secret of the organisation, or of one project, in one request."""
    found: list[Any] = client.secrets().sync(asked["organization"], None).data.secrets or []
    project = asked["project"]
    if project:
        found = [secret for secret in found if str(secret.project_id) == project]
    if found:
        return {"secrets": [[secret.key, secret.value] for secret in found]}
    if project and (refused := no_project(client, project)):
        return refused
    return {"fault": "zero_secrets", "detail": "Bitwarden accepts Hermes but returns no secrets."}


def no_project(client: Any, project: str) -> dict[str, Any] | None:
    """Why there is no such project; None when there is one."""
    try:
        client.projects().get(project)
    except Exception as error:
        found = fault(str(error))
        if found["fault"] != "organization_not_found":
            raise
        detail = (
            f"The project {project} does not exist, or the machine account has no access to it."
        )
        return {"fault": "project_not_found", "detail": detail}
    return None


def fault(words: str) -> dict[str, Any]:
    """The SDK's sentence as one of the named faults; what else the server wrote is not passed on."""
    if status := STATUS.search(words):
        detail = f"Bitwarden answered {status[1]} {status[2]}."
        return {"fault": REFUSALS.get(status[1], "api_error"), "detail": detail}
    if "error sending request" in words:
        return {"fault": "unreachable", "detail": "Bitwarden cannot be reached."}
    if any(word in words for word in TOKEN_WORDS):
        return {"fault": "malformed_token", "detail": "The access token is incomplete."}
    return {"fault": "api_error", "detail": "Bitwarden's response cannot be read."}


if __name__ == "__main__":
    main()
