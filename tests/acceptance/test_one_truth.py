"""A4: what is missing is the same on every surface, over random histories of runs."""

import asyncio
import contextlib
import io
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hermes.cli import reading
from hermes.core.runs import progress
from hermes.core.runs.model import outputs_json
from hermes.core.sites.input import SiteInput
from tests.support.catalog import all_built
from tests.support.room import Room
from tests.support.served import Served

SLUGS = ("crawl_render", "content_qa", "notifications")
ENDED = ("success", "partial", "failed", "cancelled")
CATALOG = all_built()


@dataclass(frozen=True)
class Past:
    """One run of a random history."""

    slug: str
    run_type: str
    status: str
    minute: int
    cut: int

    @property
    def missing(self) -> list[str]:
        """Which outputs this run misses, as its status demands."""
        expected = list(CATALOG.service(self.slug).expected_outputs)
        if self.run_type == "connection" or self.status in ("success", "cancelled"):
            return []
        return expected if self.status == "failed" else expected[: max(1, self.cut % len(expected))]


histories = st.lists(
    st.builds(
        Past,
        st.sampled_from(SLUGS),
        st.sampled_from(("connection", "smoke", "full")),
        st.sampled_from((*ENDED, "queued", "running")),
        st.integers(0, 500),
        st.integers(0, 7),
    ),
    max_size=14,
    unique_by=lambda past: past.minute,
)


async def write(room: Room, site_id: UUID, history: list[Past]) -> None:
    """Put a history into the database, each run in a job of its own."""
    for past in history:
        if past.run_type == "connection" and past.status == "partial":
            continue
        at = room.clock.now + timedelta(minutes=past.minute)
        ended = past.status in ENDED
        expected = CATALOG.service(past.slug).expected_outputs
        actual = [slug for slug in expected if slug not in past.missing]
        outputs = outputs_json(expected, actual, past.missing if ended else "pending")
        reason = {
            "partial": "outputs_missing",
            "failed": "worker_failed",
            "cancelled": "cancelled",
        }.get(past.status)
        job_id = uuid4()
        await room.hermes.pool.execute(
            "insert into test_jobs (id, site_id, job_type, service_slug, status, requested_by, created_at, summary,"
            " progress_json) values ($1, $2, 'smoke_one', $3, 'done', 'tests', $4, '', $5)",
            job_id, site_id, past.slug, at, progress.count(()),
        )  # fmt: skip
        await room.hermes.pool.execute(
            "insert into service_runs (id, job_id, site_id, service_slug, run_type, status, reason, outputs_json,"
            " created_at, finished_at, deadline_seconds) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 60)",
            uuid4(), job_id, site_id, past.slug, past.run_type, past.status, reason, outputs, at,
            at if ended else None,
        )  # fmt: skip


def expected_of(history: list[Past], slug: str) -> tuple[str, list[str] | None]:
    """The oracle: (state, missing) from the newest smoke run of the history, by plain reading."""
    smoke = [p for p in history if p.slug == slug and p.run_type == "smoke"]
    if not smoke:
        return "not_tested", None
    newest = max(smoke, key=lambda p: p.minute)
    if newest.status in ("queued", "running"):
        return "pending", None
    if newest.status == "cancelled":
        return "cancelled", None
    return "counted", newest.missing


def said(missing: dict[str, Any]) -> tuple[str, list[str] | None]:
    """What a surface says is missing."""
    counted = missing["state"] == "counted"
    if counted:
        assert missing["count"] == len(missing["outputs"])
    else:
        assert missing["count"] is None
        assert missing["outputs"] == []
    return missing["state"], [o["slug"] for o in missing["outputs"]] if counted else None


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=histories)
async def test_a4_table_inspector_summary_and_api_agree_with_the_latest_smoke_run(
    served: Served, history: list[Past]
) -> None:
    room = served.room
    room.register(*SLUGS)
    site = await room.hermes.sites.add(
        SiteInput(base_url=f"https://{uuid4().hex}.example"), "tests"
    )
    await write(room, site.id, history)
    async with served.http.get(f"/api/sites/{site.id}/integrations") as answer:
        table = {row["slug"]: row for row in (await answer.json())["services"]}
    async with served.http.get(f"/api/sites/{site.id}/health-summary") as answer:
        summary = await answer.json()
    unwell = {s["slug"]: s for s in (*summary["servicesFailing"], *summary["servicesPartial"])}
    page = await _page(served, f"/sites/{site.id}/integrations")
    for slug in SLUGS:
        truth = expected_of(history, slug)
        assert said(table[slug]["missing"]) == truth
        async with served.http.get(f"/api/sites/{site.id}/services/{slug}") as answer:
            inspector = await answer.json()
        assert said(inspector["missing"]) == truth
        assert table[slug]["missing"]["text"] in page
        counted = truth[1] or []
        assert [
            o["slug"] for o in unwell.get(slug, {"missingOutputs": []})["missingOutputs"]
        ] == counted
    top = {entry["slug"]: entry["count"] for entry in summary["topMissingOutputs"]}
    missed = [slug for s in SLUGS for slug in (expected_of(history, s)[1] or [])]
    assert top == {slug: missed.count(slug) for slug in missed}


async def _page(served: Served, path: str) -> str:
    async with served.http.get(path) as answer:
        assert answer.status == 200
        return re.sub(r"\s+", " ", await answer.text())


async def test_a4_the_command_line_says_the_same_as_the_api(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = served.room
    room.register(*SLUGS)
    history = [
        Past("crawl_render", "smoke", "partial", 3, 2),
        Past("content_qa", "smoke", "running", 4, 0),
    ]
    await write(room, room.site.id, history)
    monkeypatch.setenv("HERMES_URL", served.url)
    monkeypatch.setenv("HERMES_TOKEN", served.token)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        await asyncio.to_thread(reading.services, str(room.site.id), json=True)
    by_command = {row["slug"]: row["missing"] for row in json.loads(printed.getvalue())["services"]}
    for slug in SLUGS:
        assert said(by_command[slug]) == expected_of(history, slug)


async def test_a4_a_connection_run_never_changes_what_is_missing(room: Room) -> None:
    room.all_succeed()
    room.worker.script("content_qa").final = {"status": "failed", "error": "no"}
    await room.hermes.jobs.start_smoke(room.site.id, "tests", "content_qa")
    await room.finish()
    before = (await room.hermes.integrations.service(room.site.id, "content_qa")).missing
    await room.hermes.jobs.start_connections(room.site.id, "tests")
    await room.finish()
    after = (await room.hermes.integrations.service(room.site.id, "content_qa")).missing
    assert before == after
    assert before.count == len(room.catalog.service("content_qa").expected_outputs)
