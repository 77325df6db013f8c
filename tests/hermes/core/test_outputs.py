"""Finding the promised outputs in a finished answer: wrappers, names, units, made-up data."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes.core.catalog import Output, Service
from hermes.core.contracts.reading import squashed
from hermes.core.truth.asked import Asked
from hermes.core.truth.markers import MarkerData, may_be_marked
from hermes.core.truth.outputs import Delivered, deliver
from hermes.core.truth.verdicts import Verdict, judge
from hermes_base.data_files import load
from hermes_base.reasons import PROVIDER_MAY_CAUSE, WORKER_MAY_SAY, Failure, Reason


def output(slug: str, type_: Any = "number", unit: str = "", **more: Any) -> Output:
    return Output(slug=slug, label=slug.upper(), type=type_, unit=unit, **more)


def service(*outputs: Output) -> Service:
    return Service(
        slug="some_worker", name="Some", category="c", purpose="p", state="built", secret="S",
        expected_outputs=tuple(o.slug for o in outputs), outputs=outputs,
    )  # fmt: skip


VITALS = service(
    output("lcp", unit="ms", aliases=("largest_contentful_paint", "lcp_ms")),
    output("performance_score", unit="0-100", aliases=("lighthouseScore",)),
    output("regressions", "list"),
)
PAGES = service(output("pages_crawled"), output("page_list", "list", aliases=("pages",)))


def found(of: Service, document: dict[str, Any], *, demo_site: bool = False) -> Delivered:
    return deliver(of, document, Asked(demo_site=demo_site))


def values(of: Service, document: dict[str, Any]) -> dict[str, Any]:
    return found(of, document).values


def one(output_: Output, value: Any, name: str | None = None) -> Any:
    """The value of a single output, or the reason why it does not count."""
    delivered = found(service(output_), {"result": {name or output_.slug: value}})
    if output_.slug in delivered.values:
        return delivered.values[output_.slug]
    return delivered.missing[output_.slug].reason


# ---- wrappers and names

WRAPS: list[Callable[[Any], dict[str, Any]]] = [
    lambda x: x,
    lambda x: {"data": x},
    lambda x: {"data": {"data": x}},
    lambda x: {"result": x},
    lambda x: {"results": x},
    lambda x: {"outputs": x},
    lambda x: {"result": {"outputs": x}},
    lambda x: {"data": {"outputs": x}},
    lambda x: {"data": {"results": x}},
    lambda x: {"data": {"result": {"outputs": x}}},
    lambda x: {"reportJson": x},
    lambda x: {"data": {"reportJson": x}},
    lambda x: {"report_json": x},
    lambda x: {"report": x},
    lambda x: {"latest": [x]},
    lambda x: {"data": {"latest": [x]}},
    lambda x: {"pages": [x, {"lcp": 9}]},
]


@pytest.mark.parametrize("wrap", WRAPS)
def test_outputs_are_found_in_every_wrapper(wrap: Any) -> None:
    document = {"status": "done", **wrap({"lcp": 1200, "performance_score": 91, "regressions": []})}
    expected = {"lcp": 1200, "performance_score": 91, "regressions": []}
    assert values(VITALS, document) == expected


@pytest.mark.parametrize(
    "name",
    ["pages_crawled", "pagesCrawled", "PagesCrawled", "pages-crawled", "PAGES_CRAWLED",
     "Pages crawled"],
)  # fmt: skip
def test_a_slug_is_known_in_every_case(name: str) -> None:
    assert values(PAGES, {"result": {name: 12}}) == {"pages_crawled": 12}


@pytest.mark.parametrize("name", ["largestContentfulPaint", "LARGEST_CONTENTFUL_PAINT", "lcpMs"])
def test_an_alias_is_known_in_every_case(name: str) -> None:
    assert values(VITALS, {"data": {name: 1200}}) == {"lcp": 1200}


def test_a_name_that_only_resembles_is_another_name() -> None:
    assert values(PAGES, {"result": {"pages_crawled_yesterday": 12, "crawled": 3}}) == {}


def test_the_most_specific_place_wins_and_null_is_no_value() -> None:
    document = {"lcp": 1, "data": {"lcp": 2}, "result": {"lcp": 3, "outputs": {"lcp": None}}}
    assert values(VITALS, document) == {"lcp": 3}


def test_the_exact_name_wins_over_one_that_is_alike() -> None:
    assert values(PAGES, {"result": {"pagesCrawled": 1, "pages_crawled": 2}}) == (
        {"pages_crawled": 2}
    )


def test_a_wrapper_that_is_an_output_of_the_service_is_an_output() -> None:
    """`pages` of a crawler are its pages; the first of them must not answer for the whole site."""
    document = {"pages": [{"pages_crawled": 1, "url": "/"}]}
    assert values(PAGES, document) == {"page_list": document["pages"]}


def test_what_was_read_from_the_first_of_several_rows_says_so() -> None:
    delivered = found(VITALS, {"pages": [{"lcp": 1200}, {"lcp": 9000}]})
    assert delivered.values == {"lcp": 1200}
    assert "first of several rows" in delivered.notes["lcp"]
    assert found(VITALS, {"lcp": 5, "pages": [{"lcp": 1200}]}).notes == {}


@pytest.mark.parametrize(
    "document",
    [
        {"outputs": ["lcp", "regressions"]},
        {"outputs": {"lcp": True, "regressions": True, "performance_score": False}},
        {"available_outputs": ["lcp", "regressions"]},
        {"result": {"actualOutputs": ["LCP", "regressions"]}},
        {"data": {"availableOutputs": ["lcp", "Regressions", 7, None]}},
    ],
)
def test_outputs_that_are_only_listed_are_claims(document: dict[str, Any]) -> None:
    delivered = found(VITALS, document)
    ends = {slug: why.end for slug, why in delivered.missing.items()}
    assert ends == {"lcp": "claimed", "performance_score": "missing", "regressions": "claimed"}
    assert delivered.missing["lcp"].reason == "claimed_only"


def test_a_worker_is_taken_at_its_word_where_that_is_said() -> None:
    document = {"outputs": ["lcp"]}
    by_catalog = found(service(output("lcp", accept_claim=True)), document)
    by_secret = deliver(VITALS, document, Asked(claims=frozenset({"lcp"})))
    for delivered in (by_catalog, by_secret):
        assert delivered.values == {"lcp": True}
        assert [doubt.rule for doubt in delivered.doubts["lcp"]] == ["accept_claim"]


def test_a_value_says_more_than_a_claim() -> None:
    assert values(VITALS, {"outputs": ["lcp"], "data": {"lcp": 1200}}) == {"lcp": 1200}


# ---- what counts


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("number", 0), ("number", 0.0), ("number", "12.5"), ("number", []), ("number", [1, 2]),
        ("number", {"count": 0, "complete": False}), ("number", {"items": []}),
        ("list", []), ("list", [1]), ("list", {}), ("list", {"items": []}),
        ("object", {}), ("object", []), ("text", "en"), ("flag", True), ("flag", {"sent": 1}),
        ("number", "1_000"), ("flag", "true"),
    ],
)  # fmt: skip
def test_zero_and_empty_are_honest_answers(type_: str, value: Any) -> None:
    delivered = found(service(output("x_y", type_)), {"result": {"x_y": value}})
    assert "x_y" in delivered.values
    assert delivered.missing == {}


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        ("number", None, "outputs_missing"),
        ("number", False, "outputs_missing"),
        ("flag", False, "outputs_missing"),
        ("list", {"error": "no key"}, "worker_failed"),
        ("list", {"ok": False, "error": {"code": "E"}, "message": "m"}, "worker_failed"),
        ("number", "n/a", "malformed_reply"),
        ("number", "", "malformed_reply"),
        ("number", "nan", "malformed_reply"),
        ("number", {"foo": 1}, "malformed_reply"),
        ("number", {"value": None}, "malformed_reply"),
        ("number", {}, "malformed_reply"),
        ("number", 10**400, "malformed_reply"),
        ("list", 0, "claimed_only"),
        ("list", "12", "claimed_only"),
        ("list", {"count": 12}, "claimed_only"),
        ("object", True, "claimed_only"),
        ("list", "none", "malformed_reply"),
        ("object", "x", "malformed_reply"),
        ("object", 3, "malformed_reply"),
        ("text", "  ", "malformed_reply"),
        ("text", 3, "malformed_reply"),
        ("flag", "yes", "malformed_reply"),
    ],
)
def test_absent_values_errors_and_other_types_do_not_count(
    type_: str, value: Any, reason: str
) -> None:
    assert one(output("x_y", type_), value) == reason


@pytest.mark.parametrize(
    ("type_", "empty", "full"),
    [("number", 0, 1), ("number", {"value": 0}, {"value": 2}), ("list", [], [1]),
     ("list", {"count": 0, "items": []}, {"count": 1, "items": [1]}), ("object", {}, {"a": 1})],
)  # fmt: skip
def test_an_output_may_declare_that_empty_does_not_count(type_: str, empty: Any, full: Any) -> None:
    strict = output("x_y", type_, must_not_be_empty=True)
    assert one(strict, empty) == "outputs_missing"
    assert one(strict, full) not in tuple(Reason)


@pytest.mark.parametrize(
    "value",
    [
        {"error": "one of 9 pages timed out", "pages": 8},
        {"error": None, "status": "ok", "score": 7},
        {"error": "late", "count": 0, "items": []},
    ],
)
def test_a_value_that_has_an_error_beside_real_fields_counts(value: dict[str, Any]) -> None:
    assert one(output("x_y", "object"), value) == value


def test_the_worker_explains_what_is_missing_in_its_own_words() -> None:
    missing = {
        "lcp": {"reason": "no_browser", "message": "Install Chromium."},
        "performance_score": {"code": "internal", "message": "Not a worker's to say."},
        "regressions": {"code": "dns", "message": "Host gone."},
    }
    explained = found(VITALS, {"result": {"outputs": {}, "missing": missing}}).missing
    told = {slug: (e.reason, e.message) for slug, e in explained.items()}
    assert told == {
        "lcp": ("no_browser", "Install Chromium."),
        "performance_score": ("outputs_missing", "internal: Not a worker's to say."),
        "regressions": ("dns", "Host gone."),
    }


def test_an_explanation_does_not_take_away_what_arrived() -> None:
    document = {"result": {"outputs": {"lcp": 3}, "missing": {"lcp": "not there"}}}
    assert found(VITALS, document).values == {"lcp": 3}


# ---- units


@pytest.mark.parametrize(
    ("unit", "name", "value", "expected"),
    [
        ("ms", "lcp", 1200, 1200),
        ("ms", "lcp", "1200", 1200),
        ("ms", "lcp_s", 1.2, 1200),
        ("ms", "lcpSeconds", 1.2, 1200),
        ("ms", "lcp_seconds", "1.2", 1200),
        ("ms", "lcp_ms", 1200, 1200),
        ("ms", "lcp", "1.2 s", 1200),
        ("ms", "lcp", "1200ms", 1200),
        ("ms", "lcp", {"value": 1.2, "unit": "s"}, 1200),
        ("ms", "lcp_s", {"value": 1200, "unit": "ms"}, 1200),
        ("s", "lcp", "2500 ms", 2.5),
        ("s", "lcp_ms", 2500, 2.5),
        ("s", "lcp", 2.5, 2.5),
        ("0-1", "lcp", 0.03, 0.03),
        ("0-1", "lcp", 1, 1),
        ("0-1", "lcp", "0.5%", 0.005),
        ("0-1", "lcp_percent", 0.5, 0.005),
        ("0-1", "lcpPct", 35, 0.35),
        ("0-1", "lcp", {"value": 0.5, "unit": "percent"}, 0.005),
        ("0-1", "lcp", {"value": 7, "max": 100}, 0.07),
        ("0-100", "lcp", 87, 87),
        ("0-100", "lcp", "87%", 87),
        ("0-100", "lcp_ratio", 0.87, 87),
        ("0-100", "lcpFraction", 1, 100),
        ("0-100", "lcp", {"score": 0.87, "unit": "ratio"}, 87),
        ("0-100", "lcp", {"score": 0.87, "max": 1}, 87),
        ("0-100", "lcp", 0.87, 0.87),
        ("clicks", "lcp", 12, 12),
        ("clicks", "lcp", {"value": 12}, 12),
    ],
)
def test_numbers_arrive_in_the_unit_of_the_catalog(
    unit: str, name: str, value: Any, expected: float
) -> None:
    assert one(output("lcp", unit=unit), value, name) == expected


@pytest.mark.parametrize(
    ("words", "unit", "value", "expected"),
    [
        ("s sec secs second seconds", "ms", 1.2, 1200),
        ("ms millis msec millisecond milliseconds", "s", 1200, 1.2),
        ("percent pct percentage", "0-1", 0.5, 0.005),
        ("ratio fraction", "0-100", 0.5, 50),
    ],
)
def test_a_unit_is_known_by_every_word(
    words: str, unit: str, value: float, expected: float
) -> None:
    for word in words.split():
        told = output("x_y", unit=unit)
        assert one(told, value, f"x_y_{word}") == expected, word
        assert one(told, f"{value} {word.upper()}") == expected, word
        for name in ("unit", "units"):
            assert one(told, {"value": value, name: word.title()}) == expected, word


@pytest.mark.parametrize("name", ["max", "out_of", "outOf", "scale"])
def test_a_score_may_name_its_scale(name: str) -> None:
    assert one(output("x_y", unit="0-100"), {"score": 0.5, name: 1}) == 50
    assert one(output("x_y", unit="0-1"), {"total": 5, name: 100}) == 0.05
    assert one(output("x_y", unit="0-100"), {"value": 5, name: 7}) == 5


@pytest.mark.parametrize(
    ("unit", "value", "doubt"),
    [
        ("0-100", 0.87, "may be on a 0-1 scale"),
        ("0-100", 1, "may be on a 0-1 scale"),
        ("ms", "1.2 s", "Returned as 1.2 in s"),
        ("0-100", 0, ""),
        ("0-100", 1.5, ""),
        ("0-100", 87, ""),
        ("0-1", 0.5, ""),
        ("ms", 1.2, ""),
    ],
)
def test_a_value_that_was_converted_or_is_in_doubt_is_never_silent(
    unit: str, value: Any, doubt: str
) -> None:
    notes = found(service(output("x_y", unit=unit)), {"x_y": value}).notes
    assert (doubt in notes["x_y"]) if doubt else (notes == {})


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        ("0-1", 250, "outside 0-1"),
        ("0-1", 35, "outside 0-1"),
        ("0-1", 1.7, "outside 0-1"),
        ("0-1", 100.5, "outside 0-1"),
        ("0-100", 100.5, "outside 0-100"),
        ("0-1", -0.1, "outside 0-1"),
        ("0-100", 140, "outside 0-100"),
        ("0-100", -1, "outside 0-100"),
        ("0-100", {"value": 3, "unit": "ratio"}, "outside 0-100"),
        ("ms", "40%", "Returned in 0-100; expected in ms"),
        ("0-1", "3 s", "Returned in s; expected in 0-1"),
    ],
)
def test_a_number_that_cannot_be_meant_does_not_count(unit: str, value: Any, words: str) -> None:
    missing = found(service(output("x_y", unit=unit)), {"x_y": value}).missing["x_y"]
    assert missing.reason == ("implausible" if "outside" in words else "malformed_reply")
    assert (missing.end, missing.rule) == ("refuted", "unit")
    assert words in missing.message


# ---- made-up data and provenance


MADE_UP = ("mock", "fake", "dummy", "sample", "stub", "placeholder", " Mock ")
MARKS: list[dict[str, Any]] = [
    *({"provider": word} for word in MADE_UP),
    {"mock": True}, {"isMock": True}, {"is_sample": True}, {"is_placeholder": True},
    {"isRealData": False}, {"is_real_data": False},
    {"isSample": True}, {"isPlaceholder": True}, {"is_mock": True},
]  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("wrap", WRAPS)
def test_made_up_data_is_refused_in_every_wrapper(wrap: Any, mark: dict[str, Any]) -> None:
    refused = deliver(VITALS, wrap({"lcp": 1200, **mark}), Asked(demo_site=True))
    assert refused.values == {}
    name, value = next(iter(mark.items()))
    shown = str(value).lower() if isinstance(value, bool) else value
    assert refused.missing["lcp"].reason is Reason.MADE_UP
    assert f"marked as made up ({name}: {shown})." in refused.missing["lcp"].message


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("place", [("meta",), ("data", "metadata"), ("_meta",)])
def test_a_mark_in_the_metadata_refuses_the_answer(
    place: tuple[str, ...], mark: dict[str, Any]
) -> None:
    inner = mark
    for name in reversed(place):
        inner = {name: inner}
    refused = deliver(VITALS, {"lcp": 1, **inner})
    assert (refused.values, refused.missing["lcp"].reason) == ({}, Reason.MADE_UP)


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_in_a_value_refuses_that_output_only(mark: dict[str, Any]) -> None:
    for rows in ([{"a": 1}, {"b": 1, **mark}], {"items": [mark]}, {"x": 1, **mark}):
        delivered = found(VITALS, {"result": {"lcp": 1200, "regressions": rows}})
        assert delivered.values == {"lcp": 1200}
        assert delivered.missing["regressions"].reason == "made_up"


def test_the_search_for_words_of_marks_misses_none_of_them() -> None:
    """Only an answer that holds one of the stems is looked at more closely."""
    table = load("hermes.core.truth.markers", "markers.toml", MarkerData)
    flags = [{name: True} for name in table.true_says_so]
    flags += [{name: False} for name in table.false_says_so]
    flags += [{squashed(name): True} for name in table.true_says_so]
    names = [{"provider": word} for word in (*table.words, *table.whole)]
    people = [{"name": word} for word in table.nobody]
    assert not [each for each in (*flags, *names, *people) if not may_be_marked(each)]
    assert not may_be_marked({"lcp": 1200, "regressions": [{"metric": "lcp", "url": "/prices"}]})


@pytest.mark.parametrize(
    "unmarked",
    [{"provider": "serpapi"}, {"isRealData": True}, {"isSample": False}, {"isRealData": None},
     {"isRealData": 0}, {"isSample": "no"}, {"mock": 1}],
)  # fmt: skip
def test_what_is_no_mark_is_not_refused(unmarked: dict[str, Any]) -> None:
    assert found(VITALS, {"result": {"lcp": 1200, **unmarked}}).values == {"lcp": 1200}


@pytest.mark.parametrize(
    "document",
    [
        {"result": {"outputs": {"lcp": 3}, "provenance": {"lcp": "provider"}}},
        {"result": {"outputs": {"lcp": 3}, "provenance": "provider"}},
        {"data": {"lcp": {"value": 3, "provenance": "Provider"}}},
    ],
)
def test_provenance_is_kept(document: dict[str, Any]) -> None:
    assert found(VITALS, document).provenance == {"lcp": "provider"}


@pytest.mark.parametrize("word", ["measured", "provider", "imported", "generated"])
def test_every_word_of_provenance_is_kept_for_any_site(word: str) -> None:
    told = {"result": {"outputs": {"lcp": 3}, "provenance": {"lcp": word}}}
    assert found(VITALS, told).provenance == {"lcp": word}


def test_a_word_of_provenance_that_nobody_knows_is_shown_as_the_worker_gave_it() -> None:
    told = {"outputs": {"lcp": 3}, "provenance": {"lcp": "Estimated from logs"}}
    assert found(VITALS, {"result": told}).provenance == {"lcp": "estimated from logs"}


@pytest.mark.parametrize("word", ["mock", "synthetic", "demo", "hard-coded", "Simulated"])
def test_a_word_of_provenance_for_made_up_data_refutes(word: str) -> None:
    told = {"result": {"outputs": {"lcp": 3}, "provenance": {"lcp": word}}}
    refused = found(VITALS, told, demo_site=True)
    assert (refused.values, refused.missing["lcp"].reason) == ({}, "made_up")


@pytest.mark.parametrize("word", ["", 7, None, {"kind": "measured"}])
@pytest.mark.parametrize("name", ["provenance", "source", "origin"])
def test_what_is_no_word_of_provenance_is_ignored(name: str, word: Any) -> None:
    told = {"outputs": {"lcp": 3}, name: {"lcp": word}}
    assert found(VITALS, {"result": told}).provenance == {}


@pytest.mark.parametrize("said", [{"lcp": "sample"}, "sample"])
def test_sample_data_counts_for_the_demo_site_only(said: Any) -> None:
    document = {"result": {"outputs": {"lcp": 3}, "provenance": said}}
    assert found(VITALS, document, demo_site=True).values == {"lcp": 3}
    refused = found(VITALS, document, demo_site=False)
    assert refused.values == {}
    assert refused.missing["lcp"].reason == "sample_data_refused"


def test_metrics_are_kept() -> None:
    assert found(VITALS, {"result": {"metrics": {"seconds": 3}}}).metrics == {"seconds": 3}
    assert found(VITALS, {"data": {"metrics": [1]}}).metrics == {}


# ---- verdicts


@pytest.mark.parametrize(
    ("outputs", "outcome", "reason"),
    [
        ({"lcp": 0, "performance_score": 0, "regressions": []}, "success", None),
        ({"lcp": 0}, "partial", "outputs_missing"),
        ({}, "failed", "no_outputs"),
        ({"ok": True, "service": "x", "version": "1", "time": 3}, "failed", "no_outputs"),
    ],
)
def test_a_run_is_judged_by_its_outputs(
    outputs: dict[str, Any], outcome: str, reason: str | None
) -> None:
    expected = VITALS.expected_outputs
    verdict = judge(VITALS, expected, {"result": {"outputs": outputs}}, Asked(demo_site=False))
    assert verdict.outcome == outcome
    assert (verdict.failure.reason if verdict.failure else None) == reason
    assert sorted((*verdict.actual, *verdict.missing)) == sorted(expected)


def without_outputs(reasons: dict[str, str]) -> Verdict:
    """The verdict over an answer that explains what is missing, by output."""
    why = {slug: {"reason": reason, "message": "because"} for slug, reason in reasons.items()}
    document = {"result": {"missing": why}}
    return judge(VITALS, VITALS.expected_outputs, document, Asked(demo_site=False))


@pytest.mark.parametrize("reason", sorted(WORKER_MAY_SAY - {"outputs_missing"}))
def test_when_all_is_missing_for_one_reason_that_is_the_reason(reason: str) -> None:
    verdict = without_outputs(dict.fromkeys(VITALS.expected_outputs, reason))
    assert verdict.failure == Failure(Reason(reason), "because")


@pytest.mark.parametrize(
    "reason", sorted(PROVIDER_MAY_CAUSE - WORKER_MAY_SAY - {"malformed_reply"})
)
def test_trouble_on_a_workers_own_way_does_not_read_as_ours_with_the_worker(reason: str) -> None:
    verdict = without_outputs(dict.fromkeys(VITALS.expected_outputs, reason))
    assert verdict.failure == Failure(Reason.WORKER_FAILED, "because")
    assert {each.reason for each in verdict.explanations.values()} == {reason}, (
        "kept as it was said"
    )


def test_different_reasons_make_no_reason_of_the_run() -> None:
    verdict = without_outputs(
        {"lcp": "quota_exceeded", "performance_score": "rate_limited", "regressions": "no_browser"}
    )
    assert verdict.failure is not None
    assert verdict.failure.reason is Reason.NO_OUTPUTS
    assert {slug: each.reason for slug, each in verdict.explanations.items()} == {
        "lcp": "quota_exceeded", "performance_score": "rate_limited", "regressions": "no_browser",
    }  # fmt: skip


def test_missing_outputs_are_named_by_their_labels() -> None:
    verdict = judge(VITALS, VITALS.expected_outputs, {"lcp": 1}, Asked(demo_site=False))
    assert verdict.failure is not None
    assert verdict.failure.detail == "Missing: PERFORMANCE_SCORE, REGRESSIONS."


# ---- laws


NAMES = """
    lcp lcp_s LCP largestContentfulPaint performance_score performance_score_ratio regressions
    result results outputs data report reportJson latest pages meta provenance missing metrics
    available_outputs provider isRealData isSample error count items value unit
"""
FIELDS = st.sampled_from(NAMES.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6) | st.sampled_from(["lcp", "mock", "sample", "0.5%", "3 s"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=5),
    max_leaves=15,
)  # fmt: skip
DOCUMENTS = st.dictionaries(FIELDS, JSON, max_size=7)


@given(DOCUMENTS, st.booleans())
def test_every_answer_is_judged_and_what_is_promised_is_there_or_explained(
    document: dict[str, Any], demo: bool
) -> None:
    delivered = deliver(VITALS, document, Asked(demo_site=demo))
    assert delivered.values.keys() | delivered.missing.keys() == set(VITALS.expected_outputs)
    assert not delivered.values.keys() & delivered.missing.keys()
    assert delivered.notes.keys() <= delivered.values.keys()
    assert {e.reason for e in delivered.missing.values()} <= set(Reason)
    json.dumps(delivered.values, allow_nan=False)


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: reordered(value[name]) for name in reversed(list(value))}
    return [reordered(inner) for inner in value] if isinstance(value, list) else value


@given(DOCUMENTS)
def test_the_order_of_fields_means_nothing(document: dict[str, Any]) -> None:
    assert unquoted(deliver(VITALS, document)) == unquoted(deliver(VITALS, reordered(document)))


def unquoted(told: Delivered) -> Delivered:
    """Without its quotes: they keep the order in which the worker wrote."""
    missing = {slug: replace(why, shows="") for slug, why in told.missing.items()}
    doubts = {slug: [replace(d, shows="") for d in ds] for slug, ds in told.doubts.items()}
    return replace(told, missing=missing, doubts=doubts)


@given(st.floats(0, 1, exclude_min=True))
def test_a_ratio_given_as_percent_and_back_is_the_same(ratio: float) -> None:
    percent = one(output("x_y", unit="0-100"), ratio, "x_y_ratio")
    assert one(output("x_y", unit="0-1"), percent, "x_y_percent") == pytest.approx(ratio, abs=1e-8)
