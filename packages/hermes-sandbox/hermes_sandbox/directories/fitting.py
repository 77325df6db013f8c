"""What should arrive in a field, and whether it did."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["blank", "text", "address", "phone", "start", "words", "hours", "any"]


@dataclass(frozen=True, slots=True)
class Want:
    """What should arrive. `values`: any of them is right; the first is the plainest.

    Rules: text (as it is), address (of a page, with or without the last slash), phone (the same digits,
    with or without the country's), start (cut at the end), words (the same list), hours (every time of
    it is told), blank (nothing), any (not determined).
    """

    rule: Rule
    values: tuple[str, ...] = ()

    def fits(self, received: Sequence[str]) -> bool:
        """Whether this is what was wanted."""
        given = [value for value in received if value.strip()]
        if self.rule == "any":
            return True
        if self.rule == "blank" or not given:
            return self.rule == "blank" and not given
        fits = _FITS[self.rule]
        return len(given) == 1 and any(fits(value, given[0]) for value in self.values)


BLANK = Want("blank")


def _same(wanted: str, given: str) -> bool:
    return " ".join(wanted.split()) == " ".join(given.split())


def _same_address(wanted: str, given: str) -> bool:
    return wanted.rstrip("/").casefold() == given.strip().rstrip("/").casefold()


def _same_number(wanted: str, given: str) -> bool:
    digits = re.sub(r"\D", "", given).lstrip("0")
    longer, shorter = sorted((wanted.lstrip("0"), digits), key=len, reverse=True)
    return len(shorter) >= 6 and len(longer) - len(shorter) <= 3 and longer.endswith(shorter)


def _starts(wanted: str, given: str) -> bool:
    plain = " ".join(given.split()).rstrip("….,;:- ")
    return len(plain) >= 10 and " ".join(wanted.split()).startswith(plain)


def _same_words(wanted: str, given: str) -> bool:
    return [w.strip() for w in wanted.split(",")] == [w.strip() for w in re.split(r"[,;\n]", given)]


def _tells(wanted: str, given: str) -> bool:
    """Every time of day stands there, in one of the ways in which it is written."""
    for hour, minute in re.findall(r"(\d\d):(\d\d)", wanted):
        twelve, suffix = int(hour) % 12 or 12, "am" if int(hour) < 12 else "pm"
        ways = {f"{hour}:{minute}", f"{int(hour)}:{minute}", f"{twelve}:{minute}{suffix}"}
        ways |= {f"{twelve}{suffix}"} if minute == "00" else set()
        if not any(way in re.sub(r"[ .]", "", given).casefold() for way in ways):
            return False
    return True


_FITS: dict[Rule, Callable[[str, str], bool]] = {
    "text": _same,
    "address": _same_address,
    "phone": _same_number,
    "start": _starts,
    "words": _same_words,
    "hours": _tells,
}
