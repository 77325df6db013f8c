"""What of the orders the overview shows: the directories that need a person."""

from selectolax.lexbor import LexborHTMLParser

from tests.directory_bolt.web.staff_support import mixed_order, shop_of
from tests.support.served import Served


async def overview(served: Served) -> LexborHTMLParser:
    async with served.http.get("/") as answer:
        return LexborHTMLParser(await answer.text())


async def test_directories_that_need_a_person_are_one_row_of_the_overview(served: Served) -> None:
    assert not (await overview(served)).css("#concern-directories")
    await mixed_order(shop_of(served))
    (row,) = (await overview(served)).css("#concern-directories")
    said = " ".join(row.text().split())
    assert "1 directory needs a person" in said
    assert "Waiting longest: " in said
    assert [link.attributes["href"] for link in row.css("a")] == ["/staff/manual"] * 2
