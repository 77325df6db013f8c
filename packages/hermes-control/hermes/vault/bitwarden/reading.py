"""One reading of all secrets: the child process that does it, and what it answered."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hermes.vault.bitwarden.faults import Closed, Fault

READER = Path(__file__).with_name("reader.py")
READ_SECONDS = 15.0
Secrets = Mapping[str, Sequence[str]]
"""The values under each name: Bitwarden lets several secrets have one name."""


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the secrets of one organisation, or of one project of it (ids)."""

    token: str = field(repr=False)
    organization: str
    project: str
    api_url: str
    identity_url: str
    state_file: Path
    """Where the SDK keeps its session, sealed with the token, mode 600."""


def read(access: Access) -> Secrets | Fault:
    """Ask Bitwarden now. Takes up to `READ_SECONDS`; call it in a thread."""
    if not access.token:
        return Fault(Closed.MISSING_TOKEN, "HERMES_BITWARDEN_TOKEN is not set.")
    if not access.organization:
        return Fault(Closed.MISSING_ORGANIZATION, "HERMES_BITWARDEN_ORGANIZATION is not set.")
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(READER)],
            input=_question(access),
            capture_output=True,
            text=True,
            timeout=READ_SECONDS,
            env={name: value for name, value in os.environ.items() if "BITWARDEN" not in name},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Fault(Closed.UNREACHABLE, f"Bitwarden did not respond within {READ_SECONDS:g} s.")
    except OSError as error:
        return Fault(Closed.API_ERROR, f"The reader cannot be started: {error.strerror}.")
    return _answer(done.stdout, done.returncode)


def _question(access: Access) -> str:
    keeps = access.state_file.parent.is_dir()  # `hermes doctor` makes no home
    return json.dumps(
        {
            "token": access.token,
            "organization": access.organization,
            "project": access.project,
            "api_url": access.api_url,
            "identity_url": access.identity_url,
            "state_file": str(access.state_file) if keeps else "",
        }
    )


def _answer(text: str, code: int) -> Secrets | Fault:
    try:
        answer: dict[str, Any] = json.loads(text)
    except ValueError:
        return Fault(Closed.API_ERROR, f"The reader of Bitwarden ended with code {code}.")
    if "fault" in answer:
        return Fault(Closed(answer["fault"]), answer["detail"])
    found: dict[str, list[str]] = {}
    for name, value in answer["secrets"]:
        found.setdefault(name, []).append(value)
    return found
