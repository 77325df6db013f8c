"""The catalog loader: the shipped catalog is valid, and every fault names its entry and field."""

from importlib.resources import files

import pytest

from hermes.core import catalog_reader
from hermes.core.catalog import ENVELOPE_WORDS, Catalog
from hermes_base.problems import Problem
from tests.support.catalog import THIRTEEN

ENTRY = """
[[services]]
slug = "a_worker"
name = "A worker"
category = "c"
purpose = "p"
state = "built"
secret = "S_A"
expected_outputs = ["x_y"]
[[services.outputs]]
slug = "x_y"
label = "X"
type = "number"
"""
VALID = f"version = 1\n{ENTRY}"


def faults_of(text: str) -> list[str]:
    with pytest.raises(Problem) as refused:
        catalog_reader.read(text, "my.toml")
    assert refused.value.code == "catalog_invalid"
    assert refused.value.message.startswith("my.toml is not a valid catalog: ")
    assert isinstance(refused.value.details, list)
    faults: list[str] = refused.value.details
    return faults


def changed(old: str, new: str) -> str:
    assert old in VALID
    return VALID.replace(old, new)


def test_the_shortest_catalog_is_read() -> None:
    found = catalog_reader.read(VALID)
    assert [s.slug for s in found] == ["a_worker"]
    assert found.service("a_worker").label("x_y") == "X"


def test_the_shipped_catalog_is_valid_and_has_the_fleet() -> None:
    shipped = catalog_reader.read((files("hermes") / "catalog.toml").read_text("utf-8"))
    later = {"directory_submission", "google_ads_connector", "site_executor"}
    fleet = {s.slug for s in shipped.workers}
    assert fleet == THIRTEEN | later
    assert all(shipped.service(slug).bundled for slug in fleet)
    assert {s.slug for s in shipped.platform} == {"bitwarden_vault", "postgres_db"}
    assert all(shipped.service(slug).state == "built" for slug in fleet)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('name = "A worker"', "", "service 'a_worker', field name: Field required"),
        ('state = "built"', 'state = "done"', "service 'a_worker', field state: "),
        ('slug = "a_worker"', 'slug = "A-Worker"', "service 'A-Worker', field slug: "),
        ('slug = "a_worker"\n', "", "service '#1', field slug: Field required"),
        ('purpose = "p"', 'purpose = "p"\ncolour = "red"',
         "service 'a_worker', field colour: Extra inputs are not permitted"),
        ('label = "X"', 'label = "X"\nrange = 3',
         "service 'a_worker', output 'x_y', field range: Extra inputs are not permitted"),
        ('type = "number"', 'type = "integer"', "service 'a_worker', output 'x_y', field type: "),
        ("version = 1", "version = 2", "field version: "),
        ("version = 1", "version = 1\nowner = 1", "field owner: Extra inputs"),
        ('["x_y"]', '["x_y", "z_z"]',
         "service 'a_worker', field expected_outputs: 'z_z' has no [[services.outputs]] entry"),
        ('["x_y"]', '["x_y", "x_y"]',
         "service 'a_worker', field expected_outputs: 'x_y' appears twice"),
        ('["x_y"]', "[]", "service 'a_worker', field expected_outputs: is empty"),
        ('["x_y"]', "[]", "service 'a_worker', output 'x_y': is not in expected_outputs"),
        ('secret = "S_A"\n', "", "service 'a_worker', field secret: a worker service needs"),
        ('state = "built"', 'state = "planned"',
         "service 'a_worker', field planned_because: is required for a planned service"),
        ('label = "X"', 'label = "X"\naliases = ["x_y"]',
         "service 'a_worker', output alias 'x_y' appears twice"),
        ('purpose = "p"', 'purpose = "p"\nkey_metrics = ["q_q"]',
         "service 'a_worker', field key_metrics: 'q_q' is not in expected_outputs"),
        ('purpose = "p"', 'purpose = "p"\ndepends_on = ["b_worker"]',
         "service 'a_worker', field depends_on: there is no service 'b_worker'"),
        ('purpose = "p"', 'purpose = "p"\naliases = ["a_worker"]',
         "service name 'a_worker' appears twice"),
        ('purpose = "p"', 'purpose = "p"\nsmoke = {payload = {site = "x", run_id = 1}}',
         "service 'a_worker', field smoke.payload: 'run_id' is set by Hermes"),
        ('purpose = "p"', 'purpose = "p"\nsmoke = {deadline_seconds = 0}',
         "service 'a_worker', smoke, field deadline_seconds: "),
        ('purpose = "p"', 'purpose = "p"\npaths = {start = "start"}',
         "service 'a_worker', path"),
    ],
)  # fmt: skip
def test_a_fault_names_the_entry_and_the_field(old: str, new: str, fault: str) -> None:
    faults = faults_of(changed(old, new))
    assert any(found.startswith(fault) for found in faults), faults


@pytest.mark.parametrize("word", sorted(ENVELOPE_WORDS))
def test_a_word_of_the_envelope_cannot_be_promised(word: str) -> None:
    faults = faults_of(VALID.replace("x_y", word))
    named = (
        f"service 'a_worker', field expected_outputs: '{word}' is a reserved word, not an output"
    )
    assert any(fault.startswith(named) for fault in faults), faults


def test_all_faults_are_told_at_once() -> None:
    other = ENTRY.replace("a_worker", "b_worker").replace('secret = "S_A"\n', "")
    faults = faults_of(VALID.replace('["x_y"]', '["ok", "x_y"]') + other + ENTRY)
    assert len(faults) >= 4
    assert any("'b_worker', field secret" in fault for fault in faults)
    assert "service name 'a_worker' appears twice" in faults


@pytest.mark.parametrize("text", ["version = ", "= 1", "[[services"])
def test_what_is_no_toml_is_said_to_be_none(text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.startswith("not TOML: ")


def test_an_empty_catalog_is_refused() -> None:
    assert any("services" in fault for fault in faults_of("version = 1"))
    assert any("services" in fault for fault in faults_of("version = 1\nservices = []"))


def test_a_service_is_found_by_slug_and_alias_whatever_case_and_dashes() -> None:
    other = ENTRY.replace('"a_worker"', '"b_worker"\naliases = ["old_name"]')
    found: Catalog = catalog_reader.read(VALID + other)
    for name in ("b_worker", "B-Worker", " old-name "):
        assert found.service(name).slug == "b_worker"
    with pytest.raises(Problem) as unknown:
        found.service("c_worker")
    assert (unknown.value.code, unknown.value.hint) == (
        "unknown_service",
        "Use one of: a_worker, b_worker.",
    )
