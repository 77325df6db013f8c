"""Each distribution is installed by itself, as a wheel, into an empty environment, and does there what it promises."""

import subprocess
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests import ROOT
from tests.support.installed import (
    Environment,
    build_wheels,
    empty_environment,
    pins,
    pip_arguments,
)
from tests.support.ports import held_port
from tests.support.system import is_open, up
from tests.support.waiting import until_blocking

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
FLEET_ONLY = ("hermes_fleet", "apprise", "selectolax", "w3lib")
TESTS_ONLY = ("hermes_sandbox", "aiosmtpd", "moto", "pyright", "pytest", "hypothesis", "hatchling")
WORKER = """
import sys
from pathlib import Path
from hermes_worker import Job, Result, Worker

worker = Worker("word_count", version="1.0.0", outputs=("words",), answer_within=5)

@worker.run
async def count(job: Job, text: str = "three small words") -> Result:
    return Result(outputs={"words": len(text.split())}, provenance={"words": "measured"})

worker.serve("127.0.0.1", int(sys.argv[1]), key="a-key-for-tests", state=Path(sys.argv[2]))
"""
pytestmark = pytest.mark.timeout(600)  # without a cache of packages the network decides


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The wheels of all four distributions, by their names."""
    return build_wheels(tmp_path_factory.mktemp("wheels"))


@pytest.fixture
def empty(tmp_path: Path) -> Environment:
    return empty_environment(tmp_path / "environment")


@contextmanager
def serving(environment: Environment, folder: Path) -> Generator[str]:
    """The worker of the SDK's first page as a process of this environment; its address."""
    program = folder / "worker.py"
    program.write_text(WORKER)
    with ExitStack() as stack:
        port = stack.enter_context(held_port())
        command = [environment.python, program, str(port), folder / "state"]
        process = stack.enter_context(subprocess.Popen(command, cwd=folder))
        try:
            until_blocking(lambda: is_open(port), "the worker listened")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_worker_needs_the_sdk_alone_and_keeps_the_contract(
    wheels: Mapping[str, Path], empty: Environment, tmp_path: Path
) -> None:
    empty.install("-c", pins(ROOT / "requirements.txt", tmp_path), wheels["hermes-worker"])
    assert empty.lacks("hermes_base", "hermes", "hermes_fleet", "playwright", "pytest", "fastapi")
    with serving(empty, tmp_path) as url:
        kit = ("python", "-m", "hermes_worker.conformance", url, "--key", "a-key-for-tests")
        checked = empty.run(*kit)
    assert checked.returncode == 0, checked.stdout + checked.stderr


async def test_the_control_plane_alone_is_a_production_installation(
    wheels: Mapping[str, Path], empty: Environment, tmp_path: Path
) -> None:
    empty.install("--require-hashes", "-r", ROOT / "requirements.txt")
    empty.install("--no-index", wheels["hermes-worker"], wheels["hermes-control"])
    assert empty.lacks(*FLEET_ONLY, *TESTS_ONLY)
    demo = empty.run("hermes", "up", "--demo")
    assert demo.returncode == 4, demo.stderr
    assert "Install hermes-control[demo], or leave out --demo." in demo.stderr
    fleet = empty.run("hermes", "fleet")
    assert fleet.returncode == 4, fleet.stderr
    assert "Install hermes-control[fleet]." in fleet.stderr
    async with up(tmp_path / "home", python=empty.python) as system:
        assert (await system.get("/health"))["status"] == "healthy"
        assert await system.get("/api/sites") == []


async def test_the_demo_extra_brings_a_demo_whose_smoke_test_passes(
    wheels: Mapping[str, Path], empty: Environment, tmp_path: Path
) -> None:
    empty.install("--require-hashes", "-r", ROOT / "requirements-demo.txt")
    folder = wheels["hermes-control"].parent
    empty.install("--no-index", "--find-links", folder, "hermes-control[demo]")
    assert empty.lacks("moto", "pyright", "pytest", "hypothesis", "boto3", "prefect")
    async with up(tmp_path / "home", "--demo", python=empty.python) as system:
        site = await system.demo_site()
        asked = {"siteId": site["id"], "service": "serp_intel"}
        started = await system.post("/api/tests/smoke/start", asked)
        job = await system.job_done(started["jobId"])
        run = await system.run_of(started["jobId"])
    assert (job["status"], run["status"]) == ("done", "success"), run


def test_the_lines_of_the_dockerfile_install_what_the_image_runs(empty: Environment) -> None:
    lines = pip_arguments(DOCKERFILE)
    assert len(lines) == 2
    for words in lines:
        empty.install(*words, inside=ROOT)
    assert empty.lacks(*TESTS_ONLY)
    assert not empty.lacks("hermes_fleet")
    assert empty.run("hermes", "--version").stdout.startswith("Hermes ")
    assert empty.run("hermes", "fleet", "--help").returncode == 0
