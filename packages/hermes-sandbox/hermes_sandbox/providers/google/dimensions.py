"""Search Console's dimensions, read off one fact."""

from hermes_sandbox.providers.demand import Fact

NAMES = ("date", "query", "page", "country", "device")


def value_of(fact: Fact, name: str) -> str | None:
    """What a fact has in a dimension; None for the query of a rare search. ValueError: no such one."""
    known = name.lower()
    if known not in NAMES:
        raise ValueError(f"Invalid value at 'dimensions': {name!r}")
    return fact.day.isoformat() if known == "date" else getattr(fact, known)
