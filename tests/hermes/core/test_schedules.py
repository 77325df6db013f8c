"""Schedules: what a cron expression means in a time zone, and what is wrong with one, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core import schedules
from hermes.core.schedules import ScheduleInput, next_time
from hermes_base.problems import Problem
from hermes_base.typed import typed

SATURDAY = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
crons = st.sampled_from(("* * * * *", "*/15 * * * *", "0 6 * * 1-5", "30 2 * * *", "0 3 29 2 *"))
zones = st.sampled_from(("UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata"))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2034, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def fault_of(field: str, **fields: str) -> str:
    with pytest.raises(Problem) as refused:
        typed(ScheduleInput, {"cron": "0 6 * * *"} | fields)
    assert (refused.value.code, refused.value.field) == ("invalid_request", field)
    return refused.value.message


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("", "needs five fields"),
        ("* * * *", "this has 4"),
        ("0 0 6 * * *", "this has 6"),
        ("@daily", "needs five fields"),
        ("61 * * * *", "'61' does not fit the minute (0-59)"),
        ("0 25 * * *", "'25' does not fit the hour (0-23)"),
        ("0 0 32 * *", "'32' does not fit the day of the month (1-31)"),
        ("0 0 * 13 *", "'13' does not fit the month"),
        ("0 0 * * 8", "'8' does not fit the day of the week"),
        ("0 0 31 2 *", "never matches a real date"),
    ],
)
def test_a_wrong_expression_is_told_with_its_field(cron: str, said: str) -> None:
    assert said in fault_of("cron", cron=cron)


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Base", "../../etc/passwd", "CET+1\n"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    assert "is not a time zone" in fault_of("timeZone", timeZone=zone)


def test_a_mode_and_a_field_that_do_not_exist_are_named() -> None:
    assert "'connection', 'smoke' or 'full'" in fault_of("mode", mode="quick")
    assert "Extra inputs" in fault_of("crno", crno="0 6 * * *")


def test_blanks_between_the_fields_do_not_matter() -> None:
    assert typed(ScheduleInput, {"cron": "  0   6 * *  1-5 "}).cron == "0 6 * * 1-5"


@given(crons, zones, moments)
def test_the_next_time_lies_ahead_and_nothing_lies_between(
    cron: str, zone: str, after: datetime
) -> None:
    due = next_time(cron, zone, after)
    assert due > after
    just_before = due - timedelta(seconds=1)
    assert just_before < after or next_time(cron, zone, just_before) == due


def test_the_clock_of_the_zone_counts_in_winter_and_in_summer() -> None:
    winter = next_time("0 6 * * 1-5", "Europe/Zurich", SATURDAY)
    assert winter == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    summer = next_time("0 6 * * *", "Europe/Zurich", datetime(2026, 7, 1, 12, tzinfo=UTC))
    assert summer == datetime(2026, 7, 2, 4, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_in_autumn_is_one_due_time() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)  # clocks go back on the 25th at 03:00
    first = next_time("30 2 * * *", "Europe/Zurich", before)
    assert next_time("30 2 * * *", "Europe/Zurich", first) - first > timedelta(hours=23)


def test_a_schedule_is_told_in_words() -> None:
    assert schedules.explained("0 6 * * 1-5") == "At 06:00 on Monday through Friday"
    at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    assert schedules.local_time(at, "Europe/Zurich") == "Mon 23 Nov 2026, 06:00 (Europe/Zurich)"


def test_a_moment_typed_on_the_clocks_of_a_zone_is_kept_in_utc() -> None:
    at = schedules.moment("2026-11-23T06:00", "Europe/Zurich")
    assert at == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="Invalid isoformat"):
        schedules.moment("soon", "UTC")
