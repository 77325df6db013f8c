"""What a smoke run that is no success has in common with others: one cause, one row of the overview."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hermes_base.reasons import Reason

OWN = frozenset({Reason.OUTPUTS_MISSING, Reason.NO_OUTPUTS})
"""Reasons that only say that something is wrong with this service: they are shared with no other."""
OF_SITE = re.compile(r"site_[a-z_]+:")
"""How workers begin what they say of the site itself (`site_unreachable: ...`): it is one cause, however each goes on."""
SETTINGS = "settings:"


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a service fails. Services of a site with the same `key` fail for the same cause."""

    key: str
    reason: str
    message: str


def cause_of(
    slug: str,
    reason: str | None,
    detail: str | None,
    outputs: Mapping[str, Any],
    metrics: Mapping[str, Any],
) -> Cause:
    """The cause that all missing outputs share, as the worker explained them; else that of the run.

    `outputs` and `metrics` are `outputs_json` and `metrics_json` of the run.
    """
    run = (reason or Reason.OUTPUTS_MISSING.value, detail or "")
    explained = metrics.get("explanations", {})
    missing: Sequence[str] = outputs.get("missingOutputs", ())
    shared = {_explained(explained.get(each, {}), run) for each in missing}
    said, message = shared.pop() if len(shared) == 1 else run
    own = said in OWN or not message
    of_site = OF_SITE.match(message)
    common = of_site[0] if of_site else message
    digest = hashlib.blake2b(common.encode(), digest_size=8).hexdigest()
    return Cause(f"service:{slug}" if own else f"{said}:{digest}", said, message)


def settings_cause(absent: Sequence[str]) -> str:
    """The key of services that wait for the same settings of a site."""
    return SETTINGS + ",".join(absent)


def _explained(said: Mapping[str, Any], run: tuple[str, str]) -> tuple[str, str]:
    return said.get("reason") or run[0], said.get("message") or run[1]
