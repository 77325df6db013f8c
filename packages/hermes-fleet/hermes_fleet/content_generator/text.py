"""Words and sentences of a text, without dictionaries: what all rules of this worker count in."""

import re
from collections.abc import Iterator

WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
TOKEN = re.compile(r"[^\W_]+(?:['\u2019.,-][^\W_]+)*")
END = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]]*\s+")
OPENERS = "\"'\u201c\u2018([¿¡"
SHORTENED = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|vs|approx|ca|e\.g|i\.e|etc|Inc|Ltd|Co)\.\s*$"
)
WORDS_THAT_SAY_NOTHING = """
a about after all also an and any are as at be been before but by can did do does for from had has
have he her his how i if in into is it its just like may more most no not of on or other our out so
some such than that the their them then there these they this those to too under up us very was we
were what when where which while who will with would you your
"""
FILLERS = frozenset(WORDS_THAT_SAY_NOTHING.split())


def words(text: str) -> list[str]:
    """The words as written, numbers left out."""
    return WORD.findall(text)


def count(text: str) -> int:
    """How many words and numbers a reader sees."""
    return len(TOKEN.findall(text))


def terms(text: str) -> list[str]:
    """What a text is about: small letters, endings of the plural off, words that say nothing left out."""
    found = (word.lower().replace("\u2019", "'").removesuffix("'s") for word in words(text))
    return [singular(word) for word in found if word not in FILLERS and len(word) > 1]


def singular(word: str) -> str:
    """`implants` -> `implant`, `cities` -> `city`; `glass` stays."""
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("xes", "ches", "shes", "sses")) else word[:-1]


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; an abbreviation or an initial ends none."""
    found, begun = list[str](), 0
    for match in END.finditer(text):
        after = text[match.end() : match.end() + 1]
        if SHORTENED.search(text[begun : match.end()]) or not _opens(after):
            continue
        found.append(text[begun : match.end()].strip())
        begun = match.end()
    return [*found, rest] if (rest := text[begun:].strip()) else found


def _opens(letter: str) -> bool:
    return letter.isupper() or letter.isdigit() or letter in OPENERS


def grams(text: str, size: int) -> Iterator[tuple[str, ...]]:
    """Every run of `size` words and numbers, in small letters."""
    tokens = [token.lower() for token in TOKEN.findall(text)]
    return zip(*(tokens[at:] for at in range(size)), strict=False)


def cut(text: str, longest: int) -> str:
    """At most `longest` characters, cut between words."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    whole = head if text[longest - 1].isspace() else head.rsplit(" ", 1)[0]
    return whole.rstrip(" ,;:-\u2013\u2014") + "…"
