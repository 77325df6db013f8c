"""What all stand-ins share: keys of their own, faults on a switch, this machine only, the same data again."""

import json
from collections.abc import AsyncGenerator
from datetime import date, timedelta
from urllib.parse import quote

import aiohttp
import pytest

from hermes_sandbox.providers import StandIns, truth
from tests.support.stand_ins import SITE, TODAY, Served, serve_stand_ins

PROVIDERS = {
    "google_oauth": ("POST", "/token"),
    "gsc": ("GET", "/webmasters/v3/sites"),
    "ga4": ("POST", "/v1beta/properties/310042142:runReport"),
    "google_ads": ("POST", "/v26/customers/4210077315/googleAds:searchStream"),
    "github": ("GET", "/repos/juniper-dental/website"),
    "gitlab": ("GET", "/api/v4/projects/juniper-dental%2Fwebsite"),
    "psi": ("GET", "/pagespeedonline/v5/runPagespeed"),
    "crux": ("POST", "/v1/records:queryRecord"),
    "dataforseo": ("POST", "/v3/serp/google/organic/live/advanced"),
    "serpapi": ("GET", "/search.json"),
    "brave": ("GET", "/res/v1/web/search"),
    "language_model": ("GET", "/v1/models"),
    "slack": ("POST", "/services/T/B/X"),
    "discord": ("GET", "/api/webhooks/1/x"),
}
REFUSED = {
    "google_oauth": 400, "gsc": 401, "ga4": 401, "google_ads": 401, "github": 401, "gitlab": 401, "psi": 429, "crux": 403, "dataforseo": 401, "serpapi": 401,
    "brave": 422, "language_model": 401, "slack": 404, "discord": 404,
}  # fmt: skip
HERE = {"Host": "localhost"}


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_without_a_key_each_provider_refuses_in_its_own_way(
    served: Served, provider: str
) -> None:
    method, path = PROVIDERS[provider]
    ask = served.get if method == "GET" else served.post
    status, _body = await ask(f"/{provider}{path}")
    assert status == REFUSED[provider]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_every_provider_can_be_an_app_shell_half_a_json_or_a_bad_gateway(
    served: Served, provider: str
) -> None:
    method, path = PROVIDERS[provider]
    ask = served.get if method == "GET" else served.post
    seen = dict[str, tuple[int, str]]()
    for fault in ("html", "broken_json", "gateway", "redirect"):
        await served.switch(provider, fault)
        status, body = await ask(f"/{provider}{path}")
        seen[fault] = (status, body[:9])
    assert seen == {
        "html": (200, "<!doctype"),
        "broken_json": (200, '{"rows": '),
        "gateway": (502, "<html><h1"),
        "redirect": (302, ""),
    }
    await served.switch(provider, None)
    assert (await ask(f"/{provider}{path}"))[0] == REFUSED[provider]


async def test_a_slow_provider_keeps_its_caller_waiting(served: Served) -> None:
    served.stand_ins.faults.slow_seconds = 0.2
    await served.switch("serpapi", "slow")
    with pytest.raises(TimeoutError):
        await served.get("/serpapi/account", timeout=aiohttp.ClientTimeout(total=0.05))
    assert (await served.get("/serpapi/account"))[0] == 401


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"provider": "bing", "fault": None}, "provider must be one of brave, crux, "),
        ({"provider": "brave", "fault": "flood"}, "fault of brave must be null or one of "),
        ({"provider": ["brave"]}, 'Send {"provider"'),
        ([], 'Send {"provider"'),
    ],
)
async def test_a_switch_that_is_none_is_refused_with_what_there_is(
    served: Served, told: object, said: str
) -> None:
    status, body = await served.post("/__faults__", json=told)
    assert status == 400
    assert body.startswith(said)


async def test_the_table_of_faults_says_what_is_on(served: Served) -> None:
    await served.switch("smtp", "auth_535")
    _status, told = await served.get("/__faults__")
    assert told["providers"]["smtp"]["on"] == "auth_535"
    assert told["providers"]["gsc"]["on"] is None
    assert set(told["providers"]) == {*PROVIDERS, "smtp"}
    assert {"quota", "forbidden", "empty", "slow", "html"} <= set(
        told["providers"]["gsc"]["faults"]
    )


async def test_a_page_of_another_site_can_neither_switch_nor_read(served: Served) -> None:
    told = json.dumps({"provider": "gsc", "fault": "quota"})
    plain = {"Content-Type": "text/plain"}
    assert (await served.post("/__faults__", data=told, headers=plain))[0] == 415
    rebound = {"Host": "demo.attacker.example"}
    assert (await served.get("/__mail__", headers=rebound))[0] == 403
    assert (await served.get("/__mail__", headers=HERE))[0] == 200


async def test_keys_are_new_at_every_start_and_stand_in_no_repr() -> None:
    one, other = StandIns(SITE), StandIns(SITE)
    assert one.keys.__slots__
    for name in one.keys.__slots__:
        first, second = getattr(one.keys, name), getattr(other.keys, name)
        assert first != second, name
        assert str(first) not in repr(one.keys), name


async def test_the_demo_is_told_five_secrets_and_a_test_all_thirteen(served: Served) -> None:
    announced = served.stand_ins.announced(served.base)
    names = ("GOOGLE", "GOOGLE_ADS", "GITHUB", "SMTP", "SLACK")
    assert set(announced) == {f"HERMES_PROVIDER_{name}" for name in names}
    assert len(served.secrets) == 13
    assert all(secret == served.secrets[name] for name, secret in announced.items())


async def test_before_it_listens_the_mail_sink_has_no_port_to_tell() -> None:
    with pytest.raises(RuntimeError, match="does not listen yet"):
        StandIns(SITE).secrets_of("http://127.0.0.1:1")


def test_the_truth_of_a_day_is_always_the_same_and_follows_the_day() -> None:
    assert truth(SITE, TODAY).as_json() == truth(f"{SITE}/", TODAY).as_json()
    later = truth(SITE, TODAY + timedelta(30)).as_json()
    assert later != truth(SITE, TODAY).as_json()


def test_a_history_goes_on_after_its_anchor_without_changing_the_past() -> None:
    day = TODAY - timedelta(40)
    known = truth(SITE, TODAY)
    before = known.search(day, day)
    assert known.search(TODAY, TODAY + timedelta(20)).clicks > 0
    assert known.search(day, day) == before


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 3, 1), date(2028, 2, 29)])
def test_planted_pages_do_what_they_were_planted_for_whatever_the_day(today: date) -> None:
    told = truth(SITE, today)
    end = today - timedelta(3)
    start = end - timedelta(27)

    def change(page: str, back: int) -> float:
        now, then = (
            told.search(start - timedelta(days), end - timedelta(days), page).clicks
            for days in (back, back + 28)
        )
        return now / then - 1

    year = timedelta(364)
    assert told.pages("decaying")
    assert told.pages("seasonal")
    for page in told.pages("decaying"):
        now = told.search(start, end, page).clicks
        assert change(page, 0) < -0.25
        assert now / told.search(start - year, end - year, page).clicks < 0.5
        assert abs(change(page, 364)) < 0.15
    for page in told.pages("seasonal"):
        assert change(page, 0) < -0.2
        assert change(page, 364) < -0.2
    for page in told.pages("growing"):
        assert (
            told.search(start, end, page).clicks
            > 1.5 * told.search(start - year, end - year, page).clicks
        )
    for page in told.pages("steady"):
        assert abs(change(page, 0)) < 0.15


async def test_planted_pages_are_pages_of_the_demo_site() -> None:
    from hermes_sandbox.site import build

    site = build(SITE)
    told = truth(SITE, TODAY)
    pages = [
        page for fate in ("decaying", "seasonal", "growing", "steady") for page in told.pages(fate)
    ]
    assert len(pages) == 13
    assert [site.answer(page.removeprefix(SITE)).status for page in pages] == [200] * 13


async def test_a_property_in_a_path_may_be_percent_encoded(served: Served) -> None:
    site = quote(f"{SITE}/", safe="")
    status, body = await served.post(
        f"/gsc/webmasters/v3/sites/{site}/searchAnalytics/query", json={}
    )
    assert (status, body["error"]["status"]) == (401, "UNAUTHENTICATED")
