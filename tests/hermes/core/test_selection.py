"""Which services a button runs, and the reason for each that is left out."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.catalog import Catalog, ModeSpec, Output, RunType, Service
from hermes.core.runs.selection import get_runnable_services, job_type_of, require_some
from hermes.core.sites.site import Site
from hermes.core.worker_config import WorkerConfig
from hermes_base.problems import Problem
from hermes_base.reasons import Failure, Reason

CONFIG = WorkerConfig("https://w.example", "key-123456", "environment")
MISSING = Failure(Reason.MISSING_SECRET, "S_A was not found in: environment.")
SITE = Site(uuid4(), "Site", "https://site.example", settings={"keywords": ["a"]})


def service(slug: str = "a_worker", **changes: Any) -> Service:
    outputs = (Output(slug="x_y", label="X", type="number"),)
    fields: dict[str, Any] = {
        "slug": slug, "name": slug.title(), "category": "c", "purpose": "p", "state": "built",
        "secret": "S_A", "expected_outputs": ("x_y",), "outputs": outputs, "smoke": ModeSpec(),
    }  # fmt: skip
    return Service(**{**fields, **changes})


def select(mode: RunType, *services: Service, configs: Any = None, site: Site = SITE) -> Any:
    catalog = Catalog(version=1, services=services)
    known = {s.slug: CONFIG for s in services} if configs is None else configs
    return get_runnable_services(catalog, site, mode, known)


def test_a_ready_service_is_described_as_the_requirements_say() -> None:
    (found,) = select("smoke", service(supports_async=True)).runnable
    assert (found.slug, found.display_name) == ("a_worker", "A_Worker")
    assert (found.integration_type, found.supports_async) == ("worker", True)
    assert found.test_endpoints == ("POST /start", "GET /status")
    (found,) = select("connection", service()).runnable
    assert found.test_endpoints == ("GET /health",)


@pytest.mark.parametrize(
    ("mode", "changes", "configs", "state", "words"),
    [
        ("connection", {"state": "planned", "planned_because": "no budget"}, None, "blocked",
         "no budget"),
        ("smoke", {"state": "planned", "planned_because": "no budget"}, None, "blocked",
         "Not built yet"),
        ("smoke", {"smoke": None}, None, "no_mode", "no smoke mode"),
        ("full", {}, None, "no_mode", "no full mode"),
        ("connection", {}, {}, "needs_config", "The secret S_A is not set"),
        ("connection", {}, {"a_worker": MISSING}, "needs_config", "was not found in"),
        ("smoke", {}, {"a_worker": MISSING}, "needs_config", "was not found in"),
        ("smoke", {"requires_site": ("base_url", "ga4_id", "gsc")}, None, "needs_config",
         "This site has no ga4_id and gsc"),
    ],
)  # fmt: skip
def test_each_obstacle_has_a_state_a_reason_and_a_next_step(
    mode: RunType, changes: Any, configs: Any, state: str, words: str
) -> None:
    selection = select(mode, service(**changes), configs=configs)
    assert selection.runnable == ()
    (left,) = selection.left_out
    assert left.state == state
    assert words in left.reason
    assert left.next_step


def test_a_connection_is_tested_without_modes_and_site_settings() -> None:
    assert select("connection", service(smoke=None, requires_site=("ga4_id",))).runnable


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_an_empty_site_setting_is_no_setting(value: Any) -> None:
    site = Site(SITE.id, "Site", "https://site.example", settings={"ga4_id": value})
    (left,) = select("smoke", service(requires_site=("ga4_id",)), site=site).left_out
    assert left.state == "needs_config"


def test_platform_dependencies_are_not_in_the_fleet_and_cannot_be_run() -> None:
    platform = service("vault_db", integration_type="platform")
    selection = select("connection", service(), platform)
    assert [s.slug for s in (*selection.runnable, *selection.left_out)] == ["a_worker"]
    catalog = Catalog(version=1, services=(platform,))
    only = get_runnable_services(catalog, SITE, "connection", {"vault_db": CONFIG}, "vault_db")
    assert [left.state for left in only.left_out] == ["platform"]


def test_one_service_is_found_by_its_alias() -> None:
    catalog = Catalog(version=1, services=(service(aliases=("old_name",)), service("b_worker")))
    configs = {"a_worker": CONFIG, "b_worker": CONFIG}
    found = get_runnable_services(catalog, SITE, "smoke", configs, "Old-Name")
    assert [s.slug for s in found.runnable] == ["a_worker"]
    with pytest.raises(Problem) as unknown:
        get_runnable_services(catalog, SITE, "smoke", configs, "nobody")
    assert unknown.value.code == "unknown_service"
    assert "a_worker, b_worker" in unknown.value.hint


@pytest.mark.parametrize(
    ("mode", "only", "job_type"),
    [
        ("smoke", None, "smoke_all"), ("smoke", "a_worker", "smoke_one"),
        ("smoke", ["a_worker"], "smoke_one"), ("smoke", ["a_worker", "a_worker"], "smoke_one"),
        ("smoke", ["a_worker", "b_worker"], "smoke_some"), ("full", ["a_worker"] * 3, "full_one"),
        ("connection", None, "connection_all"),
    ],
)  # fmt: skip
def test_a_job_is_of_all_services_of_some_or_of_one_however_often_it_is_named(
    mode: RunType, only: Any, job_type: str
) -> None:
    assert job_type_of(mode, only) == job_type


@pytest.mark.parametrize("mode", ["connection", "full"])
def test_only_smoke_tests_are_run_for_several_named_services(mode: RunType) -> None:
    with pytest.raises(Problem) as refused:
        job_type_of(mode, ["a_worker", "b_worker"])
    assert refused.value.code == "invalid_request"


def test_nothing_to_run_is_an_error_with_the_reason_for_each() -> None:
    services = [service(f"worker_{n}") for n in "abcde"]
    with pytest.raises(Problem) as nothing:
        require_some(select("smoke", *services, configs={}))
    assert nothing.value.code == "nothing_selected"
    assert nothing.value.message.startswith("0 services found because: Worker_A: The secret")
    assert nothing.value.message.endswith("(2 more)")
    assert isinstance(nothing.value.details, list)
    details: list[dict[str, str]] = nothing.value.details
    assert [d["slug"] for d in details] == [s.slug for s in services]
    assert all(d["reason"] and d["nextStep"] and d["state"] for d in details)


def test_something_to_run_is_handed_on() -> None:
    selection = select("smoke", service(), service("b_worker", smoke=None))
    assert require_some(selection) is selection


@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sampled_from([CONFIG, MISSING, None])),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["connection", "smoke", "full"]),
)
def test_every_worker_is_either_run_or_left_out_with_a_reason(
    kinds: list[tuple[bool, bool, Any]], mode: RunType
) -> None:
    services = [
        service(
            f"worker_{n}",
            state="built" if built else "planned",
            planned_because="later",
            smoke=ModeSpec() if smoke else None,
        )
        for n, (built, smoke, _) in enumerate(kinds)
    ]
    configs = {f"worker_{n}": c for n, (_, _, c) in enumerate(kinds) if c is not None}
    selection = select(mode, *services, configs=configs)
    found = [s.slug for s in (*selection.runnable, *selection.left_out)]
    assert sorted(found) == sorted(s.slug for s in services)
    for n, (built, smoke, config) in enumerate(kinds):
        ready = built and config is CONFIG and (mode == "connection" or (smoke and mode == "smoke"))
        assert (f"worker_{n}" in {s.slug for s in selection.runnable}) == ready
