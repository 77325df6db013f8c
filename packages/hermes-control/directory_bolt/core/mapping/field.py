"""What one field asks for: each signal votes, in the order in which signals can be trusted."""

import re
from collections import defaultdict
from dataclasses import replace

from directory_bolt.core.forms.kinds import Kind, Mapping, Signal
from directory_bolt.core.forms.page import Field
from directory_bolt.core.mapping.controls import allowed, of_tick
from directory_bolt.core.mapping.votes import Vote, texts_of, votes

CERTAIN = 0.55
"""Below this confidence a field is not filled in."""
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


def map_field(field: Field) -> Mapping:
    """Kind, confidence and the signals that decided; HONEYPOT for what a person does not see."""
    if field.hidden:
        return Mapping(Kind.HONEYPOT, 1.0, (Signal("visibility", field.hidden),))
    if field.is_tick:
        return of_tick(field)
    found = [vote for vote in votes(field) if allowed(vote[1].kind, field)]
    if puzzle := PUZZLE.search(" ".join(text for _, text in texts_of(field)).lower()):
        return Mapping(Kind.CAPTCHA, 0.95, (Signal("label", puzzle[0]),))
    traps = [vote for vote in found if vote[1].kind is Kind.HONEYPOT]
    return decide(traps or _declared_first(_people_first(found)))


def _people_first(found: list[Vote]) -> list[Vote]:
    """What people are told overrules what the code calls it; "name" alone supports every name."""
    certain = {r.kind for source, r, _ in found if source in FOR_PEOPLE and r.strength > CERTAIN}
    named = {r.kind for source, r, _ in found if source != "after"} & NAMES
    named_so = Kind.NAME in certain
    social = any(r.kind is Kind.SOCIAL for _, r, _ in found)
    kept = list[Vote]()
    for source, reading, weight in found:
        kind = reading.kind
        if kind is Kind.NAME and named:
            kind = min(named, key=lambda one: -_weight(found, one))
        if kind is Kind.WEBSITE and social:
            kind = Kind.SOCIAL
        overruled = (
            source in FOR_CODE
            and certain
            and kind not in certain
            and not (named_so and kind in NAMES)
        )
        kept.append((source, replace(reading, kind=kind), weight * (OVERRULED if overruled else 1)))
    return kept


def _declared_first(found: list[Vote]) -> list[Vote]:
    """An autofill token decides alone, unless it is one of several names."""
    declared = {r.kind for source, r, _ in found if source == "autocomplete"}
    names = {r.kind for source, r, _ in found if source != "autocomplete"} & NAMES
    if len(declared) == 1 and not (Kind.FULL_NAME in declared and names):
        return [vote for vote in found if vote[1].kind in declared]
    return found


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
