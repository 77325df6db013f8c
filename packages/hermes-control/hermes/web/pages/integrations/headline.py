"""The state of a site's services as one sentence: `1 failed, 2 partial, 9 passed; 2 planned`."""

from hermes.core.views import RollUp

LOUD = frozenset({"failed", "partial"})


def headline(counts: RollUp) -> list[tuple[str, bool]]:
    """(words, whether they are news) of each count that is not zero, the worst first."""
    found = (
        (counts.failed, "failed"),
        (counts.partial, "partial"),
        (counts.needs_config, "needs setup" if counts.needs_config == 1 else "need setup"),
        (counts.running, "running"),
        (counts.passed, "passed"),
        (counts.cancelled, "cancelled"),
        (counts.not_tested, "not tested yet"),
        (counts.blocked, "planned and not built yet"),
    )
    return [(f"{number} {words}", words in LOUD) for number, words in found if number]
