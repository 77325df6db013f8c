"""Replacing parts of a text by their place, so that every other character stays as it is."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Characters from `start` to before `end` become `text`; equal places: an insertion."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices made. ValueError when two overlap."""
    made, place = list[str](), 0
    for each in sorted(splices):
        if each.start < place:
            raise ValueError("splices overlap")
        made += [text[place : each.start], each.text]
        place = each.end
    return "".join((*made, text[place:]))
