"""Lines of business and what they are called, as they stand in trades.toml."""

from collections.abc import Mapping
from functools import cache

from pydantic import RootModel, model_validator

from directory_bolt.core.forms.words import words_of
from hermes_base.data_files import Entries, load

FILE = "trades.toml"


class Trades(RootModel[dict[str, Entries]]):
    """Trade -> its names in several languages. A name belongs to one trade."""

    @model_validator(mode="after")
    def _one_trade_each(self) -> "Trades":
        by_name(self.root)
        return self


def by_name(trades: Mapping[str, tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """The words of a name -> its trade. Raises ValueError for a name of two trades."""
    found = dict[tuple[str, ...], str]()
    for trade, names in trades.items():
        for name in names:
            if found.setdefault(words_of(name), trade) != trade:
                raise ValueError(f"{trade}: {name!r} is a name of {found[words_of(name)]} already")
    return found


@cache
def _trades() -> dict[tuple[str, ...], str]:
    return by_name(load(__name__, FILE, Trades).root)


def trade_of(text: str) -> str | None:
    """The trade that a name stands for ("Zahnarzt" -> "dentist"); None for none of them."""
    return _trades().get(words_of(text))
