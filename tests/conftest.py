"""Fixtures shared by all tests, and the rule about tools that may be missing (`tests/support/tools.py`).

Every file of tests reads this, those about rules too, which answer within a second: so what is heavy (database,
web framework, browser, hypothesis) is imported in the fixture or hook that needs it.
"""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.tools import require_tools

if TYPE_CHECKING:
    from playwright.async_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import Scheduling

    from tests.support.database import Server
    from tests.support.room import Room
    from tests.support.served import Served

THIS_MACHINE = "127.0.0.0/8, ::1, localhost"
"""The websites of tests stand on this machine, as no site may that is not opened."""
os.environ.setdefault("HERMES_PRIVATE_SITES", THIS_MACHINE)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "Scheduling | None":
    """`--dist loadfile` goes by our lanes, too."""
    from tests.support.lanes import Lanes

    return Lanes(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Before a module with properties is imported: its decorators take the profile of that moment."""
    if isinstance(collector, pytest.Module) and b"hypothesis" in collector.path.read_bytes():
        from hypothesis import HealthCheck, settings

        # Time says nothing about rules on a machine that does other things too.
        slow = [HealthCheck.too_slow]
        settings.register_profile("default", deadline=None, suppress_health_check=slow)
        settings.load_profile("default")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Without its tool a test is skipped by name; in CI it fails."""
    require_tools(item)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was imported gets its settings; hypothesis' plugin would import it for its last word alone."""
    if "hypothesis" not in sys.modules:
        session.config.pluginmanager.unregister(name="hypothesispytest")
    if "structlog" in sys.modules:
        from tests.support.logs import log_plainly

        log_plainly()


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 costs 50 ms and 64 MiB on purpose; tests/hermes_base/people/test_passwords.py looks at the real one."""
    from argon2 import PasswordHasher

    from hermes_base.people import passwords

    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "hasher", quick)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Server"]:
    """One PostgreSQL for the whole session."""
    from tests.support.database import serve
    from tests.support.logs import log_plainly

    log_plainly()
    yield from serve(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator["Browser"]:
    """A Chromium for the tests of a file; each opens contexts of its own."""
    from playwright.async_api import expect

    import hermes_browser

    expect.set_options(timeout=60_000)  # ms; only decides how late a broken test fails
    async with hermes_browser.browser() as started:
        yield started


@pytest.fixture
async def database_url(server: "Server", quick_passwords: None) -> AsyncIterator[str]:
    """A migrated database of its own, whose passwords cost nothing."""
    url = await server.database()
    yield url
    await server.drop(url)


@pytest.fixture
async def room(database_url: str) -> AsyncIterator["Room"]:
    """A control room with the thirteen services built, nothing registered yet."""
    from tests.support.catalog import all_built
    from tests.support.room import open_room

    async with open_room(database_url, all_built()) as found:
        yield found


@pytest.fixture
async def served(room: "Room") -> AsyncIterator["Served"]:
    """The web application of a room, over real HTTP."""
    from tests.support.served import serve_web

    async with serve_web(room) as found:
        yield found
