"""The demo directories as a part of `python -m hermes_sandbox`: announced, and counted over restarts."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.support.waiting import patience, until

FORM = {"business_name": "Marigold & Sons", "email": "hello@marigold.example"}


@asynccontextmanager
async def sandbox(folder: Path, *arguments: str) -> AsyncGenerator[dict[str, Any]]:
    """What a running sandbox announced; it is killed in the end, not asked to stop."""
    file = folder / "sandbox.json"
    file.unlink(missing_ok=True)
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(file), *arguments]
    process = await asyncio.create_subprocess_exec(sys.executable, *serve)
    try:
        await until(file.exists, "the sandbox is announced")
        yield json.loads(file.read_text())
    finally:
        process.kill()
        await process.wait()


async def test_they_are_announced_with_an_address_of_their_own(tmp_path: Path) -> None:
    async with sandbox(tmp_path) as said, aiohttp.ClientSession() as client:
        directories = said["directories"]
        assert directories["base_url"] not in {said["site"], *said["competitors"]}
        assert urlsplit(directories["base_url"]).hostname == "127.0.0.1"
        first = directories["list"][0]
        assert first["submission_url"].startswith(f"{directories['base_url']}/")
        async with client.get(first["submission_url"]) as answer:
            assert first["name"] in await answer.text()


async def test_a_file_of_books_counts_over_a_killed_sandbox(tmp_path: Path) -> None:
    books = ("--books", str(tmp_path / "books.jsonl"))
    for times in (1, 2):
        async with sandbox(tmp_path, *books) as said, aiohttp.ClientSession() as client:
            base = said["directories"]["base_url"]
            async with client.post(f"{base}/file-number/submit", data=FORM) as answer:
                assert answer.status == 200
            async with client.get(f"{base}/__books__") as answer:
                told = (await answer.json())["file-number"]
            assert told["counts"]["arrived"] == times
            assert [entry["fields"]["email"] for entry in told["received"]] == [[FORM["email"]]] * times  # fmt: skip


async def test_books_that_cannot_be_written_are_one_sentence_and_exit_code_1(
    tmp_path: Path,
) -> None:
    books = tmp_path / "nowhere" / "books.jsonl"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--books", str(books)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *serve, stderr=pipe)
    async with patience():
        _, complaint = await process.communicate()
    assert process.returncode == 1
    assert str(books) in complaint.decode()
    assert complaint.decode().count("\n") == 1
