"""Flesch reading ease, with syllables counted by rule: for English text only."""

import re

from hermes_fleet.content_generator.text import sentences, words

VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?:[^l]e|[^td]ed|[^aeiouysxzcgh]es)$")
APART = re.compile(r"(?:i[aou]|[aeiou]ing$|eo|ua[lrt])")
JOINED = re.compile(r"(?:[tscg]i(?:on|ou|a)|geo)")


def syllables(word: str) -> int:
    """At least one. Groups of vowels, but for a silent ending and for vowels that are spoken apart."""
    plain = word.lower()
    found = len(VOWELS.findall(plain))
    found -= 1 if SILENT_END.search(plain) and found > 1 else 0
    found += len(APART.findall(plain)) - len(JOINED.findall(plain))
    return max(1, found)


def reading_ease(text: str) -> float | None:
    """206.835 - 1.015 words a sentence - 84.6 syllables a word; None for a text without words.

    0-30 is hard, 60-70 plain, 90-100 very easy.
    """
    found, found_sentences = words(text), sentences(text)
    if not found or not found_sentences:
        return None
    spoken = sum(syllables(word) for word in found)
    ease = 206.835 - 1.015 * len(found) / len(found_sentences) - 84.6 * spoken / len(found)
    return round(ease, 1)
