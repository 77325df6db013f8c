"""The knowledge base: the data that ships is whole and has a form; every fault names its entry."""

import re
from collections import Counter
from datetime import date
from itertools import combinations

import pytest

from hermes.core.knowledge import Entry, read
from hermes.storage.knowledge import shipped

KNOWLEDGE = shipped()
ENTRIES = KNOWLEDGE.entries
SENTENCE = re.compile(r"[.!?](?=\s|$)")
WORD = re.compile(r"[\w'-]+")
SAME_WORDS = 8  # a run of so many words in two entries is a copy
OFFICIAL = {
    "developers.google.com",
    "support.google.com",
    "web.dev",
    "developer.chrome.com",
    "www.rfc-editor.org",
    "www.w3.org",
    "html.spec.whatwg.org",
    "schema.org",
    "www.sitemaps.org",
    "www.bing.com",
    "www.indexnow.org",
    "ogp.me",
    "guidelines.raterhub.com",
}

HEAD = """
version = "1"
[documents.a-document]
title = "A document"
url = "https://example.com/a"
publisher = "Example"
"""
FILE = """
topic = "A topic"
reviewed = 2026-11-21
[[entries]]
id = "an-entry"
title = "Do the right thing here"
advice = "Do it in this way. Do not do it in that way."
why = "Because it helps those who read."
check = "Look whether it has been done."
tip = "Do the first part of it today."
applies_to = ["crawl_render.meta_tags.missing_title"]
evidence = "documented"
sources = ["a-document"]
"""


def runs(entry: Entry) -> set[tuple[str, ...]]:
    """Every run of words in what an entry says."""
    found = set[tuple[str, ...]]()
    for text in (entry.advice, entry.why, entry.check, entry.tip):
        words = [word.lower() for word in WORD.findall(text)]
        found |= set(zip(*(words[at:] for at in range(SAME_WORDS)), strict=False))
    return found


def test_there_are_enough_entries_on_enough_topics() -> None:
    topics = Counter(entry.topic for entry in ENTRIES)
    assert len(ENTRIES) >= 120
    assert len(topics) >= 15
    assert min(topics.values()) >= 4


def test_every_entry_says_what_why_how_to_check_and_a_first_step() -> None:
    for entry in ENTRIES:
        texts = (entry.advice, entry.why, entry.check, entry.tip)
        assert 2 <= len(SENTENCE.findall(entry.advice)) <= 6, entry.id
        assert all(text.endswith((".", "?")) and "  " not in text for text in texts), entry.id
        assert not entry.title.endswith("."), entry.id
        assert len(set(texts)) == 4, entry.id
        assert date(2026, 1, 1) <= entry.reviewed <= date(2026, 12, 31), entry.id


def test_no_title_is_there_twice() -> None:
    titles = Counter(entry.title.lower() for entry in ENTRIES)
    assert [title for title, number in titles.items() if number > 1] == []


def test_no_entry_repeats_another() -> None:
    found = {entry.id: runs(entry) for entry in ENTRIES}
    same = [(one, other) for one, other in combinations(found, 2) if found[one] & found[other]]
    assert same == []


def test_every_source_is_a_document_of_those_who_make_the_rules() -> None:
    hosts = {document.url.split("/")[2] for document in KNOWLEDGE.documents.values()}
    assert hosts <= OFFICIAL
    addresses = Counter(document.url for document in KNOWLEDGE.documents.values())
    assert [url for url, number in addresses.items() if number > 1] == []
    assert all(document.title and document.publisher for document in KNOWLEDGE.documents.values())


def test_what_a_specification_demands_names_a_specification() -> None:
    demanded = [entry for entry in ENTRIES if entry.evidence == "standard"]
    assert len(demanded) >= 5
    for entry in demanded:
        hosts = {KNOWLEDGE.documents[name].url.split("/")[2] for name in entry.sources}
        assert hosts - {"developers.google.com", "support.google.com", "web.dev"}, entry.id


def test_the_version_changes_with_the_data() -> None:
    one = read({"sources.toml": HEAD, "a.toml": FILE})
    other = read({"sources.toml": HEAD, "a.toml": FILE.replace("today", "now")})
    assert one.version.startswith("1+")
    assert one.version != other.version
    assert one == read({"a.toml": FILE, "sources.toml": HEAD})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('why = "Because it helps those who read."\n', "", "a.toml, an-entry"),
        ('id = "an-entry"', 'id = "An Entry"', "a.toml, An Entry"),
        ('id = "an-entry"\n', "", "a.toml, entry 1"),
        ('evidence = "documented"', 'evidence = "obvious"', "evidence"),
        ('["a-document"]', "[]", "sources"),
        ('["a-document"]', '["another"]', "The source another is not in sources.toml"),
        ("missing_title", "Missing Title", "applies_to"),
        ('tip = "Do', 'colour = "red"\ntip = "Do', "colour"),
    ],
)
def test_a_fault_names_the_entry_or_the_field(old: str, new: str, fault: str) -> None:
    assert old in FILE
    with pytest.raises(ValueError, match=re.escape(fault)):
        read({"sources.toml": HEAD, "a.toml": FILE.replace(old, new)})


def test_an_entry_twice_and_a_document_for_nothing_are_faults() -> None:
    with pytest.raises(ValueError, match="more than one entry an-entry"):
        read({"sources.toml": HEAD, "a.toml": FILE, "b.toml": FILE})
    more = HEAD + HEAD.replace("a-document", "another").replace('version = "1"', "")
    with pytest.raises(ValueError, match="No entry names the source another"):
        read({"sources.toml": more, "a.toml": FILE})
