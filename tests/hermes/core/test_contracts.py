"""Values made from each contract, and what is near them and false: no mutant counts, no honest value is lost."""

import random
import tomllib
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID

import pytest

from hermes.core import catalog_reader
from hermes.core.catalog import Output, Service
from hermes.core.truth.asked import Asked
from hermes.core.truth.hosts import site_of
from hermes.core.truth.outputs import deliver
from hermes_base.problems import Problem
from tests.support.catalog import outputs_of, shipped_catalog

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
RIVAL = "https://brightsmile.example/x"
ASKED = Asked(
    site=site_of("https://marigold.example"), real=("marigold.example",), run_id=UUID(int=2), mode="smoke", now=NOW,
    started_at=NOW - timedelta(seconds=5),
)  # fmt: skip
EACH = [
    pytest.param(service["slug"], output["slug"], id=f"{service['slug']}-{output['slug']}")
    for service in tomllib.loads((files("hermes") / "catalog.toml").read_text("utf-8"))["services"]
    for output in service["outputs"]
]
"""By name alone: the rules are compiled when a test runs, not when it is collected."""
TRIES = 6


def counts(service: Service, output: Output, value: Any, **more: Any) -> bool:
    """Whether a value alone, in an answer of its own, is delivered."""
    document = {"status": "completed", "result": {"outputs": {output.slug: value}, **more}}
    return output.slug in deliver(service, document, ASKED).values


# ---- honest values


def honest(service: Service, output: Output, draw: random.Random) -> Any:
    """A value that keeps the contract: the common sample with figures drawn anew within their limits."""
    value = outputs_of(service)[output.slug]
    schema = output.value_schema or {}
    if output.type == "number":
        return number(schema, draw, least=1 if output.must_not_be_empty else 0)
    if output.type == "list":
        rows = [redrawn(row, schema.get("items", {}), draw) for row in value]
        return draw.choice([rows, {"count": len(rows), "items": rows}, {"items": rows}])
    return value


def number(schema: dict[str, Any], draw: random.Random, least: float = 0) -> float:
    low = max(schema.get("minimum", least), schema.get("exclusiveMinimum", least), least)
    high = min(schema.get("maximum", low + 40), low + 40)  # a smoke test sends no more
    if "integer" in str(schema.get("type", "")):
        return draw.randint(int(low), int(high))
    return round(low + (high - low) * draw.uniform(0.01, 1), 4)


def redrawn(row: Any, schema: dict[str, Any], draw: random.Random) -> Any:
    """A row with its plain figures drawn anew, and a field that nobody promised."""
    if not isinstance(row, dict):
        return row
    limits = schema.get("properties", {})
    figures = {
        name: number(limits[name], draw)
        for name, value in row.items()
        if name in limits and isinstance(value, int | float) and "not" not in limits[name]
    }
    if "clicks" in figures:
        figures["clicks"] = min(figures["clicks"], figures["impressions"])
    if {"before", "now"} <= figures.keys():  # a regression got worse
        figures["before"], figures["now"] = sorted((figures["before"], figures["now"]))
    return {**row, **figures, "remark": draw.choice(["", None, "seen twice", 7])}


# ---- mutants


def mutants(output: Output, value: Any) -> Iterator[tuple[str, Any]]:
    """What is near a value and false, each with what was done to it."""
    yield "null", None
    yield "false", False
    if output.type != "flag":
        yield "claimed", True
        yield "claimed in an object", {"delivered": True}
    yield "an error", {"error": "quota exceeded", "code": 429}
    yield "a mark", {"value": value, "items": value, "isMock": True}
    yield from KINDS[output.type](output, value)


def mutants_of_numbers(output: Output, value: Any) -> Iterator[tuple[str, Any]]:
    schema = output.value_schema or {}
    for word in ("many", "N/A", "NaN", "", "yes", "12 of", {}, {"value": None}):
        yield f"the word {word!r}", word
    if "minimum" in schema or "exclusiveMinimum" in schema:
        low = float(schema.get("minimum", schema.get("exclusiveMinimum", 0)))
        yield "below", low - 1
        yield "below as a text", str(low - 1)
    if "maximum" in schema:
        yield "above", schema["maximum"] * 2 + 1
    if "integer" in str(schema.get("type", "")):
        yield "a fraction", value + 0.5


def mutants_of_lists(output: Output, value: Any) -> Iterator[tuple[str, Any]]:
    rows = value["items"] if isinstance(value, dict) else value
    yield from (("a count", len(rows)), ("a count in an object", {"count": len(rows)}),
                ("a count of nothing", {"count": 9, "items": []}), ("a text", "see report"),
                ("null rows", [None, *rows]), ("empty rows", [*rows, {}]), ("words", ["TODO"]),
                ("errors", [{"error": "timeout"}]), ("repeated", [{"x": 1, **as_row(rows[0])}] * 40))  # fmt: skip
    yield "marked", [{**as_row(rows[0]), "is_sample": True}]
    yield "of a host of examples", [{**as_row(rows[0]), "seen": "https://example.com/page1"}]
    item = (output.value_schema or {}).get("items", {})
    may_be_null = {n for n, limits in item.get("properties", {}).items() if "null" in str(limits)}
    for name in set(item.get("required", ())) - may_be_null:
        yield f"{name} is null", [changed(rows[0], output, name, None)]
    for name, limits in item.get("properties", {}).items():
        yield from mutants_of_fields(output, rows[0], name, limits)
    for name, of in output.host.items():
        stranger = RIVAL if of == "site" else "https://marigold.example/"
        yield f"{name} leads elsewhere", [*rows, changed(rows[0], output, name, stranger)]
    if output.fresh and output.fresh.hours < 1000:
        yield "old", [changed(rows[0], output, output.fresh.field, "2025-01-01T00:00:00Z")]


def mutants_of_fields(
    output: Output, row: Any, name: str, limits: dict[str, Any]
) -> Iterator[tuple[str, Any]]:
    if "minimum" in limits and "array" not in str(limits.get("type")):
        yield f"{name} is too low", [changed(row, output, name, limits["minimum"] - 1)]
    if "maximum" in limits:
        yield f"{name} is too high", [changed(row, output, name, limits["maximum"] * 3 + 1)]
    if "integer" in str(limits.get("type")) and "array" not in str(limits.get("type")):
        yield f"{name} in parts", [changed(row, output, name, limits.get("minimum", 0) + 1.5)]
    if limits.get("format") == "said":
        yield f"{name} says nothing", [changed(row, output, name, "TBD")]


def mutants_of_objects(_: Output, value: Any) -> Iterator[tuple[str, Any]]:
    yield from (("a text", "see report"), ("a number", 3), ("a state", {"status": "pending"}),
                ("nulls", dict.fromkeys(value)), ("a message", {"message": "quota exceeded"}))  # fmt: skip


def mutants_of_texts(_: Output, value: Any) -> Iterator[tuple[str, Any]]:
    words = ("pending", "N/A", "TODO", "-", "{{ status }}", "error: timeout", "unknown", " ", "✓")
    yield from ((f"the word {word!r}", word) for word in words)
    yield from (("a number", 3), ("a list", [value]))


def mutants_of_flags(_: Output, value: Any) -> Iterator[tuple[str, Any]]:
    yield from (("no", "no"), ("zero", 0), ("a number", 7), ("denied", {"value": False}),
                ("nothing", {"value": None}), ("a list", [True]))  # fmt: skip


KINDS: dict[str, Callable[[Output, Any], Iterator[tuple[str, Any]]]] = {
    "number": mutants_of_numbers,
    "list": mutants_of_lists,
    "object": mutants_of_objects,
    "text": mutants_of_texts,
    "flag": mutants_of_flags,
}


def as_row(row: Any) -> dict[str, Any]:
    return dict(row) if isinstance(row, dict) else {"url": row}


def changed(row: Any, output: Output, name: str, value: Any) -> dict[str, Any]:
    """A row with one field changed, under the only name that it then has."""
    known = output.contract.shape
    names = {
        n
        for f in (known.items.fields if known and known.items else ())
        if f.name == name
        for n in f.names
    }
    kept = {k: v for k, v in as_row(row).items() if k.replace("_", "") not in names}
    return {**kept, name: value}


ELSEWHERE: list[dict[str, Any]] = [
    {"site": RIVAL}, {"run_id": "00000000-0000-4000-8000-00000000ffff"}, {"mode": "full"},
    {"finished_at": "2025-11-21T09:00:00Z"}, {"from_cache": True}, {"provider": "mock"},
]  # fmt: skip


@pytest.mark.parametrize(("of", "slug"), EACH)
def test_no_mutant_of_a_value_counts_and_no_honest_value_is_lost(of: str, slug: str) -> None:
    service = shipped_catalog().service(of)
    output = next(output for output in service.outputs if output.slug == slug)
    draw = random.Random(output.slug)  # the same values in every run
    lost: list[Any] = []
    believed: list[Any] = []
    for _ in range(TRIES):
        value = honest(service, output, draw)
        lost += [] if counts(service, output, value) else [value]
        believed += [
            (how, mutant)
            for how, mutant in mutants(output, deepcopy(value))
            if counts(service, output, mutant)
        ]
    believed += [
        how for how in ELSEWHERE if counts(service, output, honest(service, output, draw), **how)
    ]
    assert not lost
    assert not believed


# ---- contracts as data

CATALOG = """
version = 1
[definitions]
small = {{ maximum = 5 }}
[[services]]
slug = "one_worker"
name = "One"
category = "c"
purpose = "p"
state = "built"
secret = "S"
expected_outputs = ["figure"]
[[services.outputs]]
slug = "figure"
label = "Figure"
type = "number"
schema = {schema}
[[services.rules]]
id = "some_rule"
sentence = "It does not hold."
holds = '{holds}'
refutes = ["{refutes}"]
"""


def read(
    schema: str = "{ minimum = 1 }", holds: str = "figure > 0.0", refutes: str = "figure"
) -> Any:
    return catalog_reader.read(CATALOG.format(schema=schema, holds=holds, refutes=refutes))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"schema": '{ type = "numbr" }'}, "output 'figure', field schema: "),
        ({"schema": "{ minimum = 5, maximum = 3 }"}, "output 'figure', field schema: no value can keep it"),
        ({"schema": '{ "$ref" = "#/$defs/large" }'}, "definition 'large': there is none"),
        ({"holds": "figure >"}, "field rules: some_rule: "),
        ({"holds": "nearly(figure, 1.0)"}, "rule 'some_rule', field holds: knows no 'nearly'"),
        ({"refutes": "figures"}, "rule 'some_rule', field refutes: there is no output 'figures'"),
    ],
)  # fmt: skip
def test_a_contract_that_cannot_be_compiled_or_kept_is_refused_with_its_place(
    wrong: dict[str, str], words: str
) -> None:
    with pytest.raises(Problem) as refused:
        read(**wrong)
    assert refused.value.code == "catalog_invalid"
    assert words in refused.value.message


def test_a_definition_stands_where_a_contract_refers_to_it() -> None:
    service = read('{ "$ref" = "#/$defs/small", minimum = 2 }').services[0]
    kept = [n for n in range(8) if counts(service, service.outputs[0], n)]
    assert kept == [2, 3, 4, 5]


def test_every_output_of_the_catalog_has_a_contract() -> None:
    assert not [o.slug for s in shipped_catalog() for o in s.outputs if o.value_schema is None]
