"""The page of the contract says what the kit judges and what Hermes understands."""

import json
import re

import pytest

from hermes_base.reasons import PROVIDER_MAY_CAUSE, WORKER_MAY_SAY, Reason
from hermes_worker.conformance import LEVELS, REQUIREMENTS, Limits
from hermes_worker.conformance.document import document
from hermes_worker.conformance.reading import FINISHED, UNFINISHED
from hermes_worker.conformance.verification import CHECKS
from hermes_worker.declaration import ENVELOPE_WORDS
from hermes_worker.result import PROVENANCES
from tests import ROOT

PAGE = ROOT / "docs" / "worker-contract.md"
EXAMPLES = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def test_the_page_is_the_one_that_the_table_makes() -> None:
    made_by = "python -m hermes_worker.conformance --document > docs/worker-contract.md"
    assert PAGE.read_text("utf-8") == document(), f"The page is stale; make it with: {made_by}"


def test_every_requirement_is_on_the_page_and_has_a_check() -> None:
    names = [asked.id for asked in REQUIREMENTS]
    assert re.findall(r"^\| ([A-Z]{3}-\d+) \|", PAGE.read_text("utf-8"), re.MULTILINE) == sorted(
        names, key=lambda name: (order_of(name), names.index(name))
    )
    assert list(CHECKS) == names


def order_of(name: str) -> int:
    return next(LEVELS.index(asked.level) for asked in REQUIREMENTS if asked.id == name)


def test_a_requirement_needs_only_earlier_ones_of_its_level_or_below() -> None:
    for place, asked in enumerate(REQUIREMENTS):
        earlier = {before.id for before in REQUIREMENTS[:place]}
        assert set(asked.needs) <= earlier, asked.id
        assert all(order_of(needed) <= order_of(asked.id) for needed in asked.needs), asked.id


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_json(example: str) -> None:
    assert isinstance(json.loads(example), dict)


def test_the_examples_use_the_words_that_hermes_knows() -> None:
    told = [json.loads(example) for example in EXAMPLES]
    words = {example["status"] for example in told if "jobId" in example}
    assert words
    assert words <= {*UNFINISHED, *FINISHED}
    (result,) = [example for example in told if "missing" in example]
    assert set(result["provenance"].values()) <= PROVENANCES
    assert all(gap["reason"] in set(Reason) for gap in result["missing"].values())


OF_NO_PROVIDER = {"worker_failed", "no_outputs", "outputs_missing", "sample_data_refused"}
"""What Hermes reads from outputs and status: a worker that says it of itself explains nothing more."""


def test_the_failure_codes_on_the_page_are_reasons_of_hermes() -> None:
    section = PAGE.read_text("utf-8").partition("| code | use it when |")[2].partition("\n\n")[0]
    codes = [
        code
        for row in section.splitlines()
        for code in re.findall(r"`(\w+)`", row[: row.rfind("|", 0, -1)])
    ]
    assert len(codes) >= 10
    assert set(codes) <= PROVIDER_MAY_CAUSE
    assert WORKER_MAY_SAY - set(codes) == OF_NO_PROVIDER, "add its row to contract.md"


def test_the_seconds_in_the_table_are_the_limits_of_the_kit() -> None:
    says = {asked.id: f"{asked.says} {asked.checked}" for asked in REQUIREMENTS}
    limits = Limits()
    told = {
        "CON-3": [limits.health],
        "SMK-6": [limits.job],
        "CAN-3": [limits.cancel],
        "ANS-5": [limits.start, limits.other],
    }
    for name, seconds in told.items():
        assert re.findall(r"(\d+)(?= seconds| for the others)", says[name]) == [
            f"{value:g}" for value in seconds
        ], name


def test_the_envelope_words_in_the_table_are_those_of_the_sdk() -> None:
    (row,) = [asked.checked for asked in REQUIREMENTS if asked.id == "CON-5"]
    assert all(re.search(rf"\b{word}\b", row) for word in ENVELOPE_WORDS)
