"""Fixtures shared by all tests, and the rule about browsers."""

import os
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from playwright.async_api import Browser

import hermes_browser
from hermes_base.people import passwords
from tests.support.database import Server, serve
from tests.support.room import Room, all_built, open_room
from tests.support.served import Served, serve_web

structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ],
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

# Time says nothing about rules on a machine that does other things too.
settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser the tests that need one are skipped by name; in CI they fail."""
    if hermes_browser.find() is not None or os.environ.get("CI") == "true":
        return
    reason = "no browser: run `hermes browser install`"
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 costs 50 ms and 64 MiB on purpose; tests/storage/test_passwords.py looks at the real one."""
    monkeypatch.setattr(passwords, "hasher", QUICK)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One PostgreSQL for the whole session."""
    yield from serve(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium for the tests of a file; each opens contexts of its own."""
    async with hermes_browser.browser() as started:
        yield started


@pytest.fixture
async def database_url(server: Server) -> AsyncIterator[str]:
    """A migrated database of its own."""
    url = await server.database()
    yield url
    await server.drop(url)


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    """A control room with the thirteen services built, nothing registered yet."""
    async with open_room(database_url, all_built()) as found:
        yield found


@pytest.fixture
async def served(room: Room) -> AsyncIterator[Served]:
    """The web application of a room, over real HTTP."""
    async with serve_web(room) as found:
        yield found
