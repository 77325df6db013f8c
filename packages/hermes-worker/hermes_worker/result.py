"""What a finished job delivers: outputs, where they come from, and what is missing and why."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from hermes_worker.errors import WorkerError

Provenance = Literal["measured", "provider", "imported", "generated", "sample"]
LARGEST_ARTIFACTS = 4 * 1024 * 1024
PROVENANCES = frozenset[str](get_args(Provenance))


@dataclass(frozen=True, slots=True)
class Missing:
    """Why an output could not be delivered: a reason in snake_case and a sentence with what to do."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """What the function returns.

    `outputs`: slug -> JSON value. `provenance`: slug -> measured (from bytes this job fetched),
    provider (a named third party), imported (the user's file), generated (written text) or sample
    (bundled data). `metrics`: name -> number. `missing`: slug -> Missing. `artifacts`: name -> JSON that
    Hermes keeps beside the run, for later runs of this worker or another; together at most 4 MiB.
    """

    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    provenance: Mapping[str, Provenance] = field(default_factory=dict[str, Provenance])
    metrics: Mapping[str, Any] = field(default_factory=dict[str, Any])
    missing: Mapping[str, Missing] = field(default_factory=dict[str, Missing])
    artifacts: Mapping[str, Any] = field(default_factory=dict[str, Any])


def result_json(result: object, declared: Collection[str]) -> str:
    """The result as JSON text; WorkerError `invalid_result` says which part cannot be accepted."""
    if not isinstance(result, Result):
        raise WorkerError(
            "invalid_result", f"The function returned {type(result).__name__}, not a Result."
        )
    for problem in problems_of(result, declared):
        raise WorkerError("invalid_result", problem)
    return json.dumps(
        {
            "outputs": dict(result.outputs),
            "provenance": dict(result.provenance),
            "metrics": dict(result.metrics),
            "missing": {
                slug: {"reason": gap.reason, "message": gap.message}
                for slug, gap in result.missing.items()
            },
            **({"artifacts": dict(result.artifacts)} if result.artifacts else {}),
        }
    )


def problems_of(result: Result, declared: Collection[str]) -> Iterator[str]:
    for slug in {**result.outputs, **result.provenance, **result.missing}:
        if slug not in declared:
            yield f"The result names {slug!r}, which this worker does not declare."
    for slug in result.missing:
        if slug in result.outputs:
            yield f"The result gives {slug!r} both as an output and as missing."
        if not isinstance(result.missing[slug], Missing):  # pyright: ignore[reportUnnecessaryIsInstance]
            yield f"The reason for the missing {slug!r} is not a Missing."
    for slug, word in result.provenance.items():
        if word not in PROVENANCES:
            yield f"The provenance of {slug!r} is {word!r}; known are {', '.join(sorted(PROVENANCES))}."
    yield from values_that_are_not_json(result)


def values_that_are_not_json(result: Result) -> Iterator[str]:
    for part in (result.outputs, result.metrics, result.artifacts):
        for name, value in part.items():
            if (trouble := json_trouble(value)) is not None:
                yield f"The value of {name!r} is not JSON: {trouble}."
                return
    if (size := len(json.dumps(dict(result.artifacts)))) > LARGEST_ARTIFACTS:
        yield f"The artifacts are {size} bytes of JSON; at most {LARGEST_ARTIFACTS} are kept."


def json_trouble(value: object) -> str | None:
    """None when the value can be written as strict JSON (no NaN, no infinity)."""
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        return str(error)
    return None
