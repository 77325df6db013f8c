"""Roles, the table of who may what, and the rules of signing in."""

import string
from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core import people, sign_in
from hermes.core.people import OPEN, READ_ALL, WHO_MAY, Need, Person, Role
from hermes.core.problems import Problem

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
roles = st.sampled_from(get_args(Role))


def person(role: Role, limited: bool = False) -> Person:
    return Person("Ann", role, "ann@example.com", uuid4(), uuid4() if limited else None)


@given(roles, roles)
def test_a_token_is_worth_the_lower_of_two_roles(one: Role, other: Role) -> None:
    lower = people.lower_of(one, other)
    assert lower in (one, other)
    assert people.at_least(one, lower)
    assert people.at_least(other, lower)


@given(roles, roles)
def test_a_role_may_all_that_a_lower_role_may(one: Role, other: Role) -> None:
    if people.at_least(one, other):
        for place, need in WHO_MAY.items():
            if people.may(person(other), need):
                assert people.may(person(one), need), place


def test_nobody_may_what_is_not_in_the_table() -> None:
    assert people.need_of("GET /api/nowhere") is None
    assert not people.may(person("admin"), None)


def test_without_a_person_only_the_open_places_are_open() -> None:
    opened = {place for place, need in WHO_MAY.items() if people.may(None, need)}
    assert opened == {place for place, need in WHO_MAY.items() if need == OPEN}
    rooms = {place.split(" ")[1].split("/")[1] for place in opened}
    assert rooms <= {"health", "static", "sign-in", "api", "orders"}, "orders: signed links"
    signed = {"POST /api/callbacks/{run_id}", "POST /api/webhook"}
    assert {place for place in opened if "/api/" in place} <= signed


def test_what_changes_something_for_others_needs_more_than_a_viewer() -> None:
    own = ("POST /sign-out", "POST /settings/account", "POST /settings/tokens")
    for place, need in WHO_MAY.items():
        changes = not place.startswith(("GET", "HEAD", "ANY"))
        if changes and need.role is not None and not place.startswith(own):
            assert need.role in ("operator", "admin"), place


@pytest.mark.parametrize(
    ("need", "code"),
    [(Need("viewer"), None), (Need("viewer", "any"), None), (READ_ALL, "site_only"), (Need("admin"), "role_too_low")],
)  # fmt: skip
def test_a_token_of_one_site_meets_what_concerns_more_with_a_reason(
    need: Need, code: str | None
) -> None:
    refused = people.refusal(person("operator", limited=True), need)
    assert (refused.code if refused else None) == code


def test_a_role_that_does_not_exist_is_named_with_those_that_do() -> None:
    with pytest.raises(Problem, match="no role 'king'") as raised:
        people.role_of("king")
    assert raised.value.hint == "One of: viewer, operator, admin."


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/", True), ("/sites/1/integrations?status=failed&q=a", True), ("/settings/users", True),
        ("//elsewhere.example", False), ("/\\elsewhere.example", False), ("https://elsewhere.example", False),
        ("", False), ("javascript:alert(1)", False), ("/a b", False), ("/a\r\nSet-Cookie: x", False),
    ],
)  # fmt: skip
def test_the_way_back_is_a_path_of_ours(path: str, own: bool) -> None:
    assert sign_in.own_path(path, "otherwise") == (path if own else "otherwise")


@given(st.text(alphabet=string.printable, max_size=40))
def test_the_way_back_never_leaves_this_host(text: str) -> None:
    back = sign_in.own_path(text)
    assert back[0] == "/"
    assert not back.startswith(("//", "/\\"))
    assert back.isprintable()


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        (" Ann@Example.com ", "ann@example.com"), ("ann+ci@mail.example.com", "ann+ci@mail.example.com"),
        ("ann", None), ("ann@", None), ("a@b@c", None), ("a b@example.com", None), ("<ann@example.com>", None), ("", None),
    ],
)  # fmt: skip
def test_e_mail_addresses_are_stored_in_lower_case(typed: str, email: str | None) -> None:
    assert sign_in.email_of(typed) == email


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("short", "at least 12"), ("x" * 257, "at most 256"), ("aaaaaaaaaaaaaaa", "too few"),
        ("ann.smith-2026", "e-mail name"), ("a long enough sentence", None), ("ann.smith likes long sentences", None),
    ],
)  # fmt: skip
def test_a_refused_password_is_told_why(password: str, word: str | None) -> None:
    fault = sign_in.password_fault(password, "ann.smith@example.com")
    assert (fault is None) if word is None else (fault is not None and word in fault)


def test_one_waits_until_the_oldest_try_of_every_exceeded_kind_has_left_the_window() -> None:
    early, late = NOW - timedelta(minutes=10), NOW - timedelta(minutes=2)
    assert sign_in.wait([(5, 5, early), (20, 20, early)], NOW) is None
    assert sign_in.wait([(6, 5, early), (20, 20, late)], NOW) == timedelta(minutes=5)
    assert sign_in.wait([(6, 5, early), (21, 20, late)], NOW) == timedelta(minutes=13)


def test_the_token_of_a_form_differs_by_session_and_does_not_hold_the_session_token() -> None:
    one, other = sign_in.csrf_of("token-of-one"), sign_in.csrf_of("token-of-another")
    assert one != other
    assert sign_in.csrf_of("token-of-one") == one
    assert "token-of-one" not in one


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("curl/8.5.0", "curl"), ("unknown program", "unknown program"),
    ],
)  # fmt: skip
def test_browsers_are_named_as_people_name_them(agent: str, words: str) -> None:
    assert sign_in.browser_of(agent) == words
