"""Channels and routes of alerts on their page and in the API: added, tested against a real receiver, removed."""

import json
from collections.abc import AsyncGenerator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.hermes.web.test_pages import one, press, said, tree_of
from tests.support.served import Served

PAGE = "/settings/channels"
SECRET = "HERMES_CHANNEL_SLACK_SEO"


@pytest.fixture
async def slack() -> AsyncGenerator[list[str]]:
    """The address of a Slack webhook first, then what it was given."""
    taken: list[str] = []

    async def post(request: web.Request) -> web.Response:
        text = (await request.json())["text"]
        taken.append(text)
        return web.Response(text="ok" if "Test of Hermes" in text else "no_text")

    app = web.Application()
    app.router.add_post("/services/T0/B0/x", post)
    async with TestServer(app) as server:
        taken.append(str(server.make_url("/services/T0/B0/x")))
        yield taken


async def added(served: Served, **fields: str) -> str:
    """The id of a channel that was added on the page."""
    usual = {"name": "Slack #seo", "kind": "slack", "secret": SECRET, "target": ""}
    status, _, body = await press(served, PAGE, None, **(usual | fields))
    assert status == 303, body
    setup = await served.room.hermes.alert_channels.setup()
    return str(next(each.id for each in setup.channels if each.name == "Slack #seo"))


async def test_a_channel_is_added_and_its_test_arrives(served: Served, slack: list[str]) -> None:
    channel = await added(served)
    row = one(await tree_of(served, PAGE), f"#channel-{channel}")
    assert "Nothing delivered yet" in said(row)
    status, _, body = await press(served, f"{PAGE}/{channel}/test")
    assert status == 422
    assert f"{SECRET} was not found in" in body
    served.room.variables[SECRET] = json.dumps({"url": slack.pop(0)})
    status, _, body = await press(served, f"{PAGE}/{channel}/test")
    assert status == 200
    assert "Slack #seo accepted the test." in body
    assert slack[0].startswith("*Test of Hermes alerts*\napi token sent this test")


async def test_a_key_in_an_address_is_never_told(served: Served, slack: list[str]) -> None:
    channel = await added(served)
    served.room.variables[SECRET] = slack.pop(0).replace("/x", "/secret-of-the-hook")
    status, _, body = await press(served, f"{PAGE}/{channel}/test")
    assert status == 422
    assert "answered 404" in body
    assert "secret-of-the-hook" not in body


async def test_a_channel_without_its_secret_or_with_a_taken_name_is_refused(served: Served) -> None:
    await added(served)
    status, _, body = await press(served, PAGE, name="Slack #seo", kind="slack", secret=SECRET)
    assert status == 422
    assert "Is taken; choose another" in body
    status, _, body = await press(served, PAGE, name="Other", kind="slack", secret="", target="")
    assert status == 422
    assert "Enter the name of the secret" in body


async def test_a_route_is_added_by_the_page_stands_before_the_last_and_goes_with_its_channel(
    served: Served,
) -> None:
    channel = await added(served)
    status, _, body = await press(
        served, f"{PAGE}/routes", product="orders", days="weekdays", starts="08:00", ends="18:00",
        timeZone="Europe/Berlin", channel=channel, remindAfter="", escalateAfter="30", escalateTo=channel,
    )  # fmt: skip
    assert status == 303, body
    rows = (await tree_of(served, PAGE)).css("#routes tbody tr")
    assert len(rows) == 2
    assert "Mon to Fri, 08:00 to 18:00 (Europe/Berlin)" in said(rows[0])
    assert "after 30 min: Slack #seo" in said(rows[0])
    assert "Notifications service" in said(rows[1])
    await press(served, f"{PAGE}/{channel}/remove")
    assert len((await tree_of(served, PAGE)).css("#routes tbody tr")) == 1


async def test_half_a_route_is_refused_and_nothing_is_kept(served: Served) -> None:
    channel = await added(served)
    status, _, body = await press(
        served, f"{PAGE}/routes", channel=channel, starts="08:00", ends="", remindAfter="60"
    )
    assert status == 422
    assert "Enter both, from and to, or neither" in body
    assert len((await served.room.hermes.alert_channels.setup()).routes) == 1


async def test_the_api_does_the_same(served: Served) -> None:
    channel = {"name": "On duty", "kind": "pagerduty", "secret": "HERMES_CHANNEL_DUTY"}
    async with served.http.post("/api/alert-channels", json=channel) as reply:
        assert reply.status == 201
        made = await reply.json()
    route = {"channels": [made["id"]], "severity": "critical"}
    async with served.http.post("/api/alert-routes", json=route) as reply:
        assert reply.status == 201
        assert (await reply.json())["when"] == "Always"
    async with served.http.get("/api/alert-channels") as reply:
        found = await reply.json()
    assert [each["channels"] for each in found["routes"]] == [
        ["On duty"],
        ["Notifications service"],
    ]
    assert found["ping"] is None
    async with served.http.delete(f"/api/alert-channels/{made['id']}") as reply:
        assert reply.status == 204
