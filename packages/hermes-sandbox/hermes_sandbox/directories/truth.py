"""The list of truth: how an order at each directory must end, and what it must have received by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from hermes_sandbox.directories.catalog import DIRECTORIES
from hermes_sandbox.directories.fitting import Want
from hermes_sandbox.directories.model import Directory, Field, Form
from hermes_sandbox.directories.verdicts import (
    CLOSED,
    ENDINGS,
    GUARDS,
    LOGIN,
    MISSING,
    OPENINGS,
    UNCERTAIN,
    UNKNOWN_FIELD,
    Verdict,
)
from hermes_sandbox.directories.wants import Profile, want


@dataclass(frozen=True, slots=True)
class Expected:
    """The true end of one directory for one business.

    `values`: name of a field -> what must have arrived in it; empty where nothing may be sent.
    `arrivals`: how many whole forms the directory must have, 0 or 1. `posts`: the most forms that a
    right visitor sends: the pages of the form, and one more where a correction is asked for.
    `attempts`: 2 where the first visit meets a trouble that passes (503, failed/server_error).
    `listed`: the business can be looked up afterwards.
    """

    directory: str
    kind: str
    status: str
    reason: str | None
    listed: bool
    arrivals: int = 0
    posts: int = 0
    attempts: int = 1
    values: dict[str, Want] = field(default_factory=dict[str, Want])


def truth(profile: Profile) -> dict[str, Expected]:
    """Slug -> the true end, for every directory."""
    return {slug: _expected(directory, profile) for slug, directory in DIRECTORIES.items()}


def faults(expected: Expected, counted: Mapping[str, Any]) -> list[str]:
    """What the books of a directory (as told by /__books__) show that should not be; [] is right."""
    counts = counted["counts"]
    found = [
        f"{counts['arrived']} forms arrived, not {expected.arrivals}",
        f"{counts['posts']} forms were sent, at most {expected.posts} are right",
        f"{counts['elsewhere']} forms were sent that were not for entries",
        f"a honeypot was filled in {counted['honeypot_touched']} times",
        f"the newsletter was ordered {counted['newsletter_ticked']} times",
        "a page that robots.txt closes was visited",
    ]
    wrong = (
        counts["arrived"] != expected.arrivals,
        counts["posts"] > expected.posts,
        counts["elsewhere"],
        counted["honeypot_touched"],
        counted["newsletter_ticked"],
        expected.reason == "robots" and counts["visits"],
    )
    wrongs = [sentence for sentence, is_so in zip(found, wrong, strict=True) if is_so]
    whole = (entry["fields"] for entry in counted["received"] if entry["arrived"])
    return [*wrongs, *(fault for fields in whole for fault in _differing(expected, fields))]


def _differing(expected: Expected, fields: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        f"{name}: {list(fields.get(name, ()))} arrived, {want.rule} {list(want.values)} was right"
        for name, want in expected.values.items()
        if not want.fits(fields.get(name, ()))
    ]


def _expected(directory: Directory, profile: Profile) -> Expected:
    wants = {each.name: want(each, profile) for each in directory.fields}
    attempts = 2 if directory.opening == "stumble" else 1
    full = sum(1 for _ in takewhile(lambda page: not _lacking(page, wants), directory.pages))
    whole = full == len(directory.pages)
    verdict = _barred(directory) or (
        ENDINGS[directory.ending] if whole else _stopped(directory.pages[full], wants)
    )
    end = (directory.slug, directory.kind, verdict.status, verdict.reason, verdict.listed)
    if _barred(directory):
        return Expected(*end, attempts=attempts)
    if not whole:
        return Expected(*end, posts=full, attempts=attempts)
    posts = full + any(each.format or each.limit for each in directory.fields)
    return Expected(*end, arrivals=1, posts=posts, attempts=attempts, values=wants)


def _barred(directory: Directory) -> Verdict | None:
    """Why not even the first page may be sent, whatever is known of the business."""
    if directory.robots:
        return CLOSED
    return OPENINGS[directory.opening] or GUARDS.get(directory.guard)


def _lacking(page: Form, wants: Mapping[str, Want]) -> list[Field]:
    """Required fields for which there is nothing."""
    return [field for field in page if field.required and wants[field.name].rule == "blank"]


def _stopped(page: Form, wants: Mapping[str, Want]) -> Verdict:
    special = {"password": LOGIN, "unknown": UNKNOWN_FIELD, "category": UNCERTAIN}
    return special.get(_lacking(page, wants)[0].asks, MISSING)
