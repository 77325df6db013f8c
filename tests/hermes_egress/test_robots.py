"""The reader of robots.txt."""

import pytest

from hermes_egress.robots import MOST_BYTES, Robots, is_closed

HOME = "https://site.test/"
CLOSED = "User-agent: *\nDisallow: /\n"


def test_rules_are_those_of_the_agent() -> None:
    text = "User-agent: Ours\nDisallow: /a\nCrawl-delay: 2.5\n\nUser-agent: *\nDisallow: /b\n"
    ours, other = Robots(text, "Ours"), Robots(text, "Other")
    assert [ours.allows(f"{HOME}{path}") for path in "ab"] == [False, True]
    assert [other.allows(f"{HOME}{path}") for path in "ab"] == [True, False]
    assert (ours.delay, other.delay) == (2.5, 0.0)


@pytest.mark.parametrize("delay", ["nan", "inf", "-5", "soon", ""])
def test_a_delay_that_is_no_time_is_none(delay: str) -> None:
    assert Robots(f"User-agent: *\nCrawl-delay: {delay}\n", "Ours").delay == 0


def test_sitemaps_are_named_as_written() -> None:
    text = "Sitemap: /one.xml\nUser-agent: *\nSitemap: https://site.test/two.xml\n"
    assert Robots(text, "Ours").sitemaps == ["/one.xml", "https://site.test/two.xml"]


def test_a_byte_order_mark_hides_no_rule() -> None:
    assert not Robots(f"\ufeff{CLOSED}", "Ours").allows(HOME)
    assert not Robots.answered(200, b"\xef\xbb\xbf" + CLOSED.encode(), "Ours").allows(HOME)


@pytest.mark.parametrize(
    ("status", "allowed"), [(200, False), (203, False), (301, True), (404, True)]
)
def test_only_a_2xx_carries_rules(status: int, allowed: bool) -> None:
    assert Robots.answered(status, CLOSED.encode(), "Ours").allows(HOME) is allowed


def test_bytes_after_the_cap_do_not_count() -> None:
    padding = b"#" * (MOST_BYTES - 1) + b"\n"
    assert Robots.answered(200, padding + CLOSED.encode(), "Ours").allows(HOME)
    assert not Robots.answered(200, CLOSED.encode() + padding, "Ours").allows(HOME)


def test_bytes_that_are_no_utf_8_spoil_no_other_line() -> None:
    assert not Robots.answered(200, b"# caf\xe9\n" + CLOSED.encode(), "Ours").allows(HOME)


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb", b"\xef\xbb\xbf"])
def test_a_torn_mark_hides_no_rule(mark: bytes) -> None:
    assert not Robots.answered(200, mark + CLOSED.encode(), "Ours").allows(HOME)


@pytest.mark.parametrize(
    ("status", "closed"), [(200, False), (404, False), (429, True), (503, True)]
)
def test_a_server_in_trouble_closes_its_site(status: int, closed: bool) -> None:
    assert is_closed(status) is closed


@pytest.mark.parametrize(
    ("agents", "allowed"),
    [
        ("User-agent: Ours/1.0", False),
        ("User-agent: OURS (a crawler)", False),
        ("User-agent: Our", True),
        ("User-agent: OursToo", True),
        ("User-agent: *", False),
        ("User-agent: *Ours", True),
        ("User-agent: Other\nNo-such: line\nSitemap: /s.xml\nUser-agent: Ours", False),
        ("User-agent: Ours\nDisallow: /b\nUser-agent: Other", True),
        ("USERAGENT Ours", False),
        ("User-agent: *\nDisallow:\n\nUser-agent: Ours", False),
        ("User-agent: Ours\nDisallow:\n\nUser-agent: *", True),
    ],
)
def test_a_group_is_for_the_agent_whose_letters_it_names(agents: str, allowed: bool) -> None:
    assert Robots(f"{agents}\nDisallow: /a\n", "Ours").allows(f"{HOME}a") is allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /a\nAllow: /a/b", "a/b/c", True),
        ("Disallow: /a\nAllow: /a", "a", True),
        ("Disallow: /*.pdf$", "a/b.pdf", False),
        ("Disallow: /*.pdf$", "a/b.pdf?x", True),
        ("Disallow: /a$", "ab", True),
        ("Disallow: /a*$", "abc", False),
        ("Disallow: *c", "abc", False),
        ("Disallow: /a*b*b$", "ab", True),
        ("Disallow: /a#b", "a/x", False),
        ("dissallow /a", "a", False),
        ("Disallow: /A", "a", True),
        ("Disallow: /é", "%C3%A9", False),
        ("Disallow: /%c3%a9", "%C3%A9", False),
        ("Disallow: /\nAllow: /a/index.html", "a/", True),
        ("Disallow: /\nAllow: /a/index.html", "a/b", False),
        ("Disallow: /?q", "?q=1", False),
        ("Disallow: /a", "b#/a", True),
    ],
)
def test_the_longest_rule_decides(rules: str, path: str, allowed: bool) -> None:
    assert Robots(f"User-agent: *\n{rules}\n", "Ours").allows(f"{HOME}{path}") is allowed


def test_rules_in_latin_1_are_those_of_addresses_in_latin_1() -> None:
    robots = Robots.answered(200, b"User-agent: *\nDisallow: /\xe9\n", "Ours")
    assert [robots.allows(f"{HOME}{path}") for path in ("%E9", "%C3%A9")] == [False, True]


def test_a_rule_of_many_stars_is_as_quick_as_one_of_few() -> None:
    robots = Robots(f"User-agent: *\nDisallow: /{'a*' * 200}b\n", "Ours")
    assert robots.allows(f"{HOME}{'a' * 2000}")
