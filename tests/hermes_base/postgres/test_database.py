"""What counts as a database that is away, and what is a fault of something else."""

from pathlib import Path

import aiohttp
import pytest

from hermes_base.postgres.database import LOST_DATABASE, DatabaseAwayError, open_pool


@pytest.mark.parametrize(
    "place",
    ["localhost:1/hermes", "nowhere.invalid/hermes", "/hermes?host={folder}"],
    ids=["refused at two addresses", "no such name", "no such socket"],
)
async def test_a_server_that_cannot_be_reached_is_a_database_away(
    place: str, tmp_path: Path
) -> None:
    with pytest.raises(DatabaseAwayError) as away:
        await open_pool(f"postgresql://hermes@{place.format(folder=tmp_path)}")
    assert isinstance(away.value, LOST_DATABASE)


def test_a_missing_file_and_a_worker_away_are_no_database_away() -> None:
    assert not isinstance(FileNotFoundError("page.html"), LOST_DATABASE)
    assert not isinstance(PermissionError("evidence"), LOST_DATABASE)
    assert not isinstance(aiohttp.ClientOSError(113, "No route to host"), LOST_DATABASE)
