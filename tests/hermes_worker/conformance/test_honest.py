"""What gives made-up figures away: liars are found out, each by its question, and an honest worker keeps all."""

import json
from typing import Any

import pytest
from aiohttp import web

from hermes_worker.conformance import Limits
from hermes_worker.conformance.honest import Honesty, honesty
from hermes_worker.conformance.values import faults_in, unlike

from .scripted import KEY, Job, Sound

LIMITS = Limits(health=5, start=5, other=5, job=5, cancel=5, restart=5)
SITES = ("https://example.com", "https://example.org")


class Honest(Sound):
    """Measures what it is asked for: each site has its own pages, and none that does not exist has any."""

    def site(self, job: Job) -> str:
        return str(json.loads(job.digest)["site"])

    def pages(self, job: Job) -> int:
        return len(self.site(job)) if self.site(job) in SITES else 0

    def result(self, job: Job) -> dict[str, Any]:
        site = self.site(job)
        titles = [{"url": f"{site}/", "title": f"Home of {site}"}] if site in SITES else []
        return self.told({"pages": self.pages(job) + 100 * site.endswith("org"), "titles": titles})

    def told(self, outputs: dict[str, Any]) -> dict[str, Any]:
        return {"outputs": outputs, "provenance": dict.fromkeys(outputs, "measured")}


class Constant(Honest):
    """Always the same figures."""

    def result(self, job: Job) -> dict[str, Any]:
        return self.told({"pages": 42, "titles": [{"url": "/", "title": "Home"}]})


class Dice(Honest):
    """Other figures each time."""

    def result(self, job: Job) -> dict[str, Any]:
        made = super().result(job)["outputs"]
        return self.told({**made, "pages": 7 ** len(self.jobs) if made["pages"] else 0})


class Claims(Honest):
    """Names its outputs, and delivers none."""

    def result(self, job: Job) -> dict[str, Any]:
        return self.told({"pages": True, "titles": True})


class Impossible(Honest):
    """Counts below zero, and rows of nothing."""

    def result(self, job: Job) -> dict[str, Any]:
        return self.told({"pages": -5, "titles": [None, {"url": None}]})


class Pending(Honest):
    """Words for nothing, marked as made up."""

    def result(self, job: Job) -> dict[str, Any]:
        return {**self.told({"pages": 3, "titles": "pending"}), "demo": True}


class OpenDoor(Honest):
    """Takes any key where a job is told."""

    def admits(self, request: web.Request, path: str) -> bool:
        return path == "/status" or super().admits(request, path)


class Knowing(Honest):
    """Knows every job that it is asked for."""

    def unknown(self) -> web.StreamResponse:
        return self.answer(200, {"status": "completed", "result": self.told({"pages": 4})})


LIARS = {
    Constant: "Two sites have different figures.",
    Dice: "The same question has the same answer within a minute.",
    Claims: "Its values are values, and do not contradict themselves.",
    Impossible: "Its values are values, and do not contradict themselves.",
    Pending: "Its values are values, and do not contradict themselves.",
    OpenDoor: "A wrong key learns nothing of a job.",
    Knowing: "A job that nobody has is unknown.",
}


async def asked(worker: Sound) -> Honesty:
    async with worker.serving():
        return await honesty(worker.url, KEY, mode="smoke", payload={}, limits=LIMITS)


async def test_an_honest_worker_keeps_every_question() -> None:
    found = await asked(Honest())
    assert [each.as_json() for each in found.findings if each.answered != "kept"] == []
    assert (found.score, found.honest) == (100, True)


@pytest.mark.parametrize(
    ("liar", "asks"), LIARS.items(), ids=lambda each: getattr(each, "__name__", "")
)
async def test_a_liar_is_found_out_by_its_question(liar: type[Sound], asks: str) -> None:
    found = await asked(liar())
    broken = [each.asked for each in found.findings if each.answered == "broken"]
    assert asks in broken
    assert not found.honest
    assert "broken" in found.text()
    assert KEY not in found.text()


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({"a": 1, "b": -1}, "b: -1 is below zero"),
        ({"note": "N/A"}, "no value"),
        ({"rows": [{"url": ""}, {"url": "/"}]}, "1 of 2 rows hold nothing"),
        ({"rows": [{"error": "timeout"}]}, "1 of 1 rows hold nothing"),
        ({"thing": {"x": None}}, "all empty"),
        ({"x": {"provider": "stub", "n": 1}}, "marked as made up"),
        ({"a": True, "b": True}, "every output is `true`"),
    ],
)
def test_what_no_value_can_be_is_named(outputs: dict[str, Any], words: str) -> None:
    assert words in "; ".join(faults_in(outputs))


@pytest.mark.parametrize(
    "outputs",
    [
        {"pages": 0, "rows": []},
        {"link_velocity": -3},
        {"alert_delivered": True},
        {"sent": True, "count": 2},
        {"rows": [{"url": "/", "title": None}], "text": "The page is pending review by its editor."},
    ],
)  # fmt: skip
def test_honest_values_are_left_alone(outputs: dict[str, Any]) -> None:
    assert faults_in(outputs) == []


def test_figures_that_move_a_little_are_alike() -> None:
    assert unlike({"lcp": 2100, "score": 90}, {"lcp": 2600, "score": 81}) == ""
    assert unlike({"lcp": 2100}, {"lcp": 9100}) == "lcp 2100 and 9100"
    assert unlike({"new": 0}, {"new": 1}) == ""
