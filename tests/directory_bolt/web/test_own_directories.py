"""Directories of the business's own come in by the API: all of a request, or none; orders wait for them."""

from directory_bolt.processes.flow import NO_DIRECTORIES
from tests.directory_bolt.processes.shop import checkout
from tests.directory_bolt.web.staff_support import shop_of
from tests.support.served import Served

ADDRESS = "https://guide.example.org/submit?plan=free"
GUIDE: dict[str, object] = {
    "name": "Guide",
    "submissionUrl": "https://guide.example.org/submit?plan=free",
}


async def put(served: Served, *entries: dict[str, object]) -> tuple[int, dict[str, object]]:
    async with served.http.post("/api/staff/directories", json=list(entries)) as answer:
        return answer.status, await answer.json()


async def listed(served: Served) -> dict[str, dict[str, object]]:
    async with served.http.get("/api/staff/directories") as answer:
        return {each["submissionUrl"]: each for each in await answer.json()}


async def test_directories_are_added_and_updated_by_their_whole_address(served: Served) -> None:
    other = GUIDE | {"submissionUrl": "https://guide.example.org/submit?plan=paid", "tier": 1}
    assert await put(served, GUIDE | {"termsDecision": "allowed"}, other) == (
        200,
        {"directories": 2},
    )
    assert await put(served, GUIDE | {"name": "The Guide"}) == (200, {"directories": 1})
    found = await listed(served)
    assert set(found) == {ADDRESS, other["submissionUrl"]}
    guide = found[ADDRESS]
    assert (guide["name"], guide["isDemo"], guide["isUsed"]) == ("The Guide", False, True)
    assert found[str(other["submissionUrl"])]["isUsed"] is False, "nobody has looked at its terms"


async def test_one_wrong_entry_leaves_all_out(served: Served) -> None:
    await shop_of(served).directories("demo")
    demo: dict[str, object] = {
        "name": "Mine",
        "submissionUrl": "https://demo.example/submit?full=1",
    }
    for wrong, words in (
        (GUIDE, "is named twice"),
        (demo, "belong to demo directories"),
    ):
        status, told = await put(served, GUIDE, wrong)
        assert (status, told["code"]) == (422, "invalid_request")
        assert words in str(told["message"])
    assert [each["name"] for each in (await listed(served)).values()] == ["demo"]


async def test_an_order_that_waits_says_why_on_its_page_and_to_its_customer(served: Served) -> None:
    shop = shop_of(served)
    event = checkout(1, livemode=True) | {"livemode": True}
    job_id = (await shop.orders.intake.receive_event(event)).job_id
    assert job_id is not None
    await shop.work_off(job_id)
    async with served.http.get(f"/api/staff/jobs/{job_id}") as answer:
        told = await answer.json()
    assert (told["status"], told["live"], told["errorMessage"]) == ("waiting", True, NO_DIRECTORIES)
    assert "cancel" in told["actions"]
    async with served.http.get(f"/staff/jobs/{job_id}") as answer:
        page = await answer.text()
    assert NO_DIRECTORIES in page
    assert "dead letters" not in page.split('id="waits"')[1].split("</section>")[0]
    async with served.http.get("/staff/dashboard?status=waiting") as answer:
        assert "Waiting for directories" in await answer.text()
    async with served.http.post(f"/api/staff/jobs/{job_id}/customer-link") as answer:
        link = (await answer.json())["url"]
    async with served.http.get(link) as answer:
        assert "choosing the directories" in await answer.text()
