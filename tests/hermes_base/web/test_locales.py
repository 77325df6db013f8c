"""Numbers, dates and times in the formats of the reader."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from hermes_base.web import locales
from hermes_base.web.html.formatting import duration, readable
from tests.support.served import Served

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    locales.remember("")


@pytest.mark.parametrize(("header", "name"), [
    ("", "en"), ("de", "de"), ("de-CH,de;q=0.9,en;q=0.8", "de_CH"), ("xx, fr;q=0.5", "fr"),
    ("en;q=0.1, it;q=0.7", "it"), ("de;q=0", "en"), ("*", "en"), ("de;q=much", "en"),
    ("zh-Hant-TW", "zh_Hant_TW"), ("../../etc/passwd", "en"), ("\x00,;q=,,-", "en"),
])  # fmt: skip
def test_the_most_wanted_language_that_has_formats_is_taken(header: str, name: str) -> None:
    assert str(locales.preferred(header)) == name


def test_english_is_written_as_it_always_was() -> None:
    for header in ("", "en-GB,en;q=0.5", "en-US"):
        locales.remember(header)
        assert (locales.number(1234567.5), locales.fixed(2.4, 1)) == ("1,234,567.5", "2.4")
        assert (locales.short(84.0), locales.short(2.50)) == ("84", "2.5")
        assert locales.moment(AT) == "2026-11-21 09:00:00 UTC"
        assert locales.day_and_time(AT) == "21 Nov, 09:00"


def test_a_german_reader_gets_german_formats_and_no_digit_is_lost() -> None:
    locales.remember("de-DE,de;q=0.9")
    assert locales.number(1234567.123456) == "1.234.567,123456"
    assert (locales.short(2.5), duration(2.4), readable([1] * 1204)) == (
        "2,5",
        "2,4 s",
        "1.204 items",
    )
    assert locales.moment(AT + timedelta(hours=5)) == "21.11.2026, 14:00:00 UTC"
    assert locales.day_and_time(AT) == "21. Nov., 09:00"


async def test_a_page_is_written_for_the_reader_who_requests_it(served: Served) -> None:
    title = 'title="21.11.2026, '
    served.room.all_succeed()
    await served.room.hermes.jobs.start_connections(served.room.site.id, "tests")
    path = f"/sites/{served.room.site.id}/integrations"
    for header, expected in (("de", True), ("en", False), ("de", True)):
        async with served.http.get(path, headers={"Accept-Language": header}) as answer:
            assert "Accept-Language" in answer.headers["Vary"]
            assert (title in await answer.text()) == expected
