"""What sentences of an answer say, in seven languages: the patterns of sentences.toml."""

import re
from functools import cache

from pydantic import model_validator

from hermes_base.data_files import Data, Entries, parse, text_beside, validated

FILE = "sentences.toml"
REFERENCE_CODE = "code"
PART = re.compile(r"\{([a-z_]+)\}")  # {60} and {0,60} are quantifiers


class Written(Data):
    """The file as it is written: alternatives by pattern, in which {name} stands for those of a part."""

    patterns: dict[str, Entries]
    parts: dict[str, Entries]

    @model_validator(mode="after")
    def _every_part_is_there(self) -> "Written":
        for name, alternatives in self.patterns.items():
            for part in PART.findall(" ".join(alternatives)):
                if part not in self.parts:
                    raise ValueError(f"patterns.{name}: there is no part {part!r}")
        return self

    def put_together(self, name: str) -> tuple[str, ...]:
        """The alternatives of a pattern as regular expressions."""
        return tuple(PART.sub(self._group, each) for each in self.patterns[name])

    def _group(self, found: re.Match[str]) -> str:
        return f"(?:{'|'.join(self.parts[found[1]])})"


class Sentences(Data):
    """Patterns, each searched in one plain sentence; what each of them means is said in the file.

    `accepted` are tried one by one; `reference` has a group `code`, and sees the sentence as it stands.
    """

    duplicate: re.Pattern[str]
    refusal: re.Pattern[str]
    not_yet: re.Pattern[str]
    again: re.Pattern[str]
    trouble: re.Pattern[str]
    no_trouble: re.Pattern[str]
    underway: re.Pattern[str]
    elsewhere: re.Pattern[str]
    verify: re.Pattern[str]
    payment: re.Pattern[str]
    free: re.Pattern[str]
    login: re.Pattern[str]
    accepted: tuple[re.Pattern[str], ...]
    condition: re.Pattern[str]
    only_when: re.Pattern[str]
    many: re.Pattern[str]
    reference: re.Pattern[str]

    @model_validator(mode="after")
    def _names_the_code(self) -> "Sentences":
        if REFERENCE_CODE not in self.reference.groupindex:
            raise ValueError(f"reference: there is no group {REFERENCE_CODE!r}")
        return self


@cache
def sentences() -> Sentences:
    """The patterns, read and compiled when they are first needed. Raises FaultyFile."""
    return sentences_in(text_beside(__name__, FILE))


def sentences_in(text: str) -> Sentences:
    """The patterns of a file. Raises FaultyFile, also for a part that there is not and a faulty pattern."""
    written = parse(text, FILE, Written)
    put = {name: written.put_together(name) for name in written.patterns}
    patterns = {name: each if name == "accepted" else "|".join(each) for name, each in put.items()}
    return validated(patterns, FILE, Sentences)
