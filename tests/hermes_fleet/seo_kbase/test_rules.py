"""Findings read from outputs of other workers, and advice chosen for them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from hermes.storage.knowledge import shipped
from hermes_fleet.content_qa.rulebook import rulebook
from hermes_fleet.crawl_render import canonicals
from hermes_fleet.hermes_api import EarlierRun
from hermes_fleet.seo_kbase import advice
from hermes_fleet.seo_kbase.findings import KEYS, READERS
from hermes_fleet.seo_kbase.findings.crawl import CANONICALS
from hermes_fleet.seo_kbase.findings.finding import Finding
from hermes_fleet.seo_kbase.history import Seen
from hermes_fleet.seo_kbase.library import Document, Entry

ALL_KEYS = KEYS | {f"content_qa.violations.{rule.id}" for rule in rulebook().rules}
WIDE = {key.rpartition(".")[0] for key in ALL_KEYS if key.count(".") > 1}


def found(service: str, outputs: dict[str, Any]) -> dict[str, Finding]:
    return {finding.key: finding for finding in READERS[service](outputs)}


def listed(*items: Any, **more: Any) -> dict[str, Any]:
    return {"count": len(items), "items": list(items), "complete": True, **more}


def test_every_entry_applies_to_findings_that_there_are() -> None:
    named = {key for entry in shipped().entries for key in entry.applies_to}
    assert named - ALL_KEYS - WIDE == set()


def test_every_finding_that_there_is_has_advice() -> None:
    named = {key for entry in shipped().entries for key in entry.applies_to}
    unanswered = {
        key for key in ALL_KEYS if key not in named and key.rpartition(".")[0] not in named
    }
    assert unanswered == set()


def test_every_kind_of_canonical_error_of_the_crawler_is_known() -> None:
    source = canonicals.__loader__.get_source(canonicals.__name__)  # type: ignore[union-attr]
    assert all(f'"{kind}"' in source or f"to_{kind}" in source for kind in CANONICALS)


META = {
    "counts": {"missing_title": 1, "multiple_h1": 2, "long_title": 0},
    "items": [
        {"url": "u1", "title": "", "h1": ["a", "b"]},
        {"url": "u2", "title": "t", "h1": ["a", "b"]},
    ],
}
CRAWL = {
    "pages_crawled": 10,
    "indexable_pages": 7,
    "meta_tags": META,
    "canonical_errors": listed(
        {"url": "u1", "type": "multiple"},
        {"url": "u2", "type": "multiple"},
        {"url": "u3", "type": "to_redirect"},
        {"url": "u4", "type": "of tomorrow"},
    ),
    "non_200_urls": listed(
        {"url": "a", "status": 404},
        {"url": "b", "status": 410},
        {"url": "c", "status": 500},
        {"url": "d", "status": 0},
        {"url": "e", "status": 301},
        {"url": "f", "status": 403},
        {"url": "g", "status": 429},
    ),
    "redirect_chains": listed({"start": "s1", "loop": True}, {"start": "s2", "loop": False}),
    "orphan_pages": listed("o1", "o2"),
    "render_failures": listed({"url": "r1", "reason": "x"}),
}


def test_a_crawl_is_read_by_kind_with_its_places() -> None:
    there = found("crawl_render", CRAWL)
    figures = {key.removeprefix("crawl_render."): each.figure for key, each in there.items()}
    assert figures == {
        "meta_tags.missing_title": 1,
        "meta_tags.multiple_h1": 2,
        "canonical_errors.multiple": 2,
        "canonical_errors.to_redirect": 1,
        "non_200_urls.not_found": 2,
        "non_200_urls.server_error": 1,
        "non_200_urls.unreachable": 1,
        "non_200_urls.redirect": 1,
        "non_200_urls.forbidden": 1,
        "non_200_urls.rate_limited": 1,
        "redirect_chains.loop": 1,
        "redirect_chains.chain": 1,
        "orphan_pages": 2,
        "render_failures": 1,
        "indexable_pages": 3,
    }
    assert there["crawl_render.meta_tags.missing_title"].places == ("u1",)
    assert there["crawl_render.orphan_pages"].places == ("o1", "o2")
    assert there["crawl_render.redirect_chains.loop"].severity == "critical"
    assert "3 of 10 pages" in there["crawl_render.indexable_pages"].message


SERVICES: list[tuple[str, dict[str, Any], dict[str, tuple[float, str]]]] = [
    (
        "core_web_vitals",
        {"lcp": 2600, "cls": 0.3, "inp": 200, "performance_score": 49, "regressions": listed({"url": "u"})},
        {
            "lcp": (2600, "major"),
            "cls": (0.3, "critical"),
            "performance_score": (49, "major"),
            "regressions": (1, "major"),
        },
    ),
    ("core_web_vitals", {"lcp": 2500, "cls": 0.1, "inp": 200, "performance_score": 90}, {}),
    (
        "content_qa",
        {"violations": listed({"rule": "title_missing", "severity": "critical", "url": "u"},
                              {"rule": "title_missing", "severity": "critical", "url": "v"})},
        {"violations.title_missing": (2, "critical")},
    ),
    (
        "backlink_authority",
        {"lost_links": listed({"source": "s", "target": "t"}), "link_velocity": -0.4},
        {"lost_links": (1, "major"), "link_velocity": (-0.4, "minor")},
    ),
    ("backlink_authority", {"lost_links": listed(), "link_velocity": 0.0}, {}),
    (
        "content_decay",
        {"decay_signals": listed({"page": "p"}), "refresh_candidates": [], "competitor_replacement": listed()},
        {"decay_signals": (1, "major")},
    ),
    (
        "serp_intel",
        {"serp_rank_snapshots": listed({"rank_group": None}, {"rank_group": 14, "url": "u"}, {"rank_group": 3})},
        {"serp_rank_snapshots.not_found": (1, "major"), "serp_rank_snapshots.below_ten": (1, "minor")},
    ),
    (
        "google_data_connector",
        {"gsc_impressions": 0, "gsc_position": 12.25, "ga4_conversions": 0},
        {"gsc_impressions": (0, "critical"), "gsc_position": (12.25, "minor"), "ga4_conversions": (0, "major")},
    ),
    ("google_data_connector", {"gsc_impressions": 5, "gsc_position": 3.0, "ga4_conversions": 2}, {}),
    (
        "competitive_snapshot",
        {"content_structure": {"differences": {
            "missing_sections": [{"url": "u"}], "content_gaps": [], "internal_link_gaps": [],
            "schema_differences": [{"only_theirs": {"FAQPage": 2}}, {"only_theirs": {"FAQPage": 1, "Offer": 1}}],
        }}},
        {"content_structure.missing_sections": (1, "minor"), "content_structure.schema_differences": (2, "minor")},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("service", "outputs", "expected"), SERVICES)
def test_each_service_is_read_with_figure_and_severity(
    service: str, outputs: dict[str, Any], expected: dict[str, tuple[float, str]]
) -> None:
    told = {
        key.removeprefix(f"{service}."): (each.figure, each.severity)
        for key, each in found(service, outputs).items()
    }
    assert told == expected
    assert {f"{service}.{key}" for key in told} <= ALL_KEYS


@pytest.mark.parametrize("service", READERS)
@pytest.mark.parametrize("value", [None, 3, "text", [], {}, [1, "x"], {"items": "x"}, True])
def test_an_output_of_another_form_is_no_finding_and_no_error(service: str, value: Any) -> None:
    every = ["meta_tags", "non_200_urls", "redirect_chains", "canonical_errors", "violations",
             "serp_rank_snapshots", "content_structure"]  # fmt: skip
    assert list(READERS[service](dict.fromkeys(every, value))) == []
    assert list(READERS[service]({})) == []


def entry(name: str, *applies_to: str, evidence: str = "documented") -> Entry:
    document = Document(title="D", url=f"https://example.com/{name}", publisher="P")
    told = {
        "id": name,
        "topic": "T",
        "title": "A title",
        "advice": "A.",
        "why": "W.",
        "tip": "Tip.",
    }
    more = {"howToCheck": "H.", "appliesTo": list(applies_to), "evidence": evidence, "rank": 0.5}
    dated = {"sources": [document], "reviewed": date(2026, 11, 21)}
    return Entry.model_validate({**told, **more, **dated})


def seen(key: str, severity: Any = "major", places: int = 1, worth: str = "measured") -> Seen:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    slug, output = key.split(".")[:2]
    told = {"runId": "r1", "runType": "full", "status": "success", "finishedAt": at}
    more = {"outputs": {}, "provenance": {output: worth}, "artifacts": {}}
    run = EarlierRun.model_validate({**told, **more})
    where = tuple(f"u{n}" for n in range(places))
    return Seen(Finding(key, 7, "7 things", severity, where), slug, run)


def test_an_entry_answers_its_finding_and_every_one_of_its_kind() -> None:
    wide, narrow = entry("wide", "a_b.c_d"), entry("narrow", "a_b.c_d.e_f")
    assert advice.answers(wide, "a_b.c_d.e_f")
    assert advice.answers(narrow, "a_b.c_d.e_f")
    assert not advice.answers(narrow, "a_b.c_d.other")
    assert not advice.answers(wide, "a_b.c_dx")


def test_a_recommendation_has_the_figure_as_its_reason() -> None:
    told = advice.recommendations([seen("a_b.c_d.e_f")], [entry("one", "a_b.c_d")], 5)
    assert told[0]["reason"] == "7 things (a_b, full run of 2026-11-20)."
    assert (told[0]["figure"], told[0]["finding"], told[0]["run_id"]) == (7, "a_b.c_d.e_f", "r1")
    assert told[0]["figure_is"] == "measured"
    assert told[0]["sources"][0]["url"] == "https://example.com/one"


def test_the_most_serious_finding_and_the_strongest_evidence_come_first() -> None:
    entries = [
        entry("usual", "a_b.two", evidence="practice"),
        entry("said", "a_b.two"),
        entry("small", "a_b.one"),
        entry("nobody", "a_b.none"),
    ]
    told = advice.recommendations(
        [seen("a_b.one", "minor"), seen("a_b.two", "critical")], entries, 5
    )
    assert [each["id"] for each in told] == ["said", "usual", "small"]
    assert [each["priority"] for each in told] == ["critical", "critical", "minor"]
    assert len(advice.recommendations([seen("a_b.two")], entries, 1)) == 1


def test_advice_on_a_topic_alone_has_no_reason() -> None:
    told = advice.from_topic([entry("one")], 5)[0]
    assert (told["reason"], told["priority"]) == (None, None)


def test_documents_are_listed_once_with_the_entries_that_name_them() -> None:
    one, other = entry("one"), entry("other")
    same = other.model_copy(update={"sources": one.sources})
    told = advice.documents([one, same])
    assert [(each["url"], each["entries"]) for each in told] == [
        ("https://example.com/one", ["one", "other"])
    ]
