"""Keys are taken out by value, in whatever encoding, and nothing else is changed."""

import base64
import html
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from hermes.core.redaction import MASK, redact, redact_bytes

KEY = 'sk-live/+"0123456789<abc>&='
PRINTABLE = st.characters(min_codepoint=33, max_codepoint=126)
KEYS = st.text(PRINTABLE, min_size=8, max_size=40).filter(lambda key: key not in MASK)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=10,
)


def basic(user: str, key: str) -> str:
    return base64.b64encode(f"{user}:{key}".encode()).decode()


def encodings(key: str) -> list[str]:
    in_base64 = [
        base64.b64encode(key.encode()).decode(),
        base64.urlsafe_b64encode(key.encode()).decode().rstrip("="),
        *(basic("u" * length, key) for length in range(4)),
        base64.urlsafe_b64encode(f"me:{key}:more".encode()).decode(),
    ]
    return [key, quote(key, safe=""), quote(key), quote_plus(key), html.escape(key), *in_base64]


@pytest.mark.parametrize("written", encodings(KEY))
def test_a_key_is_masked_in_every_encoding(written: str) -> None:
    found = redact({"said": f"your key is {written}, thanks"}, [KEY])
    assert found == {"said": f"your key is {MASK}, thanks"}


@pytest.mark.parametrize("written", encodings(KEY))
def test_the_body_of_an_answer_is_masked_before_it_is_read(written: str) -> None:
    body = json.dumps({"said": f"key {written}!", "n": 1}).encode()
    assert json.loads(redact_bytes(body, [KEY])) == {"said": f"key {MASK}!", "n": 1}


def test_lower_case_percent_signs_are_the_same() -> None:
    written = quote(KEY, safe="").replace("%2F", "%2f").replace("%2B", "%2b")
    lower = "".join(c.lower() if written[max(0, i - 2) : i].count("%") else c
                    for i, c in enumerate(written))  # fmt: skip
    assert redact(lower, [KEY]) == MASK


def test_names_of_fields_and_nested_values_are_masked() -> None:
    given_ = {KEY: [{"deep": (f"x{KEY}", 1)}]}
    assert redact(given_, [KEY]) == {MASK: [{"deep": [f"x{MASK}", 1]}]}


def test_a_text_cut_off_after_the_masking_shows_no_part_of_the_key() -> None:
    body = b"x" * 195 + KEY.encode()
    assert KEY[:4].encode() not in redact_bytes(body, [KEY])[:200]


@pytest.mark.parametrize("secrets", [[], [""], ["ab"], ["12345"]])
def test_very_short_secrets_are_left_alone(secrets: list[str]) -> None:
    value = {"ab": "ab 12345"}
    assert redact(value, secrets) is value
    assert redact_bytes(b"ab 12345", secrets) == b"ab 12345"


def test_a_key_of_six_characters_is_long_enough_to_be_masked() -> None:
    assert redact({"said": "s3cr3t!"}, ["s3cr3t"]) == {"said": f"{MASK}!"}
    assert redact_bytes(b"s3cr3t!", ["s3cr3t"]) == f"{MASK}!".encode()


def test_both_keys_of_a_worker_are_masked() -> None:
    assert redact("one-key-11 two-key-22", ["one-key-11", "two-key-22"]) == f"{MASK} {MASK}"


def test_a_key_that_holds_another_is_masked_whole() -> None:
    assert redact("abcdef-abcdef-long", ["abcdef", "abcdef-abcdef-long"]) == MASK


def test_a_key_of_digits_alone_does_not_break_the_figures_of_an_answer() -> None:
    body = b'{"clicks": 12345678}'
    assert redact_bytes(body, ["12345678"]) == body
    assert redact({"clicks": 12345678, "k": "12345678"}, ["12345678"]) == (
        {"clicks": 12345678, "k": MASK}
    )


def test_bytes_that_are_no_text_survive() -> None:
    body = b"\xff\xfe" + KEY.encode() + b"\x00\x80"
    assert redact_bytes(body, [KEY]) == b"\xff\xfe" + MASK.encode() + b"\x00\x80"


@pytest.mark.parametrize("value", [{"n": 10**30, "k": KEY}, {"s": "\ud800", "k": KEY}])
def test_values_that_are_hard_to_write_are_masked_too(value: dict[str, Any]) -> None:
    assert redact(value, [KEY]) == {**value, "k": MASK}


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, names of fields too. Figures hide no key: those of an answer stay."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for item in value.items() for each in item for text in texts(each))
    elif isinstance(value, list):
        yield from (text for each in value for text in texts(each))


@given(JSON, KEYS, st.integers(0, 9), st.text(max_size=10), st.text(max_size=10))
@example(312500000000, "00000000", 0, "", "")  # a figure that holds a key of digits
def test_no_encoding_of_a_key_is_left(
    value: Any, key: str, which: int, before: str, after: str
) -> None:
    written = encodings(key)[which]
    found = redact([value, f"{before} {written} {after}", {written: value}], [key])
    left = list(texts(found))
    assert [name for name in found[2] if MASK in name], "it was masked, not dropped"
    assert MASK in found[1]
    for form in (key, written):
        assert not [text for text in left if form in text]


@given(JSON, KEYS)
def test_values_without_the_key_stay_as_they_are(value: Any, key: str) -> None:
    text = json.dumps(value, ensure_ascii=False)
    forms = [
        *encodings(key),
        *(json.dumps(form, ensure_ascii=False)[1:-1] for form in encodings(key)),
    ]
    assume(not any(form in text for form in forms))
    assert redact(value, [key]) == value
    body = text.encode("utf-8", "replace")
    assert redact_bytes(body, [key]) is body


@given(KEYS, st.text(max_size=30), st.text(max_size=30))
def test_masking_again_changes_nothing(key: str, before: str, after: str) -> None:
    once = redact(f"{before}{key}{after}", [key])
    assume(key not in once)
    assert redact(once, [key]) == once
