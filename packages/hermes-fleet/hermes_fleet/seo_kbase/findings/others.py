"""Findings in what the other workers deliver."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, cast

from hermes_fleet.seo_kbase.findings.finding import (
    Finding,
    Outputs,
    Severity,
    count,
    number,
    places,
    rows,
    severity_of,
)

VITALS: dict[str, tuple[float, float, str]] = {
    "lcp": (2500, 4000, "LCP of {:g} ms, good is at most 2500"),
    "inp": (200, 500, "INP of {:g} ms, good is at most 200"),
    "cls": (0.1, 0.25, "CLS of {:g}, good is at most 0.1"),
}
"""Where good ends, where poor begins, and how it is said."""
GOOD_SCORE, POOR_SCORE = 90, 50
DIFFERENCES = {
    "missing_sections": "keywords whose page lacks sections that a competitor has",
    "content_gaps": "results of competitors for keywords without a page of the site",
    "internal_link_gaps": "pages linked less, or farther from the home page, than a competitor's",
}
DECAY: dict[str, tuple[Severity, str]] = {
    "decay_signals": ("major", "pages that lose search traffic"),
    "refresh_candidates": ("minor", "pages worth refreshing"),
    "competitor_replacement": ("major", "results of others that now stand above a declining page"),
}
KEYS = frozenset(
    [f"core_web_vitals.{name}" for name in (*VITALS, "performance_score", "regressions")]
    + [f"competitive_snapshot.content_structure.{name}" for name in DIFFERENCES]
    + ["competitive_snapshot.content_structure.schema_differences"]
    + [f"content_decay.{name}" for name in DECAY]
    + ["backlink_authority.lost_links", "backlink_authority.link_velocity"]
    + [f"serp_intel.serp_rank_snapshots.{kind}" for kind in ("not_found", "below_ten")]
    + [f"google_data_connector.{s}" for s in ("gsc_impressions", "gsc_position", "ga4_conversions")]
)
"""All but those of content_qa, which has a key for each of its rules."""


def vitals(outputs: Outputs) -> Iterator[Finding]:
    """Figures beyond what is called good."""
    for name, (good, poor, words) in VITALS.items():
        value = number(outputs.get(name))
        if value is not None and value > good:
            severity: Severity = "critical" if value > poor else "major"
            yield Finding(f"core_web_vitals.{name}", value, words.format(value), severity)
    score = number(outputs.get("performance_score"))
    if score is not None and score < GOOD_SCORE:
        weight: Severity = "major" if score < POOR_SCORE else "minor"
        message = f"A performance score of {score:g}, good is at least {GOOD_SCORE}"
        yield Finding("core_web_vitals.performance_score", score, message, weight)
    if amount := count(outputs.get("regressions")):
        where = places(rows(outputs.get("regressions")), "url")
        message = f"{amount} figures that became slower than before"
        yield Finding("core_web_vitals.regressions", amount, message, "major", where)


def content(outputs: Outputs) -> Iterator[Finding]:
    """One finding for each content rule that is broken."""
    broken = defaultdict[str, list[dict[str, Any]]](list)
    for row in rows(outputs.get("violations")):
        if isinstance(row.get("rule"), str):
            broken[row["rule"]].append(row)
    for rule, there in broken.items():
        severity = severity_of(there[0].get("severity"))
        message = f"{len(there)} places that break the content rule {rule}"
        key = f"content_qa.violations.{rule}"
        yield Finding(key, len(there), message, severity, places(there, "url"))


def backlinks(outputs: Outputs) -> Iterator[Finding]:
    """Links that went, and a balance below zero."""
    if amount := count(outputs.get("lost_links")):
        where = places(rows(outputs.get("lost_links")), "target", "source")
        yield Finding(
            "backlink_authority.lost_links", amount, f"{amount} lost links", "major", where
        )
    pace = number(outputs.get("link_velocity"))
    if pace is not None and pace < 0:
        message = f"{pace:g} links per day: more lost than gained"
        yield Finding("backlink_authority.link_velocity", pace, message, "minor")


def decay(outputs: Outputs) -> Iterator[Finding]:
    """Pages that lose ground."""
    for slug, (severity, words) in DECAY.items():
        if amount := count(outputs.get(slug)):
            where = places(rows(outputs.get(slug)), "page", "url")
            yield Finding(f"content_decay.{slug}", amount, f"{amount} {words}", severity, where)


def rankings(outputs: Outputs) -> Iterator[Finding]:
    """Keywords without a rank, and those below the first ten."""
    there = rows(outputs.get("serp_rank_snapshots"))
    lost = [row for row in there if row.get("rank_group", 0) is None]
    low = [row for row in there if (number(row.get("rank_group")) or 0) > 10]
    key = "serp_intel.serp_rank_snapshots"
    if lost:
        message = (
            f"{len(lost)} tracked keywords for which the site is not among the results looked at"
        )
        yield Finding(f"{key}.not_found", len(lost), message, "major")
    if low:
        message = f"{len(low)} tracked keywords with a rank below ten"
        yield Finding(f"{key}.below_ten", len(low), message, "minor", places(low, "url"))


def google(outputs: Outputs) -> Iterator[Finding]:
    """Figures of Search Console and Analytics that call for a look."""
    if number(outputs.get("gsc_impressions")) == 0:
        message = "No impression in Google search in the period"
        yield Finding("google_data_connector.gsc_impressions", 0, message, "critical")
    position = number(outputs.get("gsc_position"))
    if position is not None and position > 10:
        message = f"A mean position of {position:.1f} in Google search"
        yield Finding("google_data_connector.gsc_position", position, message, "minor")
    if number(outputs.get("ga4_conversions")) == 0:
        message = "No key event in Google Analytics in the period"
        yield Finding("google_data_connector.ga4_conversions", 0, message, "major")


def competition(outputs: Outputs) -> Iterator[Finding]:
    """What competitors have and the site lacks."""
    structure = outputs.get("content_structure")
    given = (
        cast("dict[str, Any]", structure).get("differences")
        if isinstance(structure, dict)
        else None
    )
    found = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    key = "competitive_snapshot.content_structure"
    for name, words in DIFFERENCES.items():
        if amount := count(found.get(name)):
            where = places(rows(found.get(name)), "url")
            yield Finding(f"{key}.{name}", amount, f"{amount} {words}", "minor", where)
    kinds = {
        kind
        for row in rows(found.get("schema_differences"))
        for kind in row.get("only_theirs") or ()
    }
    if kinds:
        message = f"{len(kinds)} types of structured data that only competitors use"
        yield Finding(f"{key}.schema_differences", len(kinds), message, "minor")
