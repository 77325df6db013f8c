"""Search providers as the demo's stand-ins speak: results are read, and every fault of them has its reason."""

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest

from hermes_fleet.providers import Credential
from hermes_fleet.searching.engine import SearchError
from hermes_fleet.searching.engines import PROVIDERS
from hermes_fleet.searching.results import UNITED_STATES, ResultPage
from tests.support.stand_ins import SITE, Served, serve_stand_ins

KEYWORD = "dental implants"
SECRETS = {name.removeprefix("HERMES_PROVIDER_").lower(): name for name in PROVIDERS}
ON_THE_WAY = {
    "html": "html_app_shell",
    "broken_json": "not_json",
    "redirect": "redirect",
    "gateway": "server_error_5xx",
}
FAULTS = {
    "dataforseo": {
        "unauthorized": "auth_401",
        "payment": "quota_exceeded",
        "server_error": "server_error_5xx",
        "outer_error": "rate_limited",
        "nested_error": "worker_failed",
        "internal_se_error": "server_error_5xx",
        "task_failed": "server_error_5xx",
        "nested_payment": "quota_exceeded",
        "rate_limited": "rate_limited",
        "cost_limit": "quota_exceeded",
        "access_denied": "forbidden_403",
        "insufficient_funds": "quota_exceeded",
        "not_found": "wrong_endpoint_404",
        "nested_server_error": "server_error_5xx",
        "timeout": "server_error_5xx",
    },
    "serpapi": {
        "quota": "quota_exceeded",
        "rate_limited": "rate_limited",
        "forbidden": "forbidden_403",
        "gone": "worker_failed",
        "server_error": "server_error_5xx",
        "unavailable": "server_error_5xx",
        "processing": "worker_failed",
    },
    "brave": {
        "rate_limited": "rate_limited",
        "quota": "quota_exceeded",
        "server_error": "server_error_5xx",
    },
}
NOTHING_FOUND = {"empty", "no_results"}
SLOW = {"slow"}  # the time limit of a request is tested nowhere by waiting for it


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_stand_ins() as found:
        yield found


async def searched(served: Served, provider: str, depth: int = 10, **wrong: Any) -> ResultPage:
    secret = SECRETS[provider]
    credential = Credential(secret, served.secrets[secret] | wrong)
    async with aiohttp.ClientSession() as session:
        return await PROVIDERS[secret](session, credential).search(KEYWORD, UNITED_STATES, depth)


@pytest.mark.parametrize("provider", SECRETS)
async def test_results_are_read_best_first(served: Served, provider: str) -> None:
    found = await searched(served, provider, depth=30)
    ranks = [hit.rank_group for hit in found.hits]
    assert ranks == list(range(1, len(ranks) + 1))
    assert len(ranks) >= 29  # DataForSEO counts its box of questions among the thirty
    own = found.own(SITE)
    assert own is not None
    assert own.url == f"{SITE}/services/dental-implants"


async def test_all_three_tell_the_same_order(served: Served) -> None:
    pages = [await searched(served, provider, depth=9) for provider in SECRETS]
    first, *others = [[hit.url for hit in page.hits[:8]] for page in pages]
    assert len(first) == 8
    assert others == [first] * (len(SECRETS) - 1)


@pytest.mark.parametrize("provider", SECRETS)
async def test_every_fault_has_its_reason_and_repeats_no_key(served: Served, provider: str) -> None:
    expected = FAULTS[provider] | ON_THE_WAY
    assert set(expected) == served.stand_ins.faults.known[provider] - NOTHING_FOUND - SLOW
    for fault, reason in expected.items():
        await served.switch(provider, fault)
        with pytest.raises(SearchError) as caught:
            await searched(served, provider)
        assert caught.value.code == reason, fault
        for value in served.secrets[SECRETS[provider]].values():
            assert value not in caught.value.message


@pytest.mark.parametrize(
    ("provider", "fault"),
    [
        ("dataforseo", "empty"),
        ("dataforseo", "no_results"),
        ("serpapi", "empty"),
        ("brave", "empty"),
    ],
)
async def test_an_honest_nothing_is_an_empty_page(
    served: Served, provider: str, fault: str
) -> None:
    await served.switch(provider, fault)
    assert (await searched(served, provider)).hits == ()


@pytest.mark.parametrize(
    ("provider", "field"), [("dataforseo", "password"), ("serpapi", "key"), ("brave", "key")]
)
async def test_a_wrong_key_is_told_in_each_providers_own_way(
    served: Served, provider: str, field: str
) -> None:
    wrong: Any = {field: "wrong"}
    with pytest.raises(SearchError) as caught:
        await searched(served, provider, **wrong)
    assert caught.value.code == "auth_401"
