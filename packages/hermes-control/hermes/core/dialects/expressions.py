"""JMESPath in dialects: refused where it could explode, and bounded while it runs.

An expression of JMESPath visits a part of its document once for each of its nodes. Only lists and objects that are
built within it (`[@, @]`) make more of what was there, each by the number of its parts: `[@, @] | []`, thirty times,
would hold a billion entries. So the product of their parts is bounded, and a hard limit of steps stands behind that.
"""

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import Annotated, Any, cast

import jmespath
from jmespath import exceptions
from jmespath.visitor import TreeInterpreter
from pydantic import AfterValidator

LONGEST = 500
MOST_NODES = 150
WIDEST = 64
MOST_STEPS = 500_000
REFUSED = frozenset({"to_string"})
"""Functions that write out a value of any size in one step."""
BUILT = ("multi_select_list", "multi_select_dict")
NAMES = ("$job_id", "$run_id")
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-")

Node = dict[str, Any]


class TooMuchWork(ValueError):
    """An expression that takes more steps over a document than any honest one."""


def checked(text: str) -> str:
    """The text, if it is an expression that cannot explode. Raises ValueError."""
    if text:
        compiled(text)
    return text


Expression = Annotated[str, AfterValidator(checked)]
"""JMESPath; "" for none. `$job_id` and `$run_id` stand for the job and the run that are asked about."""


@lru_cache(maxsize=2048)
def compiled(text: str) -> Node:
    """The parsed expression. Raises ValueError for one that is none, or could explode."""
    if len(text) > LONGEST:
        raise ValueError(f"an expression has at most {LONGEST} characters")
    try:
        root = cast("Node", jmespath.compile(text).parsed)
    except (exceptions.JMESPathError, RecursionError) as error:
        said = str(error).splitlines()[0] if isinstance(error, ValueError) else "nested too deeply"
        raise ValueError(f"not JMESPath: {said}") from None
    nodes = list(_nodes(root))
    if len(nodes) > MOST_NODES:
        raise ValueError(f"an expression has at most {MOST_NODES} parts")
    if prod(len(node["children"]) or 1 for node in nodes if node["type"] in BUILT) > WIDEST:
        raise ValueError("an expression builds too many lists and objects")
    called = {node["value"] for node in nodes if node["type"] == "function_expression"}
    if called & REFUSED:
        raise ValueError(f"the function {min(called & REFUSED)} is not allowed here")
    return root


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node["children"]:
        if isinstance(child, dict):
            yield from _nodes(cast("Node", child))


class _Bounded(TreeInterpreter):
    """The library's interpreter, which gives up after so many steps."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuchWork
        return super().visit(node, *args, **kwargs)


def find(text: str, document: Any) -> Any:
    """What an expression finds; None where it is empty, finds nothing, or asks for what the document does not have
    in that form (the length of a number)."""
    if not text:
        return None
    try:
        return _Bounded().visit(compiled(text), document)
    except (exceptions.JMESPathError, TooMuchWork, TypeError):
        return None


def find_text(text: str, document: Any) -> str:
    """The same as a text: words, numbers and flags (`true`); "" for whatever is none of them."""
    found = find(text, document)
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    return str(found).strip() if isinstance(found, str | int | float) else ""


def about(text: str, job_id: str, run_id: str) -> str:
    """The expression with the ids of job and run in it. An id that could end a text of JMESPath is left out."""
    for name, value in zip(NAMES, (job_id, run_id), strict=True):
        text = text.replace(name, value if PLAIN.issuperset(value) else "")
    return text
