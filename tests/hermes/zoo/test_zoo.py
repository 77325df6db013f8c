"""Every animal of the zoo gets its exact verdict in its time, while all the others misbehave too."""

import asyncio
from collections import Counter
from dataclasses import dataclass

import pytest

from hermes.core.views import RunView
from hermes_base.reasons import Reason
from tests.hermes.zoo.anatomy import Animal
from tests.hermes.zoo.animals import ANIMALS
from tests.hermes.zoo.visit import open_zoo, runs_by_name, visit_all
from tests.support.database import Server

SLACK = 3.0  # s that a crowded machine may add to what the contract allows
WHOLE_VISIT = 60.0


@dataclass(frozen=True)
class Sighting:
    """What Hermes says of an animal, and what the animal saw of Hermes."""

    run: RunView
    seen: Counter[str]


@pytest.fixture(scope="session")
def sightings(server: Server) -> dict[str, Sighting]:
    """The whole zoo, visited at once by one runner."""

    async def visit() -> dict[str, Sighting]:
        url = await server.database()
        async with open_zoo(url, ANIMALS, {}) as zoo:
            site = await zoo.add_site("zoo")
            await visit_all(zoo, site, ANIMALS)
            await zoo.over([site], WHOLE_VISIT)
            runs = await runs_by_name(zoo, site)
            return {a.name: Sighting(runs[a.name], zoo.cages[a.name].seen) for a in ANIMALS}

    return asyncio.run(visit())


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_every_animal_gets_its_exact_verdict(
    animal: Animal, sightings: dict[str, Sighting]
) -> None:
    run = sightings[animal.name].run
    assert (run.status, run.reason) == (animal.status, animal.reason), run.detail
    assert run.outputs.actual_outputs == list(animal.actual)
    assert run.outputs.missing_outputs == list(animal.missing)
    if animal.trouble is not None:
        assert run.metrics["lastTrouble"]["reason"] == animal.trouble
    for slug, value in animal.values.items():
        assert run.outputs.metrics[slug] == value


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_every_animal_is_judged_in_its_time(animal: Animal, sightings: dict[str, Sighting]) -> None:
    run = sightings[animal.name].run
    assert run.finished_at is not None
    seconds = (run.finished_at - run.created_at).total_seconds()
    assert animal.not_before <= seconds <= animal.within + SLACK


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.name)
def test_no_animal_is_started_more_often_than_it_may_be(
    animal: Animal, sightings: dict[str, Sighting]
) -> None:
    assert sightings[animal.name].seen["/start"] == (animal.starts if animal.is_smoke else 0)


@pytest.mark.parametrize("animal", [a for a in ANIMALS if a.reason], ids=lambda animal: animal.name)
def test_every_verdict_is_explained_to_people(
    animal: Animal, sightings: dict[str, Sighting]
) -> None:
    run = sightings[animal.name].run
    assert all((run.reason_label, run.detail, run.cause, run.next_step))


def test_the_zoo_has_at_least_sixty_animals_of_different_names() -> None:
    assert len({animal.name for animal in ANIMALS}) == len(ANIMALS) >= 60
    assert {animal.reason for animal in ANIMALS} - {None} <= set(Reason)
