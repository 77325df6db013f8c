"""Labels and sentences of the directories, by language."""

from hermes_sandbox.directories.words import de, en, es, fr, it, nl, pt

LABELS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": en.LABELS,
    "de": de.LABELS,
    "es": es.LABELS,
    "fr": fr.LABELS,
    "it": it.LABELS,
    "nl": nl.LABELS,
    "pt": pt.LABELS,
}
"""Language -> what is asked -> the label in one or more wordings."""
PHRASES: dict[str, dict[str, str]] = {
    "en": en.PHRASES,
    "de": de.PHRASES,
    "es": es.PHRASES,
    "fr": fr.PHRASES,
    "it": it.PHRASES,
    "nl": nl.PHRASES,
    "pt": pt.PHRASES,
}
"""Language -> sentence by its name; a language lacks those that no directory of it says."""
DAYS = {"en": en.DAYS, "de": de.DAYS}


def label(language: str, asked: str, wording: int = 0) -> str:
    """The label of what is asked, in the wording of this number where there are so many."""
    wordings = LABELS[language][asked]
    return wordings[min(wording, len(wordings) - 1)]
