"""Readable text, always the same for the same page."""

from collections.abc import Sequence

from hermes_sandbox.site.dice import Dice
from hermes_sandbox.site.words import FILLINGS

LEAST_WORDS = 160
SENTENCES_A_PARAGRAPH = 3


def paragraphs(
    seed: str, bank: Sequence[str], least: int = LEAST_WORDS, /, **facts: str
) -> tuple[str, ...]:
    """Paragraphs of at least `least` words from the sentences of `bank`, none twice."""
    dice = Dice("prose", seed)
    sentences = list[str]()
    for template in dice.draw(bank, len(bank)):
        if _words(sentences) >= least and len(sentences) % SENTENCES_A_PARAGRAPH == 0:
            break
        sentences.append(_filled(template, dice, facts))
    return tuple(_grouped(sentences))


def _filled(template: str, dice: Dice, facts: dict[str, str]) -> str:
    chosen = {name: dice.pick(choices) for name, choices in FILLINGS.items()}
    text = template.format_map({**chosen, **facts})
    return text[0].upper() + text[1:]


def _grouped(sentences: list[str]) -> list[str]:
    starts = range(0, len(sentences), SENTENCES_A_PARAGRAPH)
    return [" ".join(sentences[at : at + SENTENCES_A_PARAGRAPH]) for at in starts]


def _words(sentences: list[str]) -> int:
    return sum(len(sentence.split()) for sentence in sentences)
