"""The fleet on the demo, on a site without keys, without a browser, and in processes elsewhere."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from aiohttp import web

from directory_bolt.core.orders.invented import invented_business
from directory_bolt.core.orders.profile import BusinessProfile
from hermes_fleet.google.dates import days_ago
from hermes_fleet.host import BUNDLED
from hermes_sandbox.directories import truth as directories_truth
from hermes_sandbox.network import build, truth
from hermes_sandbox.providers.truth import Truth
from hermes_sandbox.providers.truth import truth as figures_of
from tests.support.system import System, up
from tests.support.waiting import until

SECONDS = 240
"""A smoke job of the whole fleet that is not over then never will be; its limits judge the runs themselves."""
Runs = dict[str, dict[str, Any]]
NEEDS_TWO_DAYS = {"backlink_authority": ["link_velocity"]}
NEEDS_A_RANKING = {"content_decay": ["competitor_replacement"]}
"""Not to be known unless a rank run has ended before."""
WORTH = {
    "google_data_connector": {"sample"},
    "google_ads_connector": {"sample"},
    "site_executor": {"sample"},
    "content_decay": {"sample"},
    "content_generator": {"generated", "measured"},
    "serp_intel": {"measured", "imported"},
    "notifications": {"measured", "sample"},
    "seo_kbase": {"measured", "generated", "sample"},
}
"""Where the outputs of a service on the demo may come from; all others measure."""


async def smoke(system: System, site_id: str, *services: str) -> Runs:
    """The runs of one smoke job, by service."""
    body = {"siteId": site_id, **({"services": list(services)} if services else {})}
    told = await system.post("/api/tests/smoke/start", body)
    job = await system.job_done(told["jobId"], SECONDS)
    assert job["status"] == "done", job
    assert job["summary"].startswith("Smoke Test complete: ")
    runs = await system.get(f"/api/tests/{told['jobId']}/runs")
    return {run["serviceSlug"]: run for run in runs}


def outputs(runs: Runs, slug: str) -> dict[str, Any]:
    return runs[slug]["outputs"]["metrics"]


def missing(runs: Runs) -> dict[str, list[str]]:
    found = {slug: [m["slug"] for m in run["missing"]["outputs"]] for slug, run in runs.items()}
    return {slug: names for slug, names in found.items() if names}


def unknown_the_first_time(runs: Runs) -> dict[str, list[str]]:
    """A replacement is known only if the rank run of the same button ended before it was looked for."""
    if "competitor_replacement" in runs["content_decay"]["outputs"]["metrics"]:
        assert runs["serp_intel"]["finishedAt"] <= runs["content_decay"]["finishedAt"]
        return NEEDS_TWO_DAYS
    return NEEDS_TWO_DAYS | NEEDS_A_RANKING


def provenance(runs: Runs) -> dict[str, set[str]]:
    return {s: set(run["metrics"].get("provenance", {}).values()) for s, run in runs.items()}


@pytest.mark.browser
async def test_a14_on_the_demo_every_service_does_its_work_and_its_outputs_are_true(
    tmp_path: Path,
) -> None:
    day = local_day()
    async with up(tmp_path / "home", "--demo") as system:
        anchors = {day, local_day()}  # two where midnight came in between
        site = await system.demo_site()
        runs = await smoke(system, site["id"])
        said = json.loads((tmp_path / "home" / "sandbox.json").read_text())
        kept = f"/api/sites/{site['id']}/services/directory_submission/outputs"
        order = (await system.get(kept))[0]["artifacts"]["order"]
        left = await system.get("/api/staff/jobs")
    assert set(runs) == set(BUNDLED)
    assert missing(runs) == unknown_the_first_time(runs)
    for slug, words in provenance(runs).items():
        assert words <= WORTH.get(slug, {"measured"}), slug
    demo = said["site"]
    planted = truth(build(demo, said["competitors"]))
    the_search_figures_are_those_of_the_stand_in(runs, demo, anchors)
    the_leaders_of_the_keywords_are_the_planted_ones(runs, planted)
    what_competitors_have_is_what_was_planted(runs, planted)
    what_falls_is_what_was_planted(runs, figures_of(demo, day))
    links = {(link["source"], link["target"]) for link in planted["links"]}
    for link in outputs(runs, "backlink_authority")["anchor_distribution"]["items"]:
        assert link["anchor"] in {each["anchor"] for each in planted["links"]}
    assert links
    assert outputs(runs, "crawl_render")["pages_crawled"] == 10
    assert outputs(runs, "core_web_vitals")["cls"] == 0
    assert outputs(runs, "core_web_vitals")["lcp"] > 0
    assert outputs(runs, "content_qa")["compliance_status"] == "compliant"
    assert outputs(runs, "notifications")["alert_delivered"] is True
    assert outputs(runs, "orchestrator")["job_status"]["running"] == 1
    the_order_ended_as_its_directory_was_built(runs, order, said["directories"]["list"])
    assert left["found"] == 0, "the test order is gone from the staff's list"


def the_order_ended_as_its_directory_was_built(
    runs: Runs, order: dict[str, Any], built: list[dict[str, Any]]
) -> None:
    (visited,) = order["results"]
    (listed,) = [each for each in built if each["name"] == visited["directoryName"]]
    business = BusinessProfile.model_validate(invented_business("x"))
    slug = listed["submission_url"].split("/")[3]
    expected = directories_truth(business.model_dump())[slug]
    assert (visited["status"], visited["reason"]) == (expected.status, expected.reason)
    counts = {
        "submissions_submitted": int(expected.status == "submitted"),
        "submissions_needs_human": int(expected.status == "needs_manual"),
        "submissions_failed": int(expected.status == "failed"),
    }
    assert {name: outputs(runs, "directory_submission")[name] for name in counts} == counts


def local_day() -> date:
    """Today, as the stand-ins of this machine take it when they start."""
    return datetime.now(UTC).astimezone().date()


def the_search_figures_are_those_of_the_stand_in(runs: Runs, demo: str, anchors: set[date]) -> None:
    run, found = runs["google_data_connector"], outputs(runs, "google_data_connector")
    told = tuple(found[name] for name in ("gsc_clicks", "gsc_impressions", "ga4_sessions"))
    asked = [datetime.fromisoformat(run[moment]) for moment in ("createdAt", "finishedAt")]
    ends = {days_ago(moment, 3) for moment in asked}  # two where midnight came in between
    assert told in {_figures(demo, day, end) for day in anchors for end in ends}


def _figures(demo: str, anchor: date, end: date) -> tuple[int, int, int]:
    """Clicks, impressions and sessions of the week up to a day, of stand-ins started at the anchor."""
    figures, start = figures_of(demo, anchor), end - timedelta(6)
    search = figures.search(start, end)
    return search.clicks, search.impressions, figures.analytics(start, end).sessions


def the_leaders_of_the_keywords_are_the_planted_ones(runs: Runs, planted: dict[str, Any]) -> None:
    pages = outputs(runs, "serp_intel")["serp_serp_snapshots"]["items"]
    assert len(pages) == 5
    for page in pages:
        first = page["results"][0]["url"]
        assert first.startswith(planted["keyword_leaders"][page["keyword"]]), page["keyword"]
        assert "not Google" in page["engine"]


def what_competitors_have_is_what_was_planted(runs: Runs, planted: dict[str, Any]) -> None:
    known = {each["url"].rstrip("/"): each for each in planted["sites"]}
    for each in outputs(runs, "competitive_snapshot")["page_templates"]["items"]:
        assert each["template"] in known[each["site"].rstrip("/")]["templates"]


def what_falls_is_what_was_planted(runs: Runs, figures: Truth) -> None:
    decaying = set(figures.pages("decaying"))  # the same on every day
    found = outputs(runs, "content_decay")["decay_signals"]["items"]
    assert {each["page"] for each in found} <= decaying
    assert found


@asynccontextmanager
async def somebodys_site() -> AsyncGenerator[str]:
    """A small real site that Hermes has never seen."""
    pages = {
        "/": "<h1>Bread</h1><p>We bake bread every morning. <a href='/rye'>Rye</a></p>",
        "/rye": "<h1>Rye bread</h1><p>Rye is baked in 40 minutes. <a href='/'>Home</a></p>",
    }

    async def page(request: web.Request) -> web.Response:
        body = pages.get(request.path)
        if body is None:
            return web.Response(status=404, text="not here")
        text = (
            f"<!doctype html><html lang=en><title>Bakery {request.path}</title><main>{body}</main>"
        )
        return web.Response(text=text, content_type="text/html")

    app = web.Application()
    app.router.add_get("/{path:.*}", page)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


NEEDS_A_PROVIDER = {
    "google_data_connector": None,  # every output
    "google_ads_connector": None,
    "site_executor": None,
    "content_decay": {"decay_signals", "refresh_candidates"},
    "notifications": None,
}


async def test_a_site_without_keys_gets_no_figure_that_needs_one_and_no_sample_anywhere(
    tmp_path: Path,
) -> None:
    async with (
        somebodys_site() as address,
        somebodys_site() as rival,
        up(tmp_path / "home", "--demo", HERMES_PRIVATE_SITES="127.0.0.1") as system,
    ):
        settings = {
            "keywords": ["rye bread", "sourdough"],
            "competitors": [rival],
            "gsc_site": f"{address}/",
            "ga4_property": "123456",
            "ads_customer": "123-456-7890",
            "repository": "https://github.com/bakery/site",
            "notify_to": "owner@bakery.example.com",
        }
        site = await system.post("/api/sites", {"baseUrl": address, "settings": settings})
        assert "id" in site, site
        runs = await smoke(system, site["id"])
    assert set(runs) == set(BUNDLED)
    for slug, wanted in NEEDS_A_PROVIDER.items():
        gaps = {gap["slug"]: gap for gap in runs[slug]["missing"]["outputs"]}
        for output in wanted or runs[slug]["outputs"]["expectedOutputs"]:
            assert gaps[output]["reason"] == "missing_config", (slug, output)
            assert gaps[output]["nextStep"]
            assert output not in runs[slug]["outputs"]["metrics"]
    for slug, run in runs.items():
        assert "sample" not in run["metrics"].get("provenance", {}).values(), slug
        words = set(marks_in(run["outputs"]["metrics"]))
        assert "sample" not in words, slug


def marks_in(value: Any) -> Iterator[Any]:
    """Every `provenance` that is written anywhere inside the outputs."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        if "provenance" in fields:
            yield fields["provenance"]
        for inner in fields.values():
            yield from marks_in(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from marks_in(inner)


@asynccontextmanager
async def elsewhere(folder: Path, services: Sequence[str]) -> AsyncGenerator[str]:
    """A fleet of its own with these services, as somebody else would run it; its address with its key."""
    announced, keys = folder / "elsewhere.json", folder / "elsewhere.key"
    keys.write_text(secrets.token_urlsafe(16))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hermes_fleet", "--port", "0", "--key-file", str(keys),
        "--state", str(folder / "state"), "--announce", str(announced), "--only", *services,
    )  # fmt: skip
    try:
        await until(announced.exists, "the fleet is announced")
        yield json.loads(announced.read_text())["base_url"]
    finally:
        process.terminate()
        await process.wait()


async def test_a_demo_without_a_browser_and_with_two_workers_elsewhere_says_what_is_not_ready(
    tmp_path: Path,
) -> None:
    own = ("serp_intel", "content_qa")
    async with elsewhere(tmp_path, own) as base:
        key = (tmp_path / "elsewhere.key").read_text()
        registered = {
            f"HERMES_WORKER_{slug.upper()}": json.dumps(
                {"base_url": f"{base}/{slug}", "api_key": key}
            )
            for slug in own
        }
        registered["HERMES_BROWSER"] = str(tmp_path / "none")
        async with up(tmp_path / "home", "--demo", **registered) as system:
            site = await system.demo_site()
            runs = await smoke(system, site["id"])
            rows = (await system.get(f"/api/sites/{site['id']}/integrations"))["services"]
    exactly_what_needs_a_browser_is_missing(runs)
    for slug in own:  # processes of their own, registered only by secret, are tested the same way
        assert runs[slug]["status"] == "success"
        assert f" {base}/{slug}/" in runs[slug]["outputs"]["debug"]["requested"]
    sources = {row["slug"]: row["configuredFrom"] for row in rows}
    assert {sources[slug] for slug in own} == {"environment"}
    assert sources["crawl_render"] == "bundled fleet"


def exactly_what_needs_a_browser_is_missing(runs: Runs) -> None:
    assert missing(runs) == unknown_the_first_time(runs) | {
        "core_web_vitals": ["lcp", "cls", "inp", "performance_score", "regressions"],
        "crawl_render": ["render_failures"],
        "directory_submission": [
            "submissions_submitted",
            "submissions_needs_human",
            "submissions_failed",
        ],
    }
    for slug in ("core_web_vitals", "crawl_render", "directory_submission"):
        for gap in runs[slug]["missing"]["outputs"]:
            assert gap["reason"] == "no_browser"
            assert "hermes browser install" in gap["nextStep"] + gap["message"]
