"""Changes in files: each touches its own place, and whatever does not fit is left with a sentence."""

import difflib

import pytest

from hermes_fleet.site_executor.built import walk
from hermes_fleet.site_executor.change import Change
from hermes_fleet.site_executor.edits import edit
from tests.hermes_fleet.site_executor.websites import FILES, change

FITTING = [
    (change("/", "title", "A <b> & c", "Juniper & Dental"), "index.html",
     "<title>Juniper &amp; Dental</title>", "<title>A &lt;b&gt; &amp; c</title>"),
    (change("https://www.example.com/", "description", "It's \"new\"", 'Dentists in "Maple Quay"'), "index.html",
     "'Dentists in \"Maple Quay\"'", "'It&#x27;s &quot;new&quot;'"),
    (change("/", "canonical", "https://example.com/", "https://www.example.com/"), "index.html",
     "href=https://www.example.com/", 'href="https://example.com/"'),
    (change("/", "alt", "Our team", "Team", target="/team.jpg"), "index.html", 'alt="Team"', 'alt="Our team"'),
    (change("/", "alt", "Our team", None, target="/team.jpg"), "index.html",
     "<img src='/team.jpg'/>", "<img src='/team.jpg' alt=\"Our team\"/>"),
    (change("/", "alt", "Map", "", target="/map.png"), "index.html", "ALT>", 'ALT="Map">'),
    (change("/", "link", "/about/us", "/about", target="/about"), "index.html", "'/about'", "'/about/us'"),
    (change("/prices", "description", "What it costs"), "prices.html",
     "</title></head>", '</title><meta name="description" content="What it costs"></head>'),
    (change("/about/", "title", "About", "About us"), "about.html", "About\n\tus", "About"),
    (change("/about", "canonical", "https://e.example/about"), "about.html",
     "</title>\n", '</title>\n\t<link rel="canonical" href="https://e.example/about">\n'),
    (change("/notes/care", "title", 'Care: "after"', "Care after a visit"), "content/notes/care.md",
     '"Care after a visit"', '"Care: \\"after\\""'),
    (change("/notes/care", "description", "New", "What's to be done"), "content/notes/care.md",
     "'What''s to be done'", '"New"'),
    (change("/notes/care", "alt", "A plan", "the plan", target="/plan.png"), "content/notes/care.md",
     "![the plan]", "![A plan]"),
    (change("/notes/care", "link", "/costs", "/prices.html", target="/prices.html"), "content/notes/care.md",
     "[prices](/prices.html)", "[prices](/costs)"),
    (change("/notes/care", "link", "/us", "/about", target="/about"), "content/notes/care.md",
     "[a]: /about", "[a]: /us"),
    (change("/bare", "title", "Bare"), "content/bare.md", "layout: page\n", 'layout: page\ntitle: "Bare"\n'),
    (change("/older", "redirect", "/about"), "_redirects",
     "/old /prices.html 301", "/old /prices.html 301\n/older /about 301\n"),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "name", "old", "new"), FITTING)
def test_a_change_replaces_its_own_words_and_not_a_byte_beside_them(
    wanted: Change, name: str, old: str, new: str
) -> None:
    made = edit(FILES, [wanted])
    assert made.left == []
    assert FILES[name].count(old) == 1
    assert made.files == {name: FILES[name].replace(old, new)}


UNFIT = [
    (change("/", "title", "New", "Another title"), "The page has changed since the approval"),
    (change("/", "title", "New", None), "there is now 'Juniper & Dental'"),
    (change("/nowhere", "title", "New"), "No file of the repository is the page /nowhere"),
    (change("/", "title", "two\nlines", "Juniper & Dental"), "line break"),
    (change("/", "title", "  ", "Juniper & Dental"), "is empty"),
    (
        change("/", "link", "/a b", "/about", target="/about"),
        "character that addresses do not have",
    ),
    (change("/", "link", '/"><script>', "/about", target="/about"), "that addresses do not have"),
    (change("/", "link", "/x", "/gone", target="/gone"), "No link to /gone"),
    (change("/", "alt", "New", "Old", target="/team.jpg"), "No image /team.jpg"),
    (
        change("/notes/care", "alt", "a ] b", "the plan", target="/plan.png"),
        "mean something in Markdown",
    ),
    (change("/notes/care", "canonical", "/care"), "no front matter with a canonical"),
    (change("/old", "redirect", "/about"), "already has a rule"),
    (change("/about", "redirect", "/about/"), "lead to itself"),
    (change("/../etc/passwd", "title", "New"), "No file"),
    (change("/", "title", "New", "Juniper & Dental", approved_by=" "), "Nobody is named"),
]


@pytest.mark.parametrize(("wanted", "words"), UNFIT)
def test_what_does_not_fit_is_left_with_a_sentence(wanted: Change, words: str) -> None:
    made = edit(FILES, [wanted])
    assert (made.files, made.made) == ({}, [])
    assert words in made.left[0][1]


def test_a_page_that_two_files_could_be_is_left() -> None:
    made = edit(
        FILES | {"content/prices.md": "---\ntitle: P\n---\n"},
        [change("/prices", "title", "X", "Prices")],
    )
    assert "Several files could be the page /prices" in made.left[0][1]


def test_a_permalink_says_which_file_a_page_is() -> None:
    files = FILES | {"posts/2026-01-01-x.md": "---\ntitle: P\npermalink: /prices/\n---\n"}
    made = edit(files, [change("/prices", "title", "Q", "P")])
    assert list(made.files) == ["posts/2026-01-01-x.md"]


def test_several_changes_of_one_file_stand_beside_one_another() -> None:
    wanted = [each for each, name, _, _ in FITTING if name == "index.html"]
    made = edit(FILES, wanted)
    assert made.left == []
    lines = list(
        difflib.ndiff(FILES["index.html"].splitlines(), made.files["index.html"].splitlines())
    )
    assert sum(line.startswith("- ") for line in lines) == 5


def test_a_link_that_would_lead_nowhere_is_seen_by_the_walk() -> None:
    before = walk(FILES, frozenset(FILES))
    assert before.pages == {"/", "/prices", "/about", "/notes/care"}
    made = edit(FILES, [change("/", "link", "/abot", "/about", target="/about")])
    after = walk(FILES | made.files, frozenset(FILES))
    assert after.worse_than(before) == "The page / would link to /abot, which is not there."


def test_a_page_that_nothing_links_to_any_more_is_seen_by_the_walk() -> None:
    before = walk(FILES, frozenset(FILES))
    made = edit(FILES, [change("/", "link", "/about", "/notes/care", target="/notes/care")])
    after = walk(FILES | made.files, frozenset(FILES))
    assert after.worse_than(before) == "1 pages are no longer reached, for example /notes/care."


def test_what_is_linked_through_a_redirect_is_there() -> None:
    files = FILES | {"index.html": FILES["index.html"].replace("'/about'", "'/old'")}
    assert not any(target == "/old" for _, target in walk(files, frozenset(files)).dead)
