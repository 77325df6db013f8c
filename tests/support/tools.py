"""What tests need beside the packages of `.venv`: one rule for all of it.

A test names its tool with a marker. Without the tool it is skipped by name, and in CI, which installs every
tool, it fails: a skip that nobody reads would look like a test that passed.
"""

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import ROOT

OFFICIAL = ROOT / ".venv-official" / ".ready"


def _has_browser() -> bool:
    import hermes_browser

    return hermes_browser.find() is not None


@dataclass(frozen=True)
class Tool:
    """`found`: whether it is here; `hint`: how to get it; `due`: whether CI has it in this environment."""

    found: Callable[[], bool]
    hint: str
    due: Callable[[], bool] = lambda: True


TOOLS = {
    "browser": Tool(_has_browser, "no browser: run `hermes browser install`"),
    "pgbouncer": Tool(
        lambda: shutil.which("pgbouncer") is not None,
        "no pgbouncer: install Debian's",
        due=lambda: False,
    ),
    "nginx": Tool(
        lambda: shutil.which("nginx") is not None, "no nginx: install Debian's", due=lambda: False
    ),
    "caddy": Tool(
        lambda: shutil.which("caddy") is not None, "no caddy: install Debian's", due=lambda: False
    ),
    "node": Tool(lambda: shutil.which("node") is not None, "no node: install Node.js"),
    "official": Tool(OFFICIAL.exists, "the official SDKs are not ready: run tools/official.sh"),
    "engines": Tool(
        lambda: all(map(find_spec, ("prefect", "boto3", "opentelemetry.sdk"))),
        "Prefect, boto3 and OpenTelemetry live in .venv-engines: make engines",
        due=lambda: (
            Path(sys.prefix).name == ".venv-engines"
        ),  # `make test` passes by them, `make engines` runs them
    ),
}


@cache
def is_here(name: str) -> bool:
    return TOOLS[name].found()


def require_tools(item: pytest.Item) -> None:
    """Skip a test whose tool is missing; fail it where CI should have it."""
    for name in {marker.name for marker in item.iter_markers()} & TOOLS.keys():
        if is_here(name):
            continue
        if os.environ.get("CI") == "true" and TOOLS[name].due():
            pytest.fail(TOOLS[name].hint, pytrace=False)
        pytest.skip(TOOLS[name].hint)
