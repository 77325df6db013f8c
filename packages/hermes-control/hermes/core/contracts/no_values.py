"""Words and texts that stand where a value is missing."""

import re
from collections.abc import Collection
from functools import cache, lru_cache

from hermes_base.data_files import Data, load


class NoValues(Data):
    """The common words, and the patterns of unfilled templates and of excuses."""

    words: tuple[str, ...]
    patterns: tuple[str, ...]
    excuses: tuple[str, ...]


@cache
def _words() -> frozenset[str]:
    return frozenset(map(plain, load(__name__, "no_values.toml", NoValues).words))


@cache
def _patterns(*, excuses: bool) -> re.Pattern[str]:
    told = load(__name__, "no_values.toml", NoValues)
    alternatives = "|".join(f"(?:{each})" for each in (told.excuses if excuses else told.patterns))
    return re.compile(alternatives, re.IGNORECASE | re.DOTALL)


def plain(text: str) -> str:
    """A text as it is compared: small letters, no spaces around it, no full stop at its end."""
    return " ".join(text.lower().split()).rstrip(".") or text.strip()


@lru_cache(maxsize=8192)
def says_nothing(text: str) -> bool:
    """Whether a text is a word for a missing value, or a template that nobody filled in."""
    told = plain(text[:200])
    return (
        not told or told in _words() or bool(_patterns(excuses=False).fullmatch(text.strip()[:200]))
    )


def is_no_value(text: str, own: Collection[str] = ()) -> bool:
    """The same of a text that is a value by itself: an excuse is none either. `own`: further words."""
    if says_nothing(text) or plain(text) in own:
        return True
    return bool(_patterns(excuses=True).fullmatch(text.strip()[:400]))
