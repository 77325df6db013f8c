"""One truth: of runs whose outputs end in all four ways, with doubts, smoke and full, every surface says the same."""

import random
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from hermes import reports
from hermes.core.views.runs import Missing, RunView
from tests.support.catalog import outputs_of
from tests.support.room import Room
from tests.support.worker import done

SLUG = "crawl_render"
REFUTED: dict[str, Any] = {"number": -3, "list": [None], "object": {"status": "pending"}}
TWICE = [{"url": "/prices"}, {"url": "/prices"}]
"""Rows that repeat each other: a value that counts, and a doubt about it."""
DOUBTED = "orphan_pages"
ENDS = ("delivered", "claimed", "refuted", "missing")


def drawn(room: Room, draw: random.Random) -> tuple[dict[str, Any], dict[str, str], bool]:
    """(outputs as the worker gives them, how those that do not count must end, whether one is in doubt)."""
    service = room.catalog.service(SLUG)
    given, ends, doubted = dict(outputs_of(service)), dict[str, str](), False
    for output in service.outputs:
        match end := draw.choice(ENDS):
            case "delivered" if output.slug == DOUBTED:
                given[output.slug], doubted = TWICE, True
            case "claimed":
                given[output.slug] = True
            case "refuted":
                given[output.slug] = REFUTED[output.type]
            case "missing":
                del given[output.slug]
            case _:
                pass
        if end != "delivered":
            ends[output.slug] = end
    return given, ends, doubted


def ends_of(missing: Missing) -> dict[str, str]:
    """What a surface says, and that its own counts and words say it too."""
    ends = {output.slug: output.end for output in missing.outputs}
    told = list(ends.values())
    assert missing.count == len(ends)
    assert (missing.claimed, missing.refuted) == (told.count("claimed"), told.count("refuted"))
    for word in ("claimed", "refuted"):
        assert (f"{told.count(word)} {word}" in missing.text) == (word in told)
    assert ("doubt" in missing.text) == bool(missing.doubts)
    return dict(ends)


def ends_in_ci(run: RunView) -> dict[str, str]:
    """The same as JUnit has it: a case an output, a failure where it does not count."""
    told = run.model_dump(mode="json", by_alias=True)
    report = ET.fromstring(reports.as_junit({"runType": run.run_type}, [told]))  # noqa: S314  # our own
    cases = [case for case in report.iter("testcase") if SLUG in case.attrib["classname"]]
    assert [case.attrib["name"] for case in cases] == told["outputs"]["expectedOutputs"]
    failures = {case.attrib["name"]: f for case in cases if (f := case.find("failure")) is not None}
    words = {slug: (f.get("message") or "").split(" (")[0] for slug, f in failures.items()}
    return {slug: word if word in ENDS else "missing" for slug, word in words.items()}


async def run(room: Room, mode: str, outputs: dict[str, Any]) -> None:
    room.worker.script(SLUG).final = done(outputs)
    room.clock.forward(60)
    start = room.hermes.jobs.start_smoke if mode == "smoke" else room.hermes.jobs.start_full
    await start(room.site.id, "tests", SLUG)
    await room.finish()


@pytest.mark.parametrize("seed", range(5))
async def test_every_surface_says_the_same_of_four_ends_of_smoke_and_full(
    room: Room, seed: int
) -> None:
    draw = random.Random(seed)
    room.register(SLUG)
    smoke, smoke_ends, doubted = drawn(room, draw)
    full, full_ends, _ = drawn(room, draw)
    await run(room, "smoke", smoke)
    await run(room, "full", full)
    integrations = room.hermes.integrations
    row = next(r for r in (await integrations.table(room.site.id)).services if r.slug == SLUG)
    inspector = await integrations.service(room.site.id, SLUG)
    of_full, of_smoke = await room.hermes.runs.of(room.site.id)
    for said in (row.missing, inspector.missing, of_smoke.missing):
        assert ends_of(said) == smoke_ends
        assert [doubt.slug for doubt in said.doubts] == [DOUBTED] * doubted
    assert row.full.run is not None
    for said in (row.full.run.missing, of_full.missing):
        assert ends_of(said) == full_ends
    assert ends_in_ci(of_smoke) == smoke_ends
    assert ends_in_ci(of_full) == full_ends
    health = await integrations.health(room.site.id)
    (unwell,) = [*health.services_failing, *health.services_partial]
    assert {output.slug: output.end for output in unwell.missing_outputs} == smoke_ends
    counts = [list(smoke_ends.values()).count(end) for end in ("claimed", "refuted")]
    assert [unwell.claimed, unwell.refuted] == counts
    assert health.doubts == int(doubted)
    (short,) = health.full_runs_short
    assert {output.slug: output.end for output in short.missing_outputs} == full_ends
    page = reports.as_summary(
        {"summary": "", "runType": "smoke"}, [of_smoke.model_dump(mode="json", by_alias=True)]
    )
    assert all(output.label in page for output in of_smoke.missing.outputs)
