"""Tables as CSV: the same rows as their page shows, in which a spreadsheet finds no formula."""

import csv

import pytest

from hermes_base.web.tables import cell
from tests.hermes.upkeep.test_alerts import judge
from tests.hermes.web.test_pages import one, tree_of
from tests.support.served import Served


async def table(served: Served, path: str) -> list[dict[str, str]]:
    async with served.http.get(path) as reply:
        assert reply.status == 200
        assert "attachment" in reply.headers["Content-Disposition"]
        return list(csv.DictReader((await reply.text("utf-8-sig")).splitlines()))


async def test_runs_are_taken_away_as_their_page_is_filtered(served: Served) -> None:
    await judge(served.room, "failed", "success", error="=cmd()")
    base = f"/sites/{served.room.site.id}/runs"
    found = await table(served, f"{base}.csv")
    assert [row["status"] for row in found] == ["Passed", "Failed"]
    assert found[1]["detail"] == "'=cmd()"
    link = one(await tree_of(served, f"{base}?verdict=failed"), "#take-away").attributes["href"]
    assert [row["status"] for row in await table(served, str(link))] == ["Failed"]


async def test_integrations_are_taken_away_as_their_page_is_filtered(served: Served) -> None:
    await judge(served.room, "failed")
    base = f"/sites/{served.room.site.id}/integrations"
    every = await table(served, f"{base}.csv")
    assert len(every) == len(list(served.room.catalog.workers))
    link = one(await tree_of(served, f"{base}?q=knowledge"), "#take-away").attributes["href"]
    (row,) = await table(served, str(link))
    assert (row["service"], row["smoke"]) == ("seo_kbase", "Failed")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_run_is_quoted(text: str) -> None:
    assert cell(text) == f"'{text}"
