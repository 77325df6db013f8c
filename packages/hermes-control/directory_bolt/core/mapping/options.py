"""What a select is about, told from what can be chosen."""

import re
from collections.abc import Iterable, Sequence

from directory_bolt.core.forms.kinds import Kind
from directory_bolt.core.forms.page import Option
from directory_bolt.core.forms.places import country_code, state
from directory_bolt.core.forms.words import plain
from directory_bolt.core.mapping.labels import Reading

CLOCK = re.compile(r"\b([01]?\d|2[0-4])[:.h][0-5]\d|\b(1[0-2]|0?[1-9])\s*[ap]\.?m\b")
YEAR = re.compile(r"(18|19|20)\d\d")
FEWEST = 4
SHARE = 0.6


def read_options(options: Sequence[Option]) -> Reading | None:
    """Countries, states, times of the day or years; None for anything else."""
    texts = [text for option in options if (text := plain(option.text).strip())]
    if len(texts) < FEWEST:
        return None
    shares = {
        Kind.COUNTRY: _share(bool(country_code(text)) for text in texts),
        Kind.STATE: _share(state(text) is not None for text in texts),
        Kind.HOURS: _share(bool(CLOCK.search(text)) for text in texts),
        Kind.YEAR_FOUNDED: _share(bool(YEAR.fullmatch(text)) for text in texts) / 2,
    }
    kind, share = max(shares.items(), key=lambda found: found[1])
    return Reading(kind, f"{len(texts)} options", share) if share >= SHARE else None


def _share(found: Iterable[bool]) -> float:
    values = list(found)
    return sum(values) / len(values)
