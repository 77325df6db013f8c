"""The zoo: every misbehaving worker as data, each with the verdict that the design promises it."""

from tests.hermes.zoo import in_words, on_the_line, on_the_wire, over_time
from tests.hermes.zoo.anatomy import Animal

ANIMALS: tuple[Animal, ...] = (
    *on_the_wire.ANIMALS,
    *in_words.ANIMALS,
    *over_time.ANIMALS,
    *on_the_line.ANIMALS,
)
