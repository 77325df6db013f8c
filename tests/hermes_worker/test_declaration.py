"""Mistakes of an author that are told when the module is imported."""

from pathlib import Path
from typing import Any

import pytest

from hermes_worker import Job, Result, Worker


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "Crawl Render"},
        {"outputs": ()},
        {"outputs": ("pages", "status")},
        {"modes": ()},
        {"time_limit": {"nightly": 5}},
        {"max_concurrency": 0},
        {"answer_within": -1},
    ],
)
def test_a_declaration_without_sense_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"slug": "w", "version": "1", "outputs": ("x",)}
    Worker(**right)
    with pytest.raises(ValueError, match=r"slug|output|mode|time limit|max_concurrency"):
        Worker(**right | wrong)


def test_a_function_that_cannot_be_filled_from_a_payload_is_refused() -> None:
    worker = Worker("w", version="1", outputs=("x",))

    def not_async(job: Job) -> Result:
        return Result()

    async def untyped(job: Job, site) -> Result:  # pyright: ignore[reportUnknownParameterType, reportMissingParameterType]
        return Result()

    async def variadic(job: Job, **fields: str) -> Result:
        return Result()

    for function in (not_async, untyped, variadic):
        with pytest.raises(TypeError):
            worker.run(function)  # pyright: ignore[reportArgumentType, reportCallIssue]


def test_a_worker_is_not_served_without_a_key(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="without a key"):
        Worker("w", version="1", outputs=("x",)).app("", tmp_path)


async def test_a_worker_without_a_function_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no function"):
        async with Worker("w", version="1", outputs=("x",)).running(tmp_path):
            pass
