"""Reading a question in GAQL, the query language of Google Ads, as far as the stand-in answers it."""

import re
from dataclasses import dataclass

QUESTION = re.compile(
    r"\s*SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<resource>\w+)(?:\s+WHERE\s+(?P<conditions>.+?))?"
    r"(?:\s+ORDER\s+BY\s+(?P<order>[\w.]+)(?P<falling>\s+DESC)?(?:\s+ASC)?)?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
BETWEEN = re.compile(r"([\w.]+)\s+BETWEEN\s+'([^']*)'\s+AND\s+'([^']*)'", re.IGNORECASE)
IN = re.compile(r"([\w.]+)\s+IN\s+\(([^)]*)\)", re.IGNORECASE)
PLAIN = re.compile(r"([\w.]+)\s*(=|!=)\s*'?([^']*?)'?")
QUOTED = re.compile(r"'([^']*)'")


class BadQuestion(ValueError):
    """Google's word for what is wrong with a question, and its sentence."""

    def __init__(self, word: str, sentence: str) -> None:
        super().__init__(sentence)
        self.word = word


@dataclass(frozen=True, slots=True)
class Condition:
    """One field, and the values it may (or, negated, may not) have; two bounds for a range."""

    field: str
    values: tuple[str, ...]
    negated: bool = False
    between: bool = False

    def holds(self, value: str) -> bool:
        """Whether a row with this value is kept."""
        if self.between:
            return self.values[0] <= value <= self.values[1]
        return (value in self.values) != self.negated


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for. `limit` None: everything."""

    fields: tuple[str, ...]
    resource: str
    conditions: tuple[Condition, ...]
    order: str
    falling: bool
    limit: int | None

    def condition(self, field: str) -> Condition | None:
        """The condition on a field; None where there is none."""
        return next((each for each in self.conditions if each.field == field), None)


def read_question(text: str) -> Question:
    """BadQuestion for anything that the stand-in cannot answer: never a wrong answer."""
    found = QUESTION.fullmatch(text)
    if found is None:
        raise BadQuestion("UNEXPECTED_INPUT", "Error in query: unexpected input.")
    limit = found["limit"]
    return Question(
        tuple(each.strip() for each in found["fields"].split(",")),
        found["resource"],
        tuple(_conditions(found["conditions"] or "")),
        found["order"] or "",
        bool(found["falling"]),
        int(limit) if limit else None,
    )


def _conditions(text: str) -> list[Condition]:
    spans = [
        Condition(name, (first, last), between=True) for name, first, last in BETWEEN.findall(text)
    ]
    others = re.split(r"\s*\bAND\b\s*", BETWEEN.sub("", text), flags=re.IGNORECASE)
    return [*spans, *(_condition(part.strip()) for part in others if part.strip())]


def _condition(part: str) -> Condition:
    if several := IN.fullmatch(part):
        return Condition(several[1], tuple(QUOTED.findall(several[2])))
    if plain := PLAIN.fullmatch(part):
        return Condition(plain[1], (plain[3],), negated=plain[2] == "!=")
    raise BadQuestion("BAD_OPERATOR", f"Error in WHERE clause: {part[:80]}.")
