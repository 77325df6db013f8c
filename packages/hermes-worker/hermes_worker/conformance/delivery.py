"""Level smoke, second half: what the smoke run delivered, judged by its last answer."""

import json
from collections.abc import Iterator
from typing import Any, cast

from hermes_worker.conformance.reading import Skipped, fail, read, result_of
from hermes_worker.conformance.trial import Trial
from hermes_worker.conformance.wire import Exchange

PROVENANCES = ("measured", "provider", "imported", "generated", "sample")
MADE_UP: tuple[tuple[str, str | bool], ...] = (
    *(
        ("provider", word)
        for word in ("mock", "fake", "dummy", "sample", "stub", "placeholder", "demo")
    ),
    *(
        (name, True)
        for name in (
            "mock",
            "fake",
            "stub",
            "demo",
            "dummy",
            "synthetic",
            "simulated",
            "placeholder",
            "fallback",
        )
    ),
    *(
        (name, True)
        for name in (
            "isSample",
            "is_sample",
            "isMock",
            "is_mock",
            "isPlaceholder",
            "isDemo",
            "isFake",
        )
    ),
    *((name, False) for name in ("isRealData", "is_real_data", "live")),
)


async def result_has_its_form(trial: Trial) -> Exchange:
    answer = trial.smoke_answers[-1]
    found = result_of(read(answer))
    result = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    if not isinstance(result.get("outputs"), dict):
        fail("no object `outputs` in `result`", answer)
    for name in ("provenance", "metrics", "missing"):
        if not isinstance(result.get(name, {}), dict):
            fail(f"`{name}` is not an object", answer)
    return answer


async def something_is_delivered(trial: Trial) -> Exchange:
    answer, result = ending(trial)
    slugs = delivered(result)
    if not slugs:
        fail("no output has a value", answer)
    if len(slugs) > 1 and all(result["outputs"][slug] is True for slug in slugs):
        fail("every output is `true`: named, and not delivered", answer)
    return answer


async def only_declared_outputs(trial: Trial) -> Exchange:
    answer, result = ending(trial)
    declared = declared_outputs(trial)
    named = {**result["outputs"], **result.get("missing", {})}
    for slug in named:
        if slug not in declared:
            fail(f"{slug!r} is not declared by /health", answer)
    return answer


async def all_declared_outputs(trial: Trial) -> Exchange:
    answer, result = ending(trial)
    accounted = {*delivered(result), *result.get("missing", {})}
    if absent := [slug for slug in declared_outputs(trial) if slug not in accounted]:
        fail(f"neither delivered nor explained in `missing`: {', '.join(absent)}", answer)
    return answer


async def provenance_is_known(trial: Trial) -> Exchange:
    answer, result = ending(trial)
    for slug, word in result.get("provenance", {}).items():
        if word not in PROVENANCES:
            fail(f"the provenance of {slug} is {word!r}", answer)
        if slug not in result["outputs"]:
            fail(f"a provenance for {slug}, which is not among the outputs", answer)
    return answer


async def nothing_is_made_up(trial: Trial) -> Exchange:
    answer, result = ending(trial)
    for marker in markers_in(result):
        fail(f"marked as made up: {marker}", answer)
    return answer


def ending(trial: Trial) -> tuple[Exchange, dict[str, Any]]:
    answer = trial.smoke_answers[-1]
    return answer, result_of(read(answer))


def delivered(result: dict[str, Any]) -> list[str]:
    """The slugs that have a value: zero and an empty list are values, null and false are none."""
    return [
        slug
        for slug, value in result["outputs"].items()
        if value is not None and value is not False
    ]


def declared_outputs(trial: Trial) -> list[str]:
    if not trial.health.get("outputs"):
        raise Skipped("/health declares no outputs", trial.health_answer)
    return trial.health["outputs"]


def markers_in(value: Any) -> Iterator[str]:
    """Every marker of made-up data, at every depth."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        yield from (
            f"{name}: {json.dumps(word)}" for name, word in MADE_UP if marks(fields, name, word)
        )
        value = list(fields.values())
    if isinstance(value, list):
        for child in cast("list[Any]", value):
            yield from markers_in(child)


def marks(fields: dict[str, Any], name: str, word: str | bool) -> bool:
    """1 and 0 are figures, not markers."""
    return type(fields.get(name)) is type(word) and fields[name] == word


CHECKS = {
    "SMK-8": result_has_its_form,
    "SMK-9": something_is_delivered,
    "SMK-10": only_declared_outputs,
    "SMK-11": all_declared_outputs,
    "SMK-12": provenance_is_known,
    "SMK-13": nothing_is_made_up,
}
