"""A sample of the outside through everything: a real runner, a real database, real HTTP.

The other files play each row through the rules alone; here one row of each file of answers, and a few
foreign APIs, must come to the same verdict on the whole way.
"""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from aiohttp import web

from hermes.core.catalog import Catalog
from hermes.core.sites.input import SiteInput
from hermes.core.sites.settings import SiteSettings
from hermes.core.views import RunView
from tests.support.catalog import all_built, shipped_catalog
from tests.support.room import Room, open_room
from tests.support.worker import Handler
from tests.world.foreign import FIGURES, World, serving, shapes
from tests.world.playing import SITE, answered, believed
from tests.world.rows import HERE, read
from tests.world.test_answers import AnswerRow

FILES = sorted((HERE / "answers").glob("*/*.toml"))
CALLED = {service.slug for service in all_built().workers if service.state == "built"}
SAMPLE = [
    [row for row in read(file, "answers", AnswerRow) if row.service in CALLED][-1] for file in FILES
]
"""Of the platform's own services nobody asks a worker."""
SHAPES = {name: shapes()[name] for name in ("rq_job", "assemblyai_transcript", "ogc_processes")}


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with serving() as found:
        yield found


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    """A control room that knows FIGURES too."""
    catalog = Catalog(version=1, services=(*all_built().services, FIGURES))
    async with open_room(database_url, catalog) as found:
        yield found


async def site_in(room: Room) -> UUID:
    """The site of the rows, in the database of this room."""
    site = SiteInput(base_url=SITE.base_url, settings=SiteSettings.model_validate(SITE.settings))
    return (await room.hermes.sites.add(site, "tests")).id


async def smoke(room: Room, site_id: UUID, slug: str) -> RunView:
    """A smoke run of one service, to its end."""
    await room.hermes.jobs.start_smoke(site_id, "tests", slug)
    await room.finish(step=2)
    run = (await room.hermes.integrations.service(site_id, slug)).smoke.run
    assert run is not None
    return run


async def test_an_answer_gets_the_verdict_that_the_rules_alone_give(room: Room) -> None:
    site_id = await site_in(room)
    for row in SAMPLE:
        service = shipped_catalog().service(row.service)
        room.register(row.service)
        room.worker.script(row.service).on_start = answering(row)
        room.clock.forward(60)  # the newest run of a service is the one asked for last
        run = await smoke(room, site_id, row.service)
        alone = answered(service, row.status, row.headers, row.body)
        said = (run.status, run.reason, list(run.outputs.actual_outputs))
        assert said == (alone.status, alone.reason, believed(alone)), row.id


def answering(row: AnswerRow) -> Handler:
    """What the worker answers to a start: the row, byte for byte."""

    async def answer(_request: web.Request) -> web.StreamResponse:
        headers = {"content-type": "application/json", **row.headers}
        return web.Response(body=row.body, status=row.status, headers=headers)

    return answer


@pytest.mark.parametrize("name", SHAPES)
async def test_a_foreign_api_is_followed_by_a_real_runner(
    room: Room, world: World, name: str
) -> None:
    shape, site_id = SHAPES[name], await site_in(room)
    life = next(each for each in shape.lives if each.holds and not each.cancel_after)
    world.play(name, shape, life)
    room.variables[FIGURES.secret] = world.secret(name, shape)
    run = await smoke(room, site_id, FIGURES.slug)
    assert run.status == life.reads.status
