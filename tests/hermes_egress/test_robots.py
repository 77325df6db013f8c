"""The reader of robots.txt."""

import pytest

from hermes_egress.robots import MOST_BYTES, Robots

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


@pytest.mark.parametrize(("status", "allowed"), [(200, False), (204, True), (404, True)])
def test_only_a_200_carries_rules(status: int, allowed: bool) -> None:
    assert Robots.answered(status, CLOSED.encode(), "Ours").allows(HOME) is allowed


def test_bytes_after_the_cap_do_not_count() -> None:
    padding = b"#" * (MOST_BYTES - 1) + b"\n"
    assert Robots.answered(200, padding + CLOSED.encode(), "Ours").allows(HOME)
    assert not Robots.answered(200, CLOSED.encode() + padding, "Ours").allows(HOME)


def test_bytes_that_are_no_utf_8_spoil_no_other_line() -> None:
    assert not Robots.answered(200, b"# caf\xe9\n" + CLOSED.encode(), "Ours").allows(HOME)
