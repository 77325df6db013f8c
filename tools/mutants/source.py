"""A module as bytes, and where its syntax tree says that things stand in them."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """The bytes of a module; `ast` counts columns in bytes, so every place here is an offset of a byte."""

    content: bytes

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree. Raises SyntaxError."""
        return ast.parse(self.content)

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer(rb"\n", self.content))]

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Offset of the first byte of a node."""
        return self._lines[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        """Offset behind the last byte of a node."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr | ast.stmt | ast.keyword) -> bytes:
        """The bytes of a node, without parentheses around it."""
        return self.content[self.start(node) : self.end(node)]

    def line_of(self, offset: int) -> int:
        """The number, from 1, of the line in which an offset lies."""
        return self.content.count(b"\n", 0, offset) + 1


@dataclass(frozen=True, slots=True)
class Edit:
    """Bytes `start` to `end` become `text`; `operator` is the kind of change, in words."""

    start: int
    end: int
    text: bytes
    operator: str

    def applied(self, content: bytes) -> bytes:
        """The whole content with this change."""
        return content[: self.start] + self.text + content[self.end :]
