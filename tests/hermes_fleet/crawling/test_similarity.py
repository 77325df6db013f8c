"""Texts that are almost the same are told from those that are only on one subject."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hermes_fleet.crawling.similarity import alike, groups, simhash

WORDS = [f"word{number}" for number in range(400)]


def text(seed: int, length: int = 800) -> str:
    """A text that follows from its seed."""
    return " ".join(random.Random(seed).choices(WORDS, k=length))


@pytest.mark.parametrize("seed", range(20))
def test_one_other_word_in_a_page_leaves_it_alike(seed: int) -> None:
    words = text(seed).split()
    words[150] = "another"
    assert alike(simhash(text(seed)), simhash(" ".join(words)))


def test_texts_of_the_same_words_in_another_order_are_not_alike() -> None:
    hashes = [simhash(text(seed)) for seed in range(120)]
    pairs = [(a, b) for number, a in enumerate(hashes) for b in hashes[:number]]
    assert not any(alike(a, b) for a, b in pairs)


def test_a_short_text_is_like_nothing_even_itself() -> None:
    assert simhash("a few words only") == 0
    assert not alike(0, 0)


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 2**64 - 1), max_size=12))
def test_groups_are_those_that_comparing_all_pairs_would_give(hashes: dict[str, int]) -> None:
    near = {name: value ^ 0b101 for name, value in hashes.items()}
    both = {f"a{n}": v for n, v in hashes.items()} | {f"b{n}": v for n, v in near.items()}
    found = {name: number for number, names in enumerate(groups(both)) for name in names}
    for one, first in both.items():
        for other, second in both.items():
            if one != other and alike(first, second):
                assert found[one] == found[other]
