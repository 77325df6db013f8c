"""Codes of authenticator apps, by the examples of RFC 6238."""

from datetime import UTC, datetime

import pytest

from hermes_base.people.totp import (
    address_of,
    code_at,
    readable,
    recovery_codes,
    recovery_digest,
    secret_of,
    step_of,
)

SECRET = b"12345678901234567890"
EXAMPLES = {59: "94287082", 1111111109: "07081804", 1234567890: "89005924", 2000000000: "69279037"}
"""RFC 6238, appendix B, SHA-1: seconds since 1970 and the code of eight digits."""


@pytest.mark.parametrize(("seconds", "code"), EXAMPLES.items())
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // 30) == code[-6:]


def test_a_code_counts_once_and_for_a_step_on_either_side() -> None:
    now = datetime.fromtimestamp(1234567890, UTC)
    step = 1234567890 // 30
    found = {by: step_of(SECRET, code_at(SECRET, step + by), now, 0) for by in (-2, -1, 0, 1, 2)}
    assert found == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}
    assert step_of(SECRET, code_at(SECRET, step), now, step) is None
    assert step_of(SECRET, code_at(SECRET, step - 1), now, step) is None
    assert (
        step_of(SECRET, f" {code_at(SECRET, step)[:3]} {code_at(SECRET, step)[3:]}", now, 0) == step
    )
    assert [step_of(SECRET, wrong, now, 0) for wrong in ("", "12345", "é" * 6, "1" * 500)] == [
        None
    ] * 4


def test_the_secret_needs_both_the_homes_key_and_the_databases_part() -> None:
    secrets = {secret_of(key, nonce) for key in (b"a", b"b") for nonce in (b"1", b"2")}
    assert {len(each) for each in secrets} == {20}
    assert len(secrets) == 4


def test_an_app_is_told_the_secret_as_apps_read_it() -> None:
    assert readable(SECRET).replace(" ", "") == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    told = address_of(SECRET, "ann@example.com")
    assert (
        told
        == "otpauth://totp/Hermes%3Aann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hermes"
    )


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    codes = recovery_codes()
    assert len(set(codes)) == 10
    assert recovery_digest(codes[0]) == recovery_digest(f" {codes[0].upper().replace('-', ' ')}")
