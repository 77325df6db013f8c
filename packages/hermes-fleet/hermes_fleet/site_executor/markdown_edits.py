"""Changes in a Markdown file: its front matter in YAML, its images and links."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hermes_fleet.site_executor.change import Change, UnfitError, require_before, same
from hermes_fleet.site_executor.splices import Splice, spliced

FRONT = re.compile(
    r"\A\ufeff?---[ \t]*(\r?\n)(?P<inner>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE
)
CODE = re.compile(
    r"^(`{3,}|~{3,}).*?(?:^\1[`~]*[ \t]*$|\Z)|(?P<tick>`+)(?!`).*?(?<!`)(?P=tick)(?!`)",
    re.DOTALL | re.MULTILINE,
)
INLINE = re.compile(r"(?P<image>!?)\[(?P<text>[^\]\[]*)\]\((?P<open>\s*<?)(?P<target>[^\s()<>]+)")
DEFINED = re.compile(r"^ {0,3}\[[^\]\[]+\]:[ \t]*<?(?P<target>[^\s<>]+)", re.MULTILINE)
PLAIN = re.compile(r"[^\s\"'#&*!|>%@`\[\]{},?:-][^#:\n]*\Z")
MARKS = "[]`<\\"
KEYS = {
    "title": ("title",),
    "description": ("description",),
    "canonical": ("canonical", "canonical_url", "canonicalUrl"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the front matter. `value` None: none that is understood; places are those of the value."""

    key: str
    value: str | None
    start: int
    end: int


def edited(text: str, change: Change) -> str:
    """The file with the change made; UnfitError says why it does not fit."""
    edit = EDITS.get(change.kind)
    if edit is None:
        raise UnfitError(f"A {change.kind} is not changed in a Markdown file.")
    return spliced(text, edit(text, change))


def entries_of(text: str) -> Iterator[Entry]:
    """The top-level entries of the front matter."""
    front = FRONT.match(text)
    if front is None:
        return
    for line in re.finditer(
        r"^(?P<key>[A-Za-z_][\w-]*):(?P<gap>[ \t]*)(?P<value>[^\r\n]*)",
        front["inner"],
        re.MULTILINE,
    ):
        begin = front.start("inner")
        after = front["inner"][line.end() :].lstrip("\r\n")
        value = _scalar(line["value"].rstrip()) if not after[:1].isspace() else None
        yield Entry(line["key"], value, begin + line.start("value"), begin + line.end("value"))


def _scalar(written: str) -> str | None:
    """A value on one line as text; None for anything whose reading is not certain."""
    if written.startswith('"') and written.endswith('"') and len(written) > 1:
        try:
            found = json.loads(written)
        except ValueError:
            return None
        return found if isinstance(found, str) else None
    if written.startswith("'") and written.endswith("'") and len(written) > 1:
        inner = written[1:-1].replace("''", "\0")
        return None if "'" in inner else inner.replace("\0", "'")
    return written if PLAIN.fullmatch(written) else None


def _front(text: str, change: Change) -> list[Splice]:
    found = [each for each in entries_of(text) if each.key in KEYS[change.kind]]
    if len(found) > 1:
        raise UnfitError(f"The front matter has {len(found)} entries for its {change.kind}.")
    written = json.dumps(change.after, ensure_ascii=False)
    if found:
        (entry,) = found
        if entry.value is None:
            raise UnfitError(f"The {change.kind} in the front matter is not a text on one line.")
        require_before(entry.value, change)
        gap = "" if text[entry.start - 1] in " \t" else " "
        return [Splice(entry.start, entry.end, gap + written)]
    front = FRONT.match(text)
    if front is None or change.kind == "canonical":
        raise UnfitError(f"The file has no front matter with a {change.kind}.")
    require_before(None, change)
    place = front.end("inner")
    return [Splice(place, place, f"{change.kind}: {written}{front[1]}")]


def _alt(text: str, change: Change) -> list[Splice]:
    if set(MARKS) & set(change.after):
        raise UnfitError(f"The new text contains one of {MARKS}, which mean something in Markdown.")
    found = [
        Splice(each.start("text"), each.end("text"), change.after)
        for each in inline_of(text)
        if each["image"]
        and each["target"] == change.target
        and same(each["text"] or None, change.before or None)
    ]
    if not found:
        raise UnfitError(f"No image {change.target} with that alternative text is on the page.")
    return found


def _link(text: str, change: Change) -> list[Splice]:
    require_before(change.target, change)
    places = [each for each in inline_of(text) if not each["image"]]
    code = _code(text)
    places += [each for each in DEFINED.finditer(text) if not _inside(code, each.start())]
    found = [
        Splice(each.start("target"), each.end("target"), change.after)
        for each in places
        if each["target"] == change.target
    ]
    if not found:
        raise UnfitError(f"No link to {change.target} is on the page.")
    return found


def inline_of(text: str) -> Iterator[re.Match[str]]:
    """Links and images of the text after the front matter, not those in code."""
    code, front = _code(text), FRONT.match(text)
    for found in INLINE.finditer(text, front.end() if front else 0):
        if not _inside(code, found.start()):
            yield found


def _code(text: str) -> list[tuple[int, int]]:
    front = FRONT.match(text)
    return [each.span() for each in CODE.finditer(text, front.end() if front else 0)]


def _inside(spans: list[tuple[int, int]], place: int) -> bool:
    return any(start <= place < end for start, end in spans)


EDITS: dict[str, Callable[[str, Change], list[Splice]]] = {
    "title": _front,
    "description": _front,
    "canonical": _front,
    "alt": _alt,
    "link": _link,
}
