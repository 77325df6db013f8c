"""Whatever is approved: only that is changed, the site still crawls, and what is undone is equal byte for byte.

The pages are read again by a parser that the executor does not use for editing.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from hermes_fleet.site_executor.built import walk
from hermes_fleet.site_executor.change import Change
from hermes_fleet.site_executor.edits import edit
from hermes_fleet.site_executor.markdown_edits import entries_of, inline_of
from hermes_fleet.site_executor.repository import Remote, Repository
from hermes_sandbox.providers.git_hosts.repositories import BRANCH, Repositories
from tests.hermes_fleet.site_executor.websites import FILES, change

PLACES: list[tuple[str, str, str, str | None, str]] = [
    ("/", "title", "", "Juniper & Dental", "index.html"),
    ("/", "description", "", 'Dentists in "Maple Quay"', "index.html"),
    ("/", "canonical", "", "https://www.example.com/", "index.html"),
    ("/", "alt", "/team.jpg", "Team", "index.html"),
    ("/", "alt", "/map.png", "", "index.html"),
    ("/", "link", "/notes/care", "/notes/care", "index.html"),
    ("/prices", "title", "", "Prices", "prices.html"),
    ("/prices", "description", "", None, "prices.html"),
    ("/about", "title", "", "About us", "about.html"),
    ("/about", "canonical", "", None, "about.html"),
    ("/notes/care", "title", "", "Care after a visit", "content/notes/care.md"),
    ("/notes/care", "alt", "/plan.png", "the plan", "content/notes/care.md"),
    ("/bare", "title", "", None, "content/bare.md"),
    ("/older", "redirect", "", None, "_redirects"),
]
TEXTS = st.text(min_size=1, max_size=60).filter(str.strip) | st.sampled_from(
    ['"><script>alert(1)</script>', "</title>", "a & b &amp; c", "'single' \"double\"", "--- \\ # : -", "ünïcödé 🦷", "\\n", "{{ x }}", "---"]
)  # fmt: skip
ADDRESSES = st.sampled_from(
    ["/", "/prices.html", "/about", "https://other.example/x?y=1&z=2", "/a'b", "/nowhere", "#top"]
)


@st.composite
def approvals(draw: st.DrawFn) -> list[Change]:
    """Some of the places, each with a new value of any kind."""
    chosen = draw(st.lists(st.sampled_from(PLACES), unique=True, min_size=1, max_size=8))
    return [
        change(page, kind, draw(ADDRESSES if kind in ("canonical", "link", "redirect") else TEXTS),
               before, target=target, id=f"c{number}")
        for number, (page, kind, target, before, _) in enumerate(chosen)
    ]  # fmt: skip


def text_of(node: LexborNode | None) -> str | None:
    return None if node is None else " ".join(node.text().split())


def attribute(node: LexborNode | None, name: str) -> str | None:
    return None if node is None else node.attributes.get(name) or ""


def read_again(name: str, text: str) -> dict[Any, Any]:
    """Everything that a file says, by place: what can be changed, and all the rest as one value."""
    if name.endswith(".md"):
        found: dict[Any, Any] = {("entry", e.key): e.value for e in entries_of(text)}
        for number, each in enumerate(inline_of(text)):
            kind = "image" if each["image"] else "link"
            found |= {
                (kind, number, "text"): each["text"],
                (kind, number, "target"): each["target"],
            }
        return found
    if not name.endswith(".html"):
        return dict(enumerate(text.split("\n")))
    tree = LexborHTMLParser(text)
    head = tree.head
    assert head is not None
    facts: dict[Any, Any] = {
        "title": text_of(head.css_first("title")),
        "description": attribute(head.css_first("meta[name=description i]"), "content"),
        "canonical": attribute(head.css_first("link[rel=canonical]"), "href"),
        "text": text_of(tree.body),
        "scripts": [node.text() for node in tree.css("script")],
    }
    for number, node in enumerate(tree.css("body *")):
        facts[(node.tag, number)] = dict(sorted(node.attributes.items(), key=lambda pair: pair[0]))
    return facts


def approved_keys(
    made: Sequence[tuple[Change, str]], name: str, before: dict[Any, Any]
) -> set[Any]:
    """The places of a file that the changes made in it may touch."""
    found = set[Any]()
    for each, at in made:
        if at != name:
            continue
        if each.kind in ("title", "description", "canonical"):
            found |= {each.kind, ("entry", each.kind)}
        for key, value in before.items():
            if isinstance(value, dict) and each.target and each.target in value.values():
                found.add(key)  # the image or link itself
        if each.kind == "alt" and name.endswith(".md"):
            found |= {key for key in before if isinstance(key, tuple) and key[-1] == "text"}
    return found


@given(approvals())
@settings(max_examples=150, deadline=None)
def test_a_file_says_what_was_approved_and_all_else_as_before(wanted: list[Change]) -> None:
    made = edit(FILES, wanted)
    assert len(made.made) + len(made.left) == len(wanted)
    assert set(made.files) == {name for _, name in made.made}
    for name, text in made.files.items():
        before, after = read_again(name, FILES[name]), read_again(name, text)
        may = approved_keys(made.made, name, before)
        if name == "_redirects":
            assert text.splitlines()[:1] == FILES[name].splitlines()
            continue
        touched = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert touched <= may, (name, touched - may)
    for each, name in made.made:
        after = read_again(name, made.files[name])
        if each.kind in ("title", "description") and name.endswith(".html"):
            assert after[each.kind].split() == each.after.split()
        if each.kind == "title" and name.endswith(".md"):
            assert after["entry", "title"] == each.after


@given(approvals())
@settings(max_examples=60, deadline=None)
def test_every_byte_outside_the_lines_of_a_change_is_the_same(wanted: list[Change]) -> None:
    made = edit(FILES, wanted)
    for name, text in made.files.items():
        old, new = FILES[name].splitlines(keepends=True), text.splitlines(keepends=True)
        kept = sum(1 for line in old if line in new)
        changes = sum(at == name for _, at in made.made)
        assert len(old) - kept <= changes * 2, "no line goes but those with a change"


@given(approvals())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_on_a_real_repository_the_commit_holds_only_that_and_undoing_restores_the_tree(
    wanted: list[Change],
) -> None:
    asyncio.run(committed_and_undone(wanted))


async def committed_and_undone(wanted: list[Change]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        disk = Repositories(Path(folder) / "hosts")
        contents = {name: text.encode() for name, text in FILES.items()}
        disk.make("a/b", contents | {"image.bin": bytes(range(256)), "deep/er/file": b"\r\n\0"})
        address = (disk.folder / "a/b.git").as_uri()
        repository = await Repository.cloned(Path(folder) / "clone", Remote(address, local=True))
        base = await repository.head(BRANCH)
        made = edit(FILES, wanted)
        commit = await repository.commit(base, {n: t.encode() for n, t in made.files.items()}, "x")
        await repository.push(commit, "hermes/x")
        assert set(disk.changed("a/b", "hermes/x")) == set(made.files)
        listing = await repository.files(base)
        old = await repository.read({name: listing[name] for name in made.files})
        undone = await repository.commit(commit, old, "back")
        assert await repository.tree(undone) == disk.tree("a/b")


@given(approvals())
@settings(max_examples=60, deadline=None)
def test_a_site_that_passes_the_walk_has_all_its_pages_and_no_new_dead_link(
    wanted: list[Change],
) -> None:
    made = edit(FILES, wanted)
    before, after = walk(FILES, frozenset(FILES)), walk(FILES | made.files, frozenset(FILES))
    broken = bool(before.pages - after.pages) or bool(after.dead - before.dead)
    assert bool(after.worse_than(before)) == broken
    by_link = {each.after for each, _ in made.made if each.kind == "link"}
    assert not broken or by_link, "nothing but a link can break the way through a site"
