"""The words with which workers say how a job stands, and the fields that hold them: `words.toml`, read once.

A word counts whatever its case, dashes and prefix (`JOB_STATE_RUNNING`, `TaskState.Running`, `running`). A text
with blanks that is not in the table is a sentence, which is quoted and never taken for a word.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from hermes_base.data_files import Data, Entries, load

LONGEST_WORD = 60
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
SPLIT = re.compile(r"[^A-Za-z0-9]+")
BEFORE_WORDS = frozenset(
    [
        "job",
        "task",
        "run",
        "workflow",
        "flow",
        "execution",
        "state",
        "status",
        "build",
        "crawl",
        "scan",
        "batch",
        "pipeline",
        "process",
        "operation",
        "phase",
        "life",
        "cycle",
        "lifecycle",
        "result",
        "outcome",
        "conclusion",
        "request",
        "statuscode",
        "type",
    ]
)
"""What stands before the word itself: `WORKFLOW_EXECUTION_STATUS_COMPLETED`."""


class StatusWords(Data):
    """Status words by what they mean."""

    queued: Entries
    running: Entries
    completed: Entries
    partly: Entries
    failed: Entries
    cancelled: Entries
    skipped: Entries


class UnderWay(Data):
    """Words of an object that stands where a value is due, and say that it is still to come."""

    words: Entries


class FieldNames(Data):
    """Names of fields, as `snake_case`; each is read as `camelCase`, `kebab-case` and so on too."""

    status: Entries
    words: Entries
    when_false: Entries
    when_true: Entries
    when_cancelled: Entries
    texts: Entries
    lists: Entries
    exit_codes: Entries
    messages: Entries
    partly: Entries
    error_codes: Entries
    http_codes: Entries
    failed_counts: Entries
    good_counts: Entries
    all_counts: Entries
    done: Entries
    going_on: Entries


class NoError(Data):
    """What is written where there is no error, and how grave errors that end a job are called."""

    words: Entries
    fatal: Entries


class Sentences(Data):
    """How a message begins that tells of a failure, and what in it says that there was none."""

    failure: str
    none: str


class Flags(Data):
    """Texts that are meant as yes or no."""

    yes: Entries
    no: Entries


class Words(Data):
    """All of `words.toml`."""

    status: StatusWords
    under_way: UnderWay
    names: FieldNames
    no_error: NoError
    sentences: Sentences
    flags: Flags


WORDS = load(__name__, "words.toml", Words)


def squashed(text: str) -> str:
    """A text in small letters without anything but letters and digits."""
    return "".join(c for c in text.lower() if c.isalnum())


STATUS_WORDS: Mapping[str, str] = {
    squashed(word): state for state, words in WORDS.status for word in words
}
"""Squashed words -> queued, running, completed, partly, failed, cancelled, skipped."""


UNDER_WAY = frozenset(map(squashed, WORDS.under_way.words))


def is_under_way(word: object) -> bool:
    """Whether a word says that what it stands for is still to come."""
    return isinstance(word, str) and squashed(word) in UNDER_WAY


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Every spelling of field names: `exit_code`, `exitCode`, `ExitCode`, `exit-code`, `exitcode`, `EXIT_CODE`
    -> the name as the table has it."""
    found: dict[str, str] = {}
    for name in names:
        parts = name.split("_")
        camel = parts[0] + "".join(part.capitalize() for part in parts[1:])
        pascal = "".join(part.capitalize() for part in parts)
        for spelling in (name, camel, pascal, "-".join(parts), "".join(parts), name.upper()):
            found.setdefault(spelling, name)
    return found


@lru_cache(maxsize=4096)
def meaning(text: str) -> str | None:
    """What a status word means; None for a text that is no known word."""
    if len(text) > LONGEST_WORD:
        return None
    return STATUS_WORDS.get(squashed(text)) or _behind_its_prefix(text)


def _behind_its_prefix(text: str) -> str | None:
    if " " in text.strip():
        return None
    parts = [part for part in SPLIT.split(CAMEL.sub("_", text.strip())) if part]
    for start in range(1, len(parts)):
        if not BEFORE_WORDS.issuperset(part.lower() for part in parts[:start]):
            return None
        if found := STATUS_WORDS.get("".join(parts[start:]).lower()):
            return found
    return None


def is_sentence(text: str) -> bool:
    """Whether a text says something in words of its own: no status word, to be quoted only."""
    return len(text) > LONGEST_WORD or (" " in text.strip() and meaning(text) is None)


def as_flag(value: object) -> bool | None:
    """A flag, also as text; None for what is none."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        word = value.strip().lower()
        return True if word in WORDS.flags.yes else False if word in WORDS.flags.no else None
    return None
