"""`hermes verify-worker`: the conformance kit of the worker SDK, as a program of its own."""

import subprocess
import sys
from typing import Any

import typer

KIT = "hermes_worker.conformance"


def add(app: typer.Typer) -> None:
    """Add the command to the program; its options are the kit's."""
    passed_on: dict[str, Any] = {
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "help_option_names": [],
    }
    app.command(context_settings=passed_on)(verify_worker)


def verify_worker(context: typer.Context) -> int:
    """Test a worker against the worker contract v1: verify-worker URL --key K (see --help)."""
    return subprocess.run([sys.executable, "-m", KIT, *context.args], check=False).returncode
