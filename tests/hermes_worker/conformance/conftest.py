"""Programs run beside the workers of the tests."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Ended:
    """What a program left: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Program = Callable[..., Awaitable[Ended]]


@pytest.fixture
def python() -> Program:
    """Runs Python with these words, without blocking the worker that is served beside it."""

    async def run(*words: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=PIPE, stderr=PIPE
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    return run
