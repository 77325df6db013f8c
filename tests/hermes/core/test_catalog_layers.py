"""Layers of a catalog: what files of an installation may add, change and switch off, and what is refused."""

import tomllib
from importlib.resources import files
from typing import Any

import pytest

from hermes.core.catalog_layers import LARGEST, Change, Layered, layered, parse
from hermes_base.problems import Problem

BASE: dict[str, Any] = tomllib.loads((files("hermes") / "catalog.toml").read_text("utf-8"))
OWN = """
[[services]]
slug = "price_watch"
[[services.outputs]]
slug = "prices"
type = "list"
schema = { items = { type = "object", required = ["sku"] } }
[[services.outputs]]
slug = "cheapest"
type = "number"
"""


def with_layers(*texts: str) -> Layered:
    return layered(BASE, [parse(text, f"{n}.toml") for n, text in enumerate(texts)])


def test_without_layers_the_catalog_is_the_one_that_ships() -> None:
    found = with_layers()
    assert len(found.catalog.services) == len(BASE["services"])
    assert (found.changes, dict(found.off)) == ((), {})


def test_a_service_is_added_with_little_said() -> None:
    service = with_layers(OWN).catalog.service("price_watch")
    assert (service.name, service.state, service.category) == ("Price watch", "built", "own")
    assert service.secret == "HERMES_WORKER_PRICE_WATCH"
    assert service.expected_outputs == ("prices", "cheapest")
    assert service.outputs[0].label == "Prices"


def test_single_fields_are_changed_and_each_change_names_its_file() -> None:
    found = with_layers(
        '[[services]]\nslug = "crawl_render"\nmax_concurrency = 2\n[services.full]\ndeadline_seconds = 77\n',
        '[[services]]\nslug = "crawl_render"\nmax_concurrency = 3\n',
    )
    service, shipped = found.catalog.service("crawl_render"), with_layers().catalog
    before = shipped.service("crawl_render")
    assert service.max_concurrency == 3
    assert service.full is not None
    assert before.full is not None
    assert service.full == before.full.model_copy(update={"deadline_seconds": 77})
    assert service.outputs == before.outputs
    told = [(c.field, c.after, c.source) for c in found.changes]
    assert told == [
        ("max_concurrency", 2, "0.toml"),
        ("full.deadline_seconds", 77, "0.toml"),
        ("max_concurrency", 3, "1.toml"),
    ]


def test_outputs_are_added_changed_and_taken_out_by_their_slug() -> None:
    before = with_layers().catalog.service("core_web_vitals")
    found = with_layers(
        '[[services]]\nslug = "core_web_vitals"\n'
        '[[services.outputs]]\nslug = "lcp"\nseverity = "minor"\n'
        '[[services.outputs]]\nslug = "ttfb"\nlabel = "Time to first byte"\ntype = "number"\n'
        '[[services.outputs]]\nslug = "regressions"\noff = true\n'
    )
    service = found.catalog.service("core_web_vitals")
    kept = [slug for slug in before.expected_outputs if slug != "regressions"]
    assert list(service.expected_outputs) == [*kept, "ttfb"]
    changed = service.output("lcp")
    assert changed is not None
    assert changed.severity == "minor"
    assert changed.unit == "ms"
    assert Change("core_web_vitals", "outputs.lcp.severity", "critical", "minor", "0.toml") in found.changes  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [('off = ["content_qa"]', ""), ('[off]\ncontent_qa = "No budget."', "No budget.")],
)
def test_a_service_is_switched_off_and_nothing_waits_for_it(text: str, why: str) -> None:
    waits = '[[services]]\nslug = "serp_intel"\ndepends_on = ["content_qa"]\n'
    assert with_layers(waits).catalog.service("serp_intel").depends_on == ("content_qa",)
    found = with_layers(f"{text}\n{waits}" if why == "" else f"{waits}{text}")
    assert found.catalog.find("content_qa") is None
    assert found.off == {"content_qa": why}
    assert found.catalog.service("serp_intel").depends_on == ()


DEEP = "\n".join(
    f"d{n} = {{ properties = {{ {', '.join(f'p{k} = {{ {chr(34)}$ref{chr(34)} = {chr(34)}#/$defs/d{n - 1}{chr(34)} }}' for k in range(9))} }} }}"
    for n in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[services", "not TOML"),
        ("services = 3", "each [[services]] needs its slug"),
        ('[[services]]\nname = "X"', "needs its slug"),
        ("servics = []", "is not a part of a catalog"),
        ('off = ["nothing"]', "there is no service 'nothing'"),
        ('[[services]]\nslug = "crawl_render"\nmax_concurrancy = 2', "max_concurrancy"),
        ('[[services]]\nslug = "mine"', "expected_outputs: is empty"),
        ('[[services]]\nslug = "crawl_render"\ndepends_on = ["no_such"]', "no service 'no_such'"),
        ("x" * (LARGEST + 1), "larger than 1 MB"),
        ("a = " + "[" * 3000 + "]" * 3000, "nested too deeply"),
        ("".join(f'[[services]]\nslug = "s{n}"\n' for n in range(600)), "at most 500 services"),
        (f'[definitions]\nd0 = {{ type = "string" }}\n{DEEP}\n{OWN}[[services.outputs]]\nslug = "deep"\ntype = "object"\nschema = {{ "$ref" = "#/$defs/d9" }}', "name each other too often"),
    ],
)  # fmt: skip
def test_a_faulty_or_hostile_layer_is_refused_with_its_fault(text: str, says: str) -> None:
    with pytest.raises(Problem) as refused:
        with_layers(text)
    assert refused.value.code == "catalog_invalid"
    assert says in refused.value.message


def test_a_pattern_that_goes_back_and_forth_ends_in_bounded_time() -> None:
    text = (
        OWN
        + '[[services.outputs]]\nslug = "code"\ntype = "text"\nschema = { pattern = "^(?:(?=a)a+)+$" }\n'
    )
    output = with_layers(text).catalog.service("price_watch").output("code")
    assert output is not None
    value = "a" * 5000 + "!"
    assert output.contract.fault(value, value) is not None
