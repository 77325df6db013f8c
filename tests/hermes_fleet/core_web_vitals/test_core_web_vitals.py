"""The monitor measures pages with planted speed in a real browser, over its HTTP contract."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from hermes_browser import finding
from hermes_fleet.core_web_vitals import worker
from hermes_fleet.core_web_vitals.load import load
from hermes_fleet.core_web_vitals.measure import started
from hermes_fleet.core_web_vitals.tap import NOTHING_TO_TAP
from tests.hermes_fleet.core_web_vitals.support import (
    SLOW_HANDLER_MS,
    Monitor,
    Site,
    monitor,
    planted,
)
from tests.support.waiting import until

VITALS = ("lcp", "cls", "inp", "performance_score")


@pytest.fixture(autouse=True)
def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "HERMES_PROVIDER_PSI",
        "HERMES_PROVIDER_CRUX",
        "HERMES_SANDBOX_FILE",
        "HERMES_URL",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    async with planted() as found:
        yield found


@pytest.fixture
async def vitals(tmp_path: Path) -> AsyncGenerator[Monitor]:
    async with monitor(tmp_path / "state") as found:
        yield found


def page_of(result: dict[str, Any], url: str) -> dict[str, Any]:
    return next(page for page in result["metrics"]["pages"] if page["url"] == url)


@pytest.mark.browser
async def test_a_smoke_run_measures_the_home_page_once(site: Site, vitals: Monitor) -> None:
    result = await vitals.result(site.base, max_urls=1, runs=1)
    outputs, metrics = result["outputs"], result["metrics"]
    assert outputs.keys() == {*VITALS, "regressions"}
    assert outputs["cls"] == 0
    assert outputs["lcp"] >= 562  # the emulated network alone takes as long
    assert outputs["inp"] >= SLOW_HANDLER_MS
    assert 0 < outputs["performance_score"] <= 100
    assert set(result["provenance"].values()) == {"measured"}
    assert page_of(result, f"{site.base}/")["tapped"] == 'menu "Menu"'
    assert (metrics["items"], metrics["conditions"]["env"]) == (1, "lab")
    assert metrics["requests"] == len(site.asked)
    assert metrics["score"]["method"] == "lighthouse-v10-mobile-curves/no-speed-index"


@pytest.mark.browser
async def test_a_first_run_is_the_baseline_and_says_so(site: Site, vitals: Monitor) -> None:
    result = await vitals.result(site.base)
    found = result["outputs"]["regressions"]
    assert (found["count"], found["items"], found["complete"]) == (0, [], False)
    assert found["basis"].startswith("baseline")
    assert [page["url"] for page in result["artifacts"]["measurements"]["pages"]] == [
        site.base + "/"
    ]


@pytest.mark.browser
async def test_without_keys_field_data_is_missing_with_what_to_store(
    site: Site, vitals: Monitor
) -> None:
    metrics = (await vitals.result(site.base))["metrics"]
    for name in ("field", "page_speed_insights"):
        assert metrics[name]["missing"]["reason"] == "missing_config"
        assert "HERMES_PROVIDER_" in metrics[name]["missing"]["message"]
        assert "p75" not in metrics[name]
        assert "lab" not in metrics[name]


@pytest.mark.browser
async def test_a_page_with_nothing_to_tap_has_no_inp_and_says_why(
    site: Site, vitals: Monitor
) -> None:
    result = await vitals.result(site.base, settings={"pages": ["/a/still"]})
    assert "inp" not in result["outputs"]
    assert result["missing"]["inp"] == {"reason": "outputs_missing", "message": NOTHING_TO_TAP}
    assert result["outputs"]["performance_score"] > 0


@pytest.mark.browser
async def test_what_orders_sends_or_deletes_is_never_tapped(site: Site, vitals: Monitor) -> None:
    result = await vitals.result(site.base, settings={"pages": ["/f/risky"]})
    assert result["missing"]["inp"]["message"] == NOTHING_TO_TAP
    assert {method for method, _path in site.asked} == {"GET"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("path", "tapped"), [("/d/form", 'field "Search"'), ("/e/link", 'link "Read on"')]
)
async def test_a_field_or_a_link_serves_where_there_is_no_menu(
    site: Site, vitals: Monitor, path: str, tapped: str
) -> None:
    result = await vitals.result(site.base, settings={"pages": [path]})
    assert page_of(result, site.base + path)["tapped"] == tapped
    assert result["outputs"]["inp"] > 0
    assert ("GET", "/away") not in site.asked


@pytest.mark.browser
async def test_a_jump_right_after_the_start_counts_and_the_slowest_control_is_told(
    site: Site, vitals: Monitor
) -> None:
    result = await vitals.result(site.base, settings={"pages": ["/j/soon"]})
    told = page_of(result, f"{site.base}/j/soon")
    assert told["figures"]["cls"] > 0.05
    assert told["tapped"] == 'button "Part 2"'
    assert told["inp_of"] == [f'button "Part {n}"' for n in range(4)]
    assert max(told["inp_shares"], key=told["inp_shares"].get) == "processing"
    assert told["watched_s"] >= 1.2


@pytest.mark.browser
async def test_a_page_that_jumps_and_one_that_blocks_are_told_apart(
    site: Site, vitals: Monitor
) -> None:
    result = await vitals.result(site.base, max_urls=2, settings={"pages": ["/b/jumpy", "/g/busy"]})
    jumpy = page_of(result, f"{site.base}/b/jumpy")["figures"]
    busy = page_of(result, f"{site.base}/g/busy")["figures"]
    assert jumpy["cls"] > 0.05
    assert busy["cls"] == 0
    assert busy["tbt"] >= 300  # 400 ms of work, less the 50 that are no blocking
    assert jumpy["tbt"] < 175  # nothing but what a busy machine adds


@pytest.mark.browser
async def test_a_blank_page_is_not_measured_as_a_fast_one(site: Site, vitals: Monitor) -> None:
    error = await vitals.failure(site.base, settings={"pages": ["/h/blank"]})
    assert error["code"] == "no_outputs"
    assert "showed no text and no image" in error["message"]


@pytest.mark.browser
async def test_pages_that_cannot_be_read_are_named_beside_those_measured(
    site: Site, vitals: Monitor
) -> None:
    result = await vitals.result(site.base, max_urls=2, settings={"pages": ["/c/gone", "/a/still"]})
    assert result["metrics"]["pages_unread"] == {f"{site.base}/c/gone": "status 404"}
    assert [page["url"] for page in result["metrics"]["pages"]] == [f"{site.base}/a/still"]


async def test_a_page_of_another_site_is_refused_by_the_name_of_the_setting(
    site: Site, vitals: Monitor, tmp_path: Path
) -> None:
    error = await vitals.failure(site.base, settings={"pages": ["https://other.example/"]})
    assert error["code"] == "missing_config"
    assert error["message"].startswith("pages: 'https://other.example/' is not a page of")


async def test_without_a_browser_the_run_fails_and_gives_no_figure(
    site: Site, vitals: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HERMES_BROWSER", "/nowhere/chromium")
    assert await worker.declaration.not_ready() == {"browser": finding.NOT_READY}
    error = await vitals.failure(site.base)
    assert error == {"code": "no_browser", "message": finding.NOT_READY}
    assert site.asked == []


@pytest.mark.browser
@pytest.mark.parametrize("name", ["node", "chrom"])
async def test_cancelling_leaves_no_browser_behind(site: Site, vitals: Monitor, name: str) -> None:
    """Also when the cancel comes after Playwright has started and before Chromium has."""
    job = await vitals.start(site.base, "full")
    await until(lambda: any(name in each for each in browsers()), f"{name} comes up")
    await vitals.ask("POST", f"/cancel?jobId={job}")
    await vitals.until(job, "cancelled", seconds=20)
    await until(lambda: not browsers(), "the browsers are gone", every=0.05)


@pytest.mark.browser
@pytest.mark.parametrize("moment", [0.0, 0.1, 0.2, 0.3, 0.4])
async def test_a_browser_that_is_just_coming_up_is_put_down(moment: float) -> None:
    async def held() -> None:
        async with started([]):
            await asyncio.Event().wait()

    task = asyncio.create_task(held())
    await asyncio.sleep(moment)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(lambda: not browsers(), "the browsers are gone", every=0.05)


@pytest.mark.browser
async def test_the_emulated_phone_computes_slower_than_this_machine(site: Site) -> None:
    """By the quickest quarter of many equal pieces of work, each of a few milliseconds: what else the machine does
    makes some pieces slower, and a few quicker, while the emulation waits for a core itself."""
    async with started([]) as browser:
        page = await browser.new_page()
        await page.goto(f"{site.base}/i/work?here", wait_until="networkidle")
        await load(browser, f"{site.base}/i/work")
    asked = [path.split("/") for _method, path in site.asked]
    took = {parts[2]: int(parts[3]) for parts in asked if parts[1] == "took"}
    assert took["phone"] > 2 * took["here"] > 0


def browsers() -> list[str]:
    """Names of the browser processes below this one."""
    found = list[str]()
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found.append(child.name())
    return [name for name in found if any(word in name for word in ("chrom", "headless", "node"))]
