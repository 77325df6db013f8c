"""Where something stands in a document: a CSS path that leads there, and a few of its words."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

LONGEST_EXCERPT = 160
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A CSS path, empty for the page as a whole, and an excerpt."""

    path: str = ""
    excerpt: str = ""


def place(node: LexborNode, excerpt: str = "") -> Place:
    """The place of a node; its own text unless another excerpt is given."""
    return Place(path(node), short(excerpt or words(node)))


def path(node: LexborNode) -> str:
    """Such as `main > section:nth-of-type(2) > p:nth-of-type(1)`; an id cuts it short."""
    steps = list[str]()
    at: LexborNode | None = node
    while at is not None and at.tag not in {"html", "body", "-document"} and len(steps) < DEEPEST:
        name = at.attributes.get("id")
        if name and name.isidentifier():
            steps.append(f"#{name}")
            break
        steps.append(f"{at.tag}:nth-of-type({_number(at)})")
        at = at.parent
    return " > ".join(reversed(steps))


def words(node: LexborNode | None, between: str = "") -> str:
    """The text of a node on one line; `between` stands between its parts."""
    return " ".join(node.text(separator=between).split()) if node is not None else ""


def short(text: str) -> str:
    """At most LONGEST_EXCERPT characters."""
    return text if len(text) <= LONGEST_EXCERPT else text[: LONGEST_EXCERPT - 1] + "…"


def _number(node: LexborNode) -> int:
    """Which one it is among its siblings of the same tag, from 1."""
    number, sibling = 1, node.prev
    while sibling is not None:
        number += sibling.tag == node.tag
        sibling = sibling.prev
    return number
