"""The rules of a service in CEL, compiled: what must hold between its outputs and with what was asked."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, cast
from urllib.parse import urlsplit

from hermes.core.contracts.contract import sound
from hermes.core.contracts.figures import number_of

if TYPE_CHECKING:
    import cel

ASKED = re.compile(r"\basked\.(\w+(?:\.\w+)?)")
OF_ROWS = re.compile(r"\b(total|distinct|of|any_of)\(\s*(\w+)\s*,")
"""Functions that get the rows of an output: its name crosses into CEL for them, and no row."""
FIELD = re.compile(r"[.\"](\w+)")
"""Names of fields that a rule reads, of rows or by name: only these cross into CEL."""
MOST_ROWS = 1000
"""Rows of a list that rules read; a crossing into CEL costs 4 µs a row."""
FUNCTIONS = ("near", "total", "distinct", "of", "any_of", "says", "host")
KNOWN = frozenset([*FUNCTIONS, "size", "has", "all", "exists", "exists_one", "filter", "map", "matches", "double", "int",
                   "uint", "string", "contains", "startsWith", "endsWith", "min", "max", "abs", "timestamp"])  # fmt: skip
"""Functions that rules may call: ours, and those of CEL."""


class RuleData(Protocol):
    """A rule as the catalog holds it."""

    @property
    def id(self) -> str: ...
    @property
    def sentence(self) -> str: ...
    @property
    def holds(self) -> str: ...
    @property
    def refutes(self) -> Sequence[str]: ...
    @property
    def severity(self) -> Literal["refute", "doubt"]: ...
    @property
    def next_step(self) -> str: ...


class Broken(NamedTuple):
    """A rule that does not hold, and the values that it read."""

    rule: RuleData
    shows: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its program, the outputs that it reads, and those of which the value crosses into CEL."""

    told: RuleData
    program: "cel.Program"
    slugs: frozenset[str]
    crosses: frozenset[str]


class Rulebook:
    """The rules of one service. Raises ValueError for an expression that is none."""

    def __init__(self, rules: Sequence[RuleData], slugs: Collection[str]) -> None:
        self._slugs = frozenset(slugs)
        self._rules = [self._compiled(rule) for rule in rules]
        sources = " ".join(rule.told.holds for rule in self._rules)
        self._asks = frozenset(ASKED.findall(sources))
        self._fields = frozenset(FIELD.findall(sources))
        called = {name for rule in self._rules for name in rule.program.functions()}
        self._functions = {n: f for n, f in FUNCTIONS_BY_NAME.items() if n in called}

    def _compiled(self, rule: RuleData) -> CompiledRule:
        import cel  # brings typer and rich along, which nobody needs who has no rule to compile

        try:
            used = set(cel.compile(rule.holds).variables())
        except ValueError as error:
            raise ValueError(f"{rule.id}: {str(error).splitlines()[0][:200]}") from error
        program = cel.compile(OF_ROWS.sub(self._by_name, rule.holds))
        crosses = self._slugs.intersection(program.variables())
        return CompiledRule(rule, program, frozenset(used & self._slugs), crosses)

    def _by_name(self, call: re.Match[str]) -> str:
        """`distinct(pages, ` as `distinct("pages", `, where pages is an output and no variable of the rule."""
        function, name = call.groups()
        return f'{function}("{name}",' if name in self._slugs else call[0]

    def unknown(self) -> list[tuple[str, str]]:
        """(rule, function) for each function that a rule calls and that there is not."""
        return [
            (rule.told.id, name)
            for rule in self._rules
            for name in rule.program.functions()
            if name.isidentifier() and name not in KNOWN and not name.startswith("_")
        ]

    @cached_property
    def empty(self) -> bool:
        """Whether there is no rule."""
        return not self._rules

    def broken(
        self, values: Mapping[str, Any], facts: Callable[[Collection[str]], dict[str, Any]]
    ) -> list[Broken]:
        """The rules that do not hold over `values`, in their order. `facts` gives what was asked, by name. What
        one rule refutes, the next no longer reads; a rule that lacks something it reads says nothing."""
        rules = [rule for rule in self._rules if rule.slugs <= values.keys()]
        if not rules:
            return []
        context = _context(self._given(rules, values, facts), self._bound(values))
        refuted, found = set[str](), list[Broken]()
        for rule in rules:
            if refuted.isdisjoint(rule.slugs) and _fails(rule, context):
                found.append(Broken(rule.told, {s: values[s] for s in sorted(rule.slugs)}))
                if rule.told.severity == "refute":
                    refuted.update(rule.told.refutes)
        return found

    def _given(
        self,
        rules: Sequence[CompiledRule],
        values: Mapping[str, Any],
        facts: Callable[[Collection[str]], dict[str, Any]],
    ) -> dict[str, Any]:
        """What these rules read, as it crosses into CEL: rows with no more than the fields that rules name."""
        crossing = frozenset[str]().union(*(rule.crosses for rule in rules))
        there = {slug: _given(values[slug], self._fields) for slug in crossing}
        if self._asks:
            there["asked"] = facts(self._asks)
        return there

    def _bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Our functions, those of rows with the rows that they are given by name."""
        return {
            name: partial(function, values) if name in NAMED else function
            for name, function in self._functions.items()
        }


def _context(values: dict[str, Any], functions: dict[str, Any]) -> "cel.Context":
    import cel

    try:
        return cel.Context(values, functions)
    except (UnicodeError, OverflowError, ValueError):
        return cel.Context(sound(values), functions)


def _fails(rule: CompiledRule, context: "cel.Context") -> bool:
    try:
        return rule.program.execute(context) is False
    except (KeyError, TypeError, ValueError, RuntimeError):
        return False  # it reads what this answer does not say


def _given(value: Any, fields: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_row(row, fields) for row in cast("list[Any]", value)[:MOST_ROWS]]
    number = number_of(value)
    return value if number is None else float(number)


def _row(row: Any, fields: frozenset[str]) -> Any:
    if not isinstance(row, dict):
        return row
    told = cast("dict[str, Any]", row)
    return {name: value for name, value in told.items() if name in fields}


def _near(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers are at most `tolerance` apart."""
    return abs(one - other) <= tolerance


def _total(values: Mapping[str, Any], rows: Any, name: str) -> float:
    """The sum of a field over rows; rows without it add nothing."""
    numbers = [number_of(each) for each in _field(values, rows, name)]
    return float(sum(number for number in numbers if number is not None))


def _field(values: Mapping[str, Any], rows: Any, name: str) -> list[Any]:
    """A field of all rows that have it; a row that is a text by itself counts as that field. `rows`: the
    name of an output, or rows that the rule itself chose."""
    if isinstance(rows, str):
        held = values[rows]
        rows = cast("list[Any]", held)[:MOST_ROWS] if isinstance(held, list) else []
    found: list[Any] = []
    for row in cast("list[Any]", rows):
        value = cast("dict[str, Any]", row).get(name) if isinstance(row, dict) else row
        if value is not None:
            found.append(value)
    return found


def _distinct(values: Mapping[str, Any], rows: Any, name: str) -> float:
    """How many different values a field has over rows."""
    return float(len({str(each) for each in _of(values, rows, name)}))


def _of(values: Mapping[str, Any], rows: Any, name: str) -> list[Any]:
    """The same with texts in small letters, so that they can be compared."""
    told = _field(values, rows, name)
    return [" ".join(v.lower().split()) if isinstance(v, str) else v for v in told]


def _any_of(values: Mapping[str, Any], rows: Any, name: str, wanted: Sequence[Any]) -> bool:
    """Whether a field has one of these values in any row."""
    return not set(map(str, wanted)).isdisjoint(map(str, _of(values, rows, name)))


def _says(text: Any, pattern: str) -> bool:
    """Whether a text has a pattern, in whatever case. CEL's own `matches` compiles it each time (0.1 ms)."""
    return isinstance(text, str) and re.search(pattern, text, re.IGNORECASE) is not None


def _host(text: str) -> str:
    """The host in an address or a bare domain, without www."""
    told = text if "://" in text else f"//{text}"
    try:
        return (urlsplit(told).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


FUNCTIONS_BY_NAME: dict[str, Any] = dict(
    zip(FUNCTIONS, (_near, _total, _distinct, _of, _any_of, _says, _host), strict=True)
)
NAMED = frozenset({"total", "distinct", "of", "any_of"})
"""Functions that are given rows by the name of their output."""
