"""Why a directory was not submitted, in a sentence for people."""

from collections.abc import Mapping
from functools import cache

from pydantic import RootModel, model_validator

from directory_bolt.core.orders.states import ResultReason
from hermes_base.data_files import Entry, load

FILE = "reason_texts.toml"


class ReasonTexts(RootModel[dict[ResultReason, Entry]]):
    """Every reason, in a sentence."""

    @model_validator(mode="after")
    def _complete(self) -> "ReasonTexts":
        if missing := [reason for reason in ResultReason if reason not in self.root]:
            raise ValueError(f"{missing[0]} has no sentence")
        return self


@cache
def _texts() -> Mapping[ResultReason, str]:
    return load(__name__, FILE, ReasonTexts).root


def sentence_of(reason: ResultReason) -> str:
    """The sentence of a reason, as it stands in reason_texts.toml."""
    return _texts()[reason]
