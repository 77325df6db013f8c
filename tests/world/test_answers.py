"""Odd answers that are honest, each whole; and lies, none believed: every row of `answers/`."""

import json
from typing import Any, Literal

import pytest
from pydantic import Field

from hermes.core.runs.model import RunUpdate
from tests.support.catalog import shipped_catalog
from tests.world.playing import answered, believed, verdict
from tests.world.rows import HERE, Row, document, hold, parameters, read

End = Literal["delivered", "claimed", "refuted", "missing"]


class AnswerRow(Row):
    """One finished answer of a worker: the true answer of its service with a `patch` (a JSON merge patch), or
    an `envelope` of its own. `claimed`, `refuted` and `missing` are the outputs that must end so, `["*"]`
    for all; the others are delivered, with these `values` where it says any, and in doubt where `doubts` says so."""

    service: str
    patch: str = ""
    envelope: str = ""
    status: int = 200
    headers: dict[str, str] = Field(default_factory=dict)
    claimed: tuple[str, ...] = ()
    refuted: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    values: dict[str, Any] = Field(default_factory=dict)
    reason: str = ""

    def end(self, slug: str) -> End:
        """How an output must end."""
        for end in ("claimed", "refuted", "missing"):
            if slug in (named := getattr(self, end)) or "*" in named:
                return end
        return "delivered"

    @property
    def lies(self) -> bool:
        """Whether something in it must not count."""
        return bool(self.claimed or self.refuted)

    @property
    def body(self) -> bytes:
        """The answer as it goes over the wire."""
        if self.envelope:
            return self.envelope.encode()
        truth = document(HERE / "answers" / "truths.toml")[self.service]
        whole = {"status": "completed", "result": {"outputs": json.loads(truth)}}
        return json.dumps(patched(whole, json.loads(self.patch))).encode()


def patched(target: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396): null takes a field away, whatever is no object is put in its place."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = patched(made.get(name), value)
    return made


def rows_of(folder: str) -> list[AnswerRow]:
    files = sorted((HERE / "answers" / folder).glob("*.toml"))
    return [row for file in files for row in read(file, "answers", AnswerRow)]


HONEST, LIES = rows_of("honest"), rows_of("lies")


def broken(row: AnswerRow, update: RunUpdate) -> list[str]:
    """The promises of a row that an update does not keep."""
    service = shipped_catalog().service(row.service)
    delivered = {slug for slug in service.expected_outputs if row.end(slug) == "delivered"}
    found = believed(update)
    faults = [f"{slug} not believed" for slug in found if slug not in delivered]
    faults += [f"{slug} delivered" for slug in delivered if slug not in found]
    kept: dict[str, Any] = update.outputs["metrics"]
    faults += [f"{slug} = {value}" for slug, value in row.values.items() if kept.get(slug) != value]
    doubted: dict[str, Any] = update.metrics.get("doubts", {})
    faults += [f"{slug} in doubt" for slug in row.doubts if slug not in doubted]
    if row.reason and update.reason != row.reason:
        faults.append(f"the reason {row.reason}")
    return faults


def check(row: AnswerRow) -> None:
    service = shipped_catalog().service(row.service)
    update = answered(service, row.status, row.headers, row.body)
    kept: dict[str, Any] = update.outputs["metrics"]
    told = "".join(f"; {slug} = {kept.get(slug)}" for slug in row.values)
    hold(row, verdict(update) + told, *broken(row, update))


@parameters(HONEST)
def test_an_odd_answer_that_is_honest_loses_nothing(row: AnswerRow) -> None:
    check(row)


@parameters(LIES)
def test_a_lie_is_not_believed(row: AnswerRow) -> None:
    check(row)


@pytest.mark.parametrize("slug", list(document(HERE / "answers" / "truths.toml")))
def test_the_true_answer_of_a_service_is_believed_whole(slug: str) -> None:
    truth = AnswerRow(
        id="truth", why="It is the truth.", source="own: the catalog", service=slug, patch="{}"
    )
    check(truth)


def test_a_row_lies_where_it_should_and_nowhere_else() -> None:
    assert not [row.id for row in HONEST if row.lies]
    assert not [row.id for row in LIES if not row.lies]


def test_rows_speak_of_outputs_that_there_are_and_have_one_name_each() -> None:
    rows = HONEST + LIES
    for row in rows:
        promised = {*shipped_catalog().service(row.service).expected_outputs, "*"}
        assert promised.issuperset([*row.claimed, *row.refuted, *row.missing, *row.values]), row.id
    assert len({row.id for row in rows}) == len(rows)


def test_every_rule_of_the_catalog_is_broken_by_a_row() -> None:
    """A rule that is switched off, or that can no longer fail, is missed here."""
    seen = set[str]()
    for row in HONEST + LIES:
        service = shipped_catalog().service(row.service)
        told = answered(service, row.status, row.headers, row.body).metrics
        seen |= {each.get("rule", "") for each in told.get("explanations", {}).values()}
        seen |= {each["rule"] for doubts in told.get("doubts", {}).values() for each in doubts}
    rules = {rule.id for service in shipped_catalog() for rule in service.rules}
    of_the_judge = {"site", "site_id", "run_id", "mode", "dry_run", "cached", "times", "period", "property", "whole",
                    "unchanged", "age", "finished", "host", "fresh", "unit", "kind", "count", "contract", "claimed",
                    "made_up", "provenance", "no_value", "empty_row", "error_row", "empty_object", "repeated_rows",
                    "error_rows"}  # fmt: skip
    assert (rules | of_the_judge) - seen == set()


def test_there_are_enough_of_each() -> None:
    assert len(HONEST) >= 150
    assert len(LIES) >= 250
