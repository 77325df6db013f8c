"""What people type about a site: what is taken, what is refused, and the words in which."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from hermes.core.sites.input import (
    SiteChange,
    SiteInput,
    changed,
    differences,
    read_site,
    require_idle,
    require_name,
)
from hermes.core.sites.settings import SiteSettings
from hermes.core.sites.site import Site
from hermes_base.problems import Problem

SEEN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def a_site(**settings: Any) -> Site:
    return Site(uuid4(), "Shop", "https://shop.example", settings=settings, updated_at=SEEN)


def settings_of(**settings: Any) -> SiteSettings:
    return read_site({"baseUrl": "https://shop.example", "settings": settings}).settings


def refusal(**fields: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        read_site({"baseUrl": "https://shop.example", **fields})
    assert caught.value.code == "invalid_request"
    return caught.value


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("shop.example", "https://shop.example"),
        (" https://Shop.Example/ ", "https://shop.example"),
        ("http://127.0.0.1:8420/", "http://127.0.0.1:8420"),
        ("https://shop.example/de/", "https://shop.example/de"),
    ],
)
def test_an_address_is_made_whole(typed: str, stored: str) -> None:
    assert SiteInput(base_url=typed).base_url == stored


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ftp://shop.example", "must be an http:// or https:// address"),
        ("my shop", "must be an http:// or https:// address"),
        ("", "must be an http:// or https:// address"),
        ("https://shop.example:99999", "must be an http:// or https:// address"),
        ("https://a..example", "must be an http:// or https:// address"),
        ("https://shop.example/<b>", "must be an http:// or https:// address"),
        ("https://me:pw@shop.example", "must not contain a user name or password"),
        ("https://shop.example/?a=1", "must not contain ? or #"),
    ],
)
def test_an_address_that_is_none_is_refused_beside_its_field(typed: str, words: str) -> None:
    with pytest.raises(Problem) as caught:
        read_site({"baseUrl": typed})
    assert caught.value.field == "baseUrl"
    assert words in caught.value.message


def test_without_a_name_a_site_is_called_by_its_host() -> None:
    assert SiteInput(base_url="https://shop.example/de", name="  ").name == "shop.example"


def test_every_setting_is_taken_cleaned_of_blanks_and_repetitions() -> None:
    read = settings_of(
        keywords=["  running   shoes ", "", "Running Shoes", "trail shoes"],
        competitors=["rival.example/", "https://rival.example"],
        gsc_site="SC-Domain:Shop.example",
        ga4_property="properties/123456789",
        ads_customer=" 123 4567890",
        repository=" https://github.com/shop/site.git/ ",
        notify_to=" team@shop.example ",
        pages=["/prices", "https://www.shop.example/about#team", "/prices"],
    )
    assert read.given() == {
        "keywords": ["running shoes", "trail shoes"],
        "competitors": ["https://rival.example"],
        "gsc_site": "sc-domain:shop.example",
        "ga4_property": "123456789",
        "ads_customer": "123-456-7890",
        "repository": "https://github.com/shop/site",
        "notify_to": "team@shop.example",
        "pages": ["https://shop.example/prices", "https://www.shop.example/about"],
    }


def test_a_search_console_address_ends_with_a_slash_as_google_names_it() -> None:
    assert settings_of(gsc_site="https://shop.example").gsc_site == "https://shop.example/"


def test_what_is_empty_or_null_counts_as_not_set() -> None:
    assert settings_of(keywords=None, competitors=[" "], gsc_site=" ", notify_to=None).given() == {}


def test_a_property_id_may_be_sent_as_a_number() -> None:
    assert settings_of(ga4_property=123456789).ga4_property == "123456789"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ga4_property", "G-ABC123", "measurement ID of a web stream"),
        ("ga4_property", "UA-1234-5", "Universal Analytics ID, which Google no longer supports"),
        ("ga4_property", "G-ABC123", "the property id there is a number"),
        ("ga4_property", "12 34", "must contain digits only"),
        ("ga4_property", "١٢٣", "must contain digits only"),
        ("ads_customer", "123-456-789", "must be ten digits, for example 123-456-7890"),
        ("ads_customer", "AW-1234567890", "must be ten digits, for example 123-456-7890"),
        ("repository", "git@github.com:a/b.git", "must be the address of its page"),
        ("repository", "https://github.com/a", "must be the address of its page"),
        ("repository", "https://token@github.com/a/b", "must be the address of its page"),
        ("gsc_site", "shop.example", "sc-domain:example.com for a domain"),
        ("gsc_site", "sc-domain:https://shop.example", "must be the property name"),
        ("notify_to", "team", "must be one email address"),
        ("notify_to", "a@b.example, c@d.example", "must be one email address"),
        ("competitors", ["https://ok.example", "no way"], "line 2, 'no way': must be an http"),
        ("competitors", ["https://www.shop.example"], "is this site, not a competitor"),
        ("keywords", ["x" * 101], "line 1"),
        ("keywords", [f"k{n}" for n in range(201)], "has 201 lines; at most 200"),
        ("keywords", "a, b", "valid list"),
        ("pages", ["/ok", "https://other.example/"], "line 2"),
        ("pages", ["https://other.example/"], "is not on shop.example; write /path"),
        ("pages", ["//other.example/x"], "line 1"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_with_what_to_enter(
    field: str, value: Any, words: str
) -> None:
    problem = refusal(settings={field: value})
    assert problem.field == f"settings.{field}"
    assert words in problem.message


def test_all_faults_are_told_at_once() -> None:
    problem = refusal(
        baseUrl="https://shop.example",
        name="x" * 121,
        settings={"ga4_property": "x", "notify_to": "y"},
    )
    assert isinstance(problem.details, list)
    fields = {fault["field"] for fault in problem.details}
    assert fields == {"name", "settings.ga4_property", "settings.notify_to"}
    both = refusal(settings={"competitors": ["shop.example"], "pages": ["https://x.example"]})
    assert isinstance(both.details, list)
    assert [fault["field"] for fault in both.details] == ["settings.competitors", "settings.pages"]


def test_an_unknown_setting_is_refused_by_name_with_the_known_ones() -> None:
    problem = refusal(settings={"keyword": ["a"], "pages": []})
    assert problem.field == "settings.keyword"
    assert (
        "keywords, competitors, gsc_site, ga4_property, ads_customer, repository, notify_to, pages"
        in problem.message
    )


def test_an_unknown_field_of_a_site_is_refused_by_name() -> None:
    assert refusal(keywords=["a"]).field == "keywords"


def test_a_change_keeps_what_it_does_not_name() -> None:
    site = a_site(keywords=["shoes"], notify_to="a@shop.example")
    wanted = changed(site, SiteChange(updated_at=SEEN, settings={"keywords": ["boots"]}))
    assert (wanted.name, wanted.base_url) == ("Shop", "https://shop.example")
    assert wanted.settings.given() == {"keywords": ["boots"], "notify_to": "a@shop.example"}
    assert differences(site, wanted) == ["settings.keywords"]


def test_null_clears_a_setting_and_the_same_again_is_no_difference() -> None:
    site = a_site(keywords=["shoes"])
    cleared = changed(site, SiteChange(updated_at=SEEN, settings={"keywords": None}))
    assert differences(site, cleared) == ["settings.keywords"]
    same = changed(site, SiteChange(updated_at=SEEN, name="Shop", settings={"keywords": ["shoes"]}))
    assert differences(site, same) == []


def test_settings_of_other_names_stay_where_they_are() -> None:
    wanted = read_site({"baseUrl": "https://shop.example", "settings": {"keywords": ["a"]}})
    stored = {"theme": "shop/web", "keywords": ["b"], "pages": ["/x"]}
    assert wanted.stored_beside(stored) == {"theme": "shop/web", "keywords": ["a"]}


def test_a_change_of_something_that_changed_since_is_refused() -> None:
    with pytest.raises(Problem) as caught:
        changed(a_site(), SiteChange(updated_at=SEEN - timedelta(microseconds=1), name="Other"))
    assert caught.value.code == "site_changed"


def test_a_moved_site_keeps_only_pages_of_its_own() -> None:
    site = a_site(pages=["https://shop.example/prices"])
    with pytest.raises(Problem) as caught:
        changed(site, SiteChange(updated_at=SEEN, base_url="https://new.example"))
    assert caught.value.field == "settings.pages"


def test_the_address_of_the_demo_site_is_the_sandboxs() -> None:
    demo = Site(uuid4(), "Demo", "http://127.0.0.1:8420", is_demo=True, updated_at=SEEN)
    assert changed(demo, SiteChange(updated_at=SEEN, name="My demo")).name == "My demo"
    with pytest.raises(Problem) as caught:
        changed(demo, SiteChange(updated_at=SEEN, base_url="https://shop.example"))
    assert caught.value.code == "demo_address"


def test_a_change_without_the_time_at_which_it_was_read_is_refused() -> None:
    with pytest.raises(ValidationError, match="updatedAt"):
        SiteChange.model_validate({"name": "Other"})


def test_a_deletion_needs_the_name_and_peace() -> None:
    require_name(a_site(), " Shop ")
    require_idle(0)
    with pytest.raises(Problem) as caught:
        require_name(a_site(), "shop")
    assert (caught.value.code, caught.value.field) == ("name_differs", "name")
    with pytest.raises(Problem, match="1 run of this site"):
        require_idle(1)


NAMES = st.sampled_from(list(SiteSettings.model_fields))
TYPED = st.text(max_size=40) | st.lists(st.text(max_size=40), max_size=5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, TYPED))
def test_whatever_is_typed_is_taken_and_stays_the_same_or_is_refused_as_a_problem(
    typed: dict[str, Any],
) -> None:
    try:
        read = read_site({"baseUrl": "https://shop.example", "settings": typed})
    except Problem:
        assert str(refusal(settings=typed).field).startswith("settings.")
        return
    again = read_site({"baseUrl": read.base_url, "settings": read.settings.given()})
    assert again == read
