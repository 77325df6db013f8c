"""Credentials of outside providers: what the operator stored, or a stand-in that serves the demo site.

A secret is JSON (an object of fields) or a bare string (one key). A stand-in speaks a provider's wire
format on this machine with made-up figures: it is used for the demo site alone, and what it returns
is `sample`, never `provider`.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from hermes_fleet.crawling.addresses import normalise, origin
from hermes_worker import Missing, WorkerError
from hermes_worker.result import Provenance

SANDBOX_FILE = "HERMES_SANDBOX_FILE"
"""Names a file in JSON: `site` (address of the demo site) and `providers` (secret name -> fields)."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What opens one provider. `fields` are the secret's; `stand_in` says that nobody real answers."""

    name: str
    fields: Mapping[str, Any] = field(repr=False)
    stand_in: bool = False

    @property
    def provenance(self) -> Provenance:
        """The provenance of its figures: `sample` from a stand-in, else `provider`."""
        return "sample" if self.stand_in else "provider"

    @property
    def base_url(self) -> str:
        """The address in the secret; empty for the provider's own."""
        return self.text("base_url").rstrip("/")

    def text(self, *names: str) -> str:
        """The first of these fields that holds text; empty when none does."""
        found = (self.fields.get(name) for name in names)
        return next((value.strip() for value in found if isinstance(value, str) and value), "")

    def require(self, *names: str) -> str:
        """As `text`; WorkerError `missing_config` names the field that the secret lacks."""
        if value := self.text(*names):
            return value
        raise WorkerError("missing_config", f"The secret {self.name} has no field {names[0]}.")


def credential(name: str, site: str) -> Credential | None:
    """The operator's secret `HERMES_PROVIDER_...`, else the stand-in of the demo site, else None.

    WorkerError `missing_config` when a secret is there and cannot be read.
    """
    if (text := _secret(name)) is not None:
        return Credential(name, _fields(name, text))
    sandbox = _sandbox()
    if not _same_site(site, str(sandbox.get("site", ""))):
        return None
    stand_ins = cast("dict[str, Any]", sandbox.get("providers", {}))
    fields = stand_ins.get(name)
    return Credential(name, cast("dict[str, Any]", fields), stand_in=True) if fields else None


def missing(name: str, what: str) -> Missing:
    """The answer for an output that needs a provider nobody configured."""
    return Missing("missing_config", f"Add {what} as the secret {name}.")


def _secret(name: str) -> str | None:
    if text := os.environ.get(name, "").strip():
        return text
    path = os.environ.get(f"{name}_FILE")
    try:
        return Path(path).read_text("utf-8").strip() or None if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise WorkerError("missing_config", f"{name}_FILE cannot be read.") from error


def _fields(name: str, text: str) -> dict[str, Any]:
    if not text.startswith(("{", "[", '"')):
        return {"key": text}
    try:
        found = json.loads(text)
    except ValueError as error:
        raise WorkerError("missing_config", f"The secret {name} is not valid JSON.") from error
    if isinstance(found, str):
        return {"key": found}
    if not isinstance(found, dict):
        raise WorkerError("missing_config", f"The secret {name} is JSON, but not an object.")
    return cast("dict[str, Any]", found)


def _sandbox() -> dict[str, Any]:
    """What the sandbox announced; nothing where there is none."""
    try:
        return json.loads(Path(os.environ[SANDBOX_FILE]).read_text("utf-8"))
    except (KeyError, OSError, ValueError):
        return {}


def _same_site(one: str, other: str) -> bool:
    first, second = normalise(one), normalise(other)
    return first is not None and second is not None and origin(first) == origin(second)
