"""One Prefect server a session with its work pool, one database, and one worker process until it is killed."""

import asyncio
import subprocess
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from tests.directory_bolt.engines.serving import prefect_server
from tests.directory_bolt.engines.site import Site, end_whole, open_site
from tests.support.database import Server

HERE = Path(__file__).parent
Processes = list[subprocess.Popen[bytes]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests need the engines, whose processes begin slowly since they import Prefect."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engines)
            item.add_marker(pytest.mark.timeout(600))


@pytest.fixture(scope="session")
def prefect_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with prefect_server(tmp_path_factory.mktemp("prefect")) as url:
        yield url


@pytest.fixture(scope="session")
def lasting_database(server: Server) -> str:
    """One database for the session: a worker process keeps to one."""
    return asyncio.run(server.database())


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def workers(lasting_database: str) -> Iterator[Processes]:
    """The worker processes of the session, of which the last may live."""
    del lasting_database  # it outlives them
    found: Processes = []
    yield found
    for process in found:
        end_whole(process)


@pytest.fixture
async def site(
    prefect_url: str, lasting_database: str, home: Path, workers: Processes
) -> AsyncGenerator[Site]:
    """The pipeline of orders with Prefect as its engine."""
    async with open_site(prefect_url, lasting_database, home, workers) as found:
        yield found
