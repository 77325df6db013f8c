"""The pytest plugin: `pytest --worker-url URL --worker-key K` with a test that takes `worker_conformance`.

def test_my_worker_keeps_the_contract(worker_conformance):
    assert worker_conformance.passed, worker_conformance.reason

The test runs once for each requirement. What could not be judged is skipped, a SHOULD not met an xfail.
"""

import asyncio

import pytest

from hermes_worker.conformance import LEVELS, REQUIREMENTS, Report, Result, verify
from hermes_worker.conformance.requirements import up_to


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("worker", "conformance of a worker service")
    group.addoption("--worker-url", help="base address of the worker")
    group.addoption("--worker-key", help="its key")
    group.addoption("--worker-level", choices=LEVELS, help="default: what /health declares")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "worker_conformance" in metafunc.fixturenames:
        level: str | None = metafunc.config.getoption("worker_level")
        names = [asked.id for asked in (up_to(level) if level else REQUIREMENTS)]
        metafunc.parametrize("worker_conformance", names, indirect=True)


@pytest.fixture(scope="session")
def worker_report(pytestconfig: pytest.Config) -> Report:
    """The report of the worker at --worker-url: one verification a session."""
    url: str | None = pytestconfig.getoption("worker_url")
    if not url:
        pytest.skip("no --worker-url was given")
    key: str | None = pytestconfig.getoption("worker_key")
    return asyncio.run(verify(url, key, level=pytestconfig.getoption("worker_level")))


@pytest.fixture
def worker_conformance(request: pytest.FixtureRequest, worker_report: Report) -> Result:
    """The result for one requirement."""
    result = worker_report.result(request.param)
    if result is None:
        pytest.skip(f"beyond level {worker_report.level}")
    if result.outcome == "skipped":
        pytest.skip(result.reason)
    if result.outcome == "failed" and not result.requirement.must:
        pytest.xfail(f"SHOULD: {result.reason}")
    return result
