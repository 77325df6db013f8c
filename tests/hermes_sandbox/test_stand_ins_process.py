"""The sandbox as a process: the stand-ins it announces are there, for the fleet's eyes alone."""

import asyncio
import json
import stat
import sys
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import aiohttp
import aiosmtplib
import pytest

from hermes_fleet import providers
from tests.support.waiting import until

NAMES = (
    "HERMES_PROVIDER_GOOGLE",
    "HERMES_PROVIDER_GOOGLE_ADS",
    "HERMES_PROVIDER_GITHUB",
    "HERMES_PROVIDER_SMTP",
    "HERMES_PROVIDER_SLACK",
)


@pytest.fixture
async def file(tmp_path: Path) -> AsyncGenerator[Path]:
    """What a running sandbox announced."""
    place = tmp_path / "sandbox.json"
    serve = ["-m", "hermes_sandbox", "--port", "0", "--announce", str(place)]
    process = await asyncio.create_subprocess_exec(sys.executable, *serve)
    try:
        await until(place.exists, "the sandbox is announced")
        yield place
    finally:
        process.kill()
        await process.wait()


def told(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


async def test_its_secrets_open_what_they_name(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = told(file)
    monkeypatch.setenv(providers.SANDBOX_FILE, str(file))
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    google, ads, github, mail, slack = (providers.credential(name, said["site"]) for name in NAMES)
    assert google is not None
    assert ads is not None
    assert github is not None
    assert mail is not None
    assert slack is not None
    assert {each.provenance for each in (google, ads, github, mail, slack)} == {"sample"}
    assert set(said["providers"]) == set(NAMES)
    assert google.fields["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    await _logs_in(mail.fields)
    async with aiohttp.ClientSession() as client:
        async with client.post(slack.text("url"), json={"text": "tok-20"}) as answer:
            assert await answer.text() == "ok"
        async with client.get(slack.text("read_back"), params={"token": "tok-20"}) as answer:
            assert len((await answer.json())["messages"]) == 1


async def _logs_in(secret: Any) -> None:
    mail = aiosmtplib.SMTP(
        hostname=secret["host"],
        port=secret["port"],
        username=secret["user"],
        password=secret["password"],
        start_tls=False,
    )
    async with mail:
        assert (await mail.noop()).code == 250


async def test_the_file_with_the_keys_is_for_its_owner_alone(file: Path) -> None:
    assert mode(file) == 0o600


async def test_the_property_of_the_settings_is_the_one_that_the_stand_in_knows(file: Path) -> None:
    from hermes_sandbox.providers import GA4_PROPERTY

    said = told(file)
    assert said["settings"]["ga4_property"] == GA4_PROPERTY
    assert said["settings"]["gsc_site"] == f"{said['site']}/"
