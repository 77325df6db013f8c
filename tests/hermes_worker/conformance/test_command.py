"""The command: what it prints and writes, and with which code it ends."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from .conftest import Program
from .faults import JsonErrorsWithControlCharacters, NoContractNamed, StartIsOpen
from .scripted import KEY, Sound

KIT = ("-m", "hermes_worker.conformance")
HERMES = ("-m", "hermes", "verify-worker")


@pytest.mark.parametrize("program", [KIT, HERMES], ids=["kit", "hermes"])
async def test_a_worker_that_conforms_ends_with_code_0(
    python: Program, program: tuple[str, ...]
) -> None:
    async with Sound().serving() as worker:
        ended = await python(*program, worker.url, "--key", KEY)
    assert (ended.code, ended.err) == (0, "")
    assert f"{worker.url} conforms to contract v1 at level cancellable" in ended.out
    assert "○ ASY-7" in ended.out
    assert "skipped: no --restart-command was given" in ended.out


@pytest.mark.parametrize("program", [KIT, HERMES], ids=["kit", "hermes"])
async def test_a_broken_must_ends_with_code_1_and_shows_the_answer(
    python: Program, program: tuple[str, ...]
) -> None:
    async with StartIsOpen().serving() as worker:
        ended = await python(*program, worker.url, "--key", KEY, "--level", "connection")
    assert ended.code == 1
    assert "✗ CON-6" in ended.out
    assert 'POST /start, no key -> 202: {"jobId": "job-1"' in ended.out
    assert worker.jobs["job-1"].status == "cancelled"


async def test_a_broken_should_is_told_and_still_conforms(python: Program) -> None:
    async with NoContractNamed().serving() as worker:
        ended = await python(*KIT, worker.url, "--key", KEY, "--level", "connection")
    assert ended.code == 0
    assert "✗ CON-4  SHOULD" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["http://127.0.0.1:9"], "Cannot connect"),
        (["ftp://127.0.0.1"], "not the http or https address"),
        ([], "Name the worker"),
        (["http://127.0.0.1:9", "--level", "best"], "best"),
        (["http://127.0.0.1:9", "--payload", "[1]"], "not an object"),
        (["http://127.0.0.1:9", "--wait", "soon"], "soon"),
    ],
)
@pytest.mark.parametrize("program", [KIT, HERMES], ids=["kit", "hermes"])
async def test_nobody_there_or_a_wrong_word_ends_with_code_4(
    python: Program, program: tuple[str, ...], words: list[str], said: str
) -> None:
    ended = await python(*program, *words)
    assert (ended.code, ended.out) == (4, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


async def test_the_json_report_holds_the_evidence_without_the_key(python: Program) -> None:
    async with Sound().serving() as worker:
        ended = await python(*KIT, worker.url, "--key", KEY, "--json")
    report: dict[str, Any] = json.loads(ended.out)
    assert KEY not in ended.out
    assert (report["level"], report["conforms"], report["jobsStarted"]) == ("cancellable", True, 3)
    assert report["summary"] == {"passed": 45, "failed": 0, "skipped": 1}
    asked = {result["id"]: result for result in report["results"]}["CON-7"]
    assert asked["evidence"]["request"] == "POST /start, wrong key"
    assert asked["evidence"]["status"] == 401


async def test_the_junit_file_has_a_case_for_each_requirement(
    python: Program, tmp_path: Path
) -> None:
    file = tmp_path / "report.xml"
    async with JsonErrorsWithControlCharacters().serving() as worker:
        ended = await python(*KIT, worker.url, "--key", KEY, "--junit", str(file))
    assert ended.code == 1
    suite = ET.parse(file).getroot()  # noqa: S314 - our own file
    failures = [
        case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None
    ]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("46", "1", "1")
    assert [name.partition(" ")[0] for name in failures if name] == ["CAN-1"]


async def test_the_payload_and_the_mode_reach_the_worker(python: Program) -> None:
    async with Sound().serving() as worker:
        payload = json.dumps({"site": "https://other.example", "max_urls": 7})
        ended = await python(
            *KIT, worker.url, "--key", KEY, "--payload", payload, "--level", "smoke"
        )
    assert ended.code == 0
    (job,) = worker.jobs.values()
    body = json.loads(job.digest)
    assert (body["mode"], body["site"], body["max_urls"]) == ("smoke", "https://other.example", 7)
    assert body["run_id"] in worker.keys
