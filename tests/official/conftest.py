"""The stand-ins in this process, the providers' own SDKs in programs of their own environment."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.support.stand_ins import Served, serve_stand_ins

PYTHON = ROOT / ".venv-official" / "bin" / "python"
PROGRAMS = Path(__file__).parent / "programs"
SECONDS = 60
Ask = Callable[..., Coroutine[Any, Any, Any]]


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    """The stand-ins, in this process."""
    async with serve_stand_ins() as found:
        yield found


@pytest.fixture
def ask() -> Ask:
    """Runs a program of the official environment with one JSON object; what it printed, as JSON."""

    async def run(program: str, **told: Any) -> Any:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            PYTHON, "-W", "ignore", PROGRAMS / f"{program}.py", stdin=pipe, stdout=pipe, stderr=pipe
        )
        try:
            async with asyncio.timeout(SECONDS):
                out, trouble = await process.communicate(json.dumps(told).encode())
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, trouble.decode()[-2000:]
        return json.loads(out)

    return run
