"""What one field asks for: each signal votes, in the order in which signals can be trusted."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from hermes.core.submissions.fields import Kind, Mapping, Signal
from hermes.core.submissions.forms import Field
from hermes.core.submissions.mapping_controls import allowed, of_tick
from hermes.core.submissions.mapping_options import read_options
from hermes.core.submissions.mapping_phrases import Reading, read_name, read_text
from hermes.core.submissions.mapping_words import TOKENS

CERTAIN = 0.55
"""Below this confidence a field is not filled in."""
TYPES = {
    "email": (Kind.EMAIL, 0.9),
    "tel": (Kind.PHONE, 0.85),
    "url": (Kind.WEBSITE, 0.7),
    "search": (Kind.SEARCH, 0.9),
    "password": (Kind.LOGIN, 0.98),
    "file": (Kind.LOGO, 0.3),
    "time": (Kind.HOURS, 0.6),
}
WEIGHTS = {
    "autocomplete": 0.97,
    "label": 0.9,
    "cell": 0.85,
    "name": 0.8,
    "options": 0.8,
    "placeholder": 0.75,
    "id": 0.7,
    "title": 0.7,
    "before": 0.75,
    "column": 0.6,
    "after": 0.2,
    "group": 0.3,
    "hint": 0.3,
}
FOR_PEOPLE = frozenset({"label", "cell", "placeholder", "before"})
FOR_CODE = frozenset({"name", "id", "title", "column", "after"})
OVERRULED = 0.4  # what is left of a name in code where the words for people say something else
PUZZLE = re.compile(
    r"\b\d+ ?[+*x\u00d7-] ?\d+ ?=|(what is|how much is|was ist|wie ?viel (ist|sind)|combien (font|fait)|cu[aá]nto (es|son)"
    r"|quanto (fa|[eé])|hoeveel is)\b.{0,25}(\+|\bplus|\bminus|\btimes|\bund\b|\bmal\b|\bmoins|\bm[aá]s\b|\bpi[uù]\b|\bmais\b)"
    r"|\byou(.re| are) (a |not a )?(human|person|robot|real)"
)
CONTRADICTION = 0.5  # share of the second kind's evidence that is taken off the first's
NAMES = frozenset({Kind.FULL_NAME, Kind.FIRST_NAME, Kind.LAST_NAME, Kind.BUSINESS_NAME})

Vote = tuple[str, Reading, float]  # where it stood, what was read, how much it counts


def map_field(field: Field) -> Mapping:
    """Kind, confidence and the signals that decided; HONEYPOT for what a person does not see."""
    if field.hidden:
        return Mapping(Kind.HONEYPOT, 1.0, (Signal("visibility", field.hidden),))
    if field.is_tick:
        return of_tick(field)
    found = [vote for vote in votes(field) if allowed(vote[1].kind, field)]
    if puzzle := PUZZLE.search(" ".join(text for _, text in _texts(field)).lower()):
        return Mapping(Kind.CAPTCHA, 0.95, (Signal("label", puzzle[0]),))
    traps = [vote for vote in found if vote[1].kind is Kind.HONEYPOT]
    return decide(traps or _declared_first(_people_first(found)))


def votes(field: Field) -> Iterator[Vote]:
    """Everything about a field that speaks for a kind."""
    yield from _declared(field)
    for source, text in _texts(field):
        if found := read_text(text):
            yield source, found, WEIGHTS[source] * found.strength
    for source, text in (("name", field.name), ("id", field.id if field.id != field.name else "")):
        if found := read_name(text):
            yield source, found, WEIGHTS[source] * found.strength
    if field.options and (found := read_options(field.options)):
        yield "options", found, WEIGHTS["options"] * found.strength


def _declared(field: Field) -> Iterator[Vote]:
    """What the page says in HTML's own vocabulary."""
    for token in field.autocomplete.split():
        if kind := TOKENS.get(token):
            yield "autocomplete", Reading(kind, token, 1.0), WEIGHTS["autocomplete"]
    if field.type in TYPES:
        kind, weight = TYPES[field.type]
        yield "type", Reading(kind, field.type, 1.0), weight


def _texts(field: Field) -> Iterator[tuple[str, str]]:
    """What the page says to people; neighbouring text only counts where nothing is nearer."""
    named = field.label or field.cell
    found = {
        "label": field.label,
        "cell": field.cell,
        "placeholder": field.placeholder,
        "title": field.title,
        "before": "" if named else field.before,
        "column": "" if field.cell else field.column,
        "after": "" if named or field.before or field.placeholder else field.after,
        "group": field.group if field.group != field.label else "",
        "hint": field.hint,
    }
    return ((source, text) for source, text in found.items() if text)


def _declared_first(found: list[Vote]) -> list[Vote]:
    """An autofill token decides alone, unless it is one of several names."""
    declared = {r.kind for source, r, _ in found if source == "autocomplete"}
    names = {r.kind for source, r, _ in found if source != "autocomplete"} & NAMES
    if len(declared) == 1 and not (Kind.FULL_NAME in declared and names):
        return [vote for vote in found if vote[1].kind in declared]
    return found


def _people_first(found: list[Vote]) -> list[Vote]:
    """What people are told overrules what the code calls it; "name" alone supports every name."""
    told = {r.kind for source, r, _ in found if source in FOR_PEOPLE and r.strength > CERTAIN}
    named = {r.kind for source, r, _ in found if source != "after"} & NAMES
    social = any(r.kind is Kind.SOCIAL for _, r, _ in found)
    kept = list[Vote]()
    for source, reading, weight in found:
        kind = reading.kind
        if kind is Kind.NAME and named:
            kind = min(named, key=lambda one: -_weight(found, one))
        if kind is Kind.WEBSITE and social:
            kind = Kind.SOCIAL
        overruled = source in FOR_CODE and told and kind not in told and Kind.NAME not in told
        kept.append((source, replace(reading, kind=kind), weight * (OVERRULED if overruled else 1)))
    return kept


def _weight(found: list[Vote], kind: Kind) -> float:
    return max(weight for _, reading, weight in found if reading.kind is kind)


def decide(found: list[Vote]) -> Mapping:
    """The kind with the most evidence; evidence of others makes it less sure."""
    doubt = defaultdict[Kind, float](lambda: 1.0)
    for _, reading, weight in found:
        doubt[reading.kind] *= 1 - weight
    ranked = sorted(((1 - left, kind) for kind, left in doubt.items()), reverse=True)
    if not ranked:
        return Mapping(Kind.UNKNOWN, 0.0)
    best, kind = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    signals = tuple(Signal(source, r.words) for source, r, _ in found if r.kind == kind)
    return Mapping(kind, round(best * (1 - CONTRADICTION * second), 3), signals)
