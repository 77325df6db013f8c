"""LexRank with a topic: which sentences say most of what the others say, and of what was asked."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hermes_fleet.content_generator.source import Line
from hermes_fleet.content_generator.text import terms

MOST_LINES = 400  # the nearest to the topic; more would cost time and change little
ROUNDS = 40
TOPIC_SHARE = 0.6  # of the rank that comes from the topic, the rest from the other sentences
PAGE_SHARE = 0.6  # what the subject of a sentence's page counts beside the sentence itself

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line, its rank (all ranks add up to 1), and how near it is to the topic (0-1)."""

    line: Line
    rank: float
    nearness: float
    vector: Vector


def rank(lines: Sequence[Line], subjects: Sequence[str], topic: str) -> list[Ranked]:
    """The lines, best first; `subjects` are those of their pages."""
    documents = [terms(line.text) for line in lines]
    weights = _weights([*documents, *(terms(each) for each in set(subjects))])
    asked = vector(terms(topic), weights)
    near = [
        _nearness(asked, vector(document, weights), vector(terms(subject), weights))
        for document, subject in zip(documents, subjects, strict=True)
    ]
    kept = sorted(range(len(lines)), key=lambda at: (-near[at], at))[:MOST_LINES]
    vectors = [vector(documents[at], weights) for at in kept]
    ranks = _ranks(vectors, [near[at] for at in kept])
    found = [
        Ranked(lines[at], each, near[at], vector)
        for at, each, vector in zip(kept, ranks, vectors, strict=True)
    ]
    return sorted(found, key=lambda each: -each.rank)


def vector(found: Sequence[str], weights: Vector) -> Vector:
    """Terms by weight, of length 1; empty when no term is known."""
    raw = {term: number * weights.get(term, 0.0) for term, number in Counter(found).items()}
    length = math.sqrt(sum(value * value for value in raw.values()))
    return {term: value / length for term, value in raw.items()} if length else {}


def likeness(one: Vector, other: Vector) -> float:
    """The cosine, 0 to 1."""
    shorter, longer = sorted((one, other), key=len)
    return sum(value * longer.get(term, 0.0) for term, value in shorter.items())


def _weights(documents: Sequence[Sequence[str]]) -> Vector:
    """Rare terms weigh more."""
    held = Counter(term for document in documents for term in set(document))
    return {term: math.log(1 + len(documents) / number) for term, number in held.items()}


def _nearness(asked: Vector, line: Vector, subject: Vector) -> float:
    near = likeness(asked, line) + PAGE_SHARE * likeness(asked, subject)
    return near / (1 + PAGE_SHARE)


def _ranks(vectors: Sequence[Vector], near: Sequence[float]) -> list[float]:
    """Power iteration: a sentence is worth what the sentences like it are worth."""
    if not vectors:
        return []
    alike = _alike(vectors)
    whole = sum(near)
    given = [each / whole if whole else 1 / len(near) for each in near]
    ranks = list(given)
    for _round in range(ROUNDS):
        passed = [0.0] * len(ranks)
        for at, (others, total) in enumerate(alike):
            for other, value in others:
                passed[other] += ranks[at] * value / total
        lost = 1 - sum(passed)  # of sentences like no other: it goes to the topic
        ranks = [
            TOPIC_SHARE * own + (1 - TOPIC_SHARE) * (came + lost * own)
            for own, came in zip(given, passed, strict=True)
        ]
    return ranks


def _alike(vectors: Sequence[Vector]) -> list[tuple[list[tuple[int, float]], float]]:
    """For each sentence the others that share a term with it, how much, and the sum of that."""
    holders = defaultdict[str, list[tuple[int, float]]](list)
    for at, each in enumerate(vectors):
        for term, value in each.items():
            holders[term].append((at, value))
    found = list[tuple[list[tuple[int, float]], float]]()
    for at, each in enumerate(vectors):
        shared = defaultdict[int, float](float)
        for term, value in each.items():
            for other, held in holders[term]:
                if other != at:
                    shared[other] += value * held
        found.append((list(shared.items()), sum(shared.values()) or 1.0))
    return found
