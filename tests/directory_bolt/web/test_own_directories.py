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


async def test_a_directory_is_changed_and_retired_and_comes_back(served: Served) -> None:
    await put(served, GUIDE | {"termsDecision": "allowed", "domainAuthority": 40})
    one = f"/api/staff/directories/{(await listed(served))[ADDRESS]['id']}"
    moved = "https://guide.example.org/new?plan=free"
    async with served.http.patch(one, json={"submissionUrl": moved, "domainAuthority": None}) as a:
        assert a.status == 204
    found = (await listed(served))[moved]
    assert (found["name"], found["domainAuthority"], found["isUsed"]) == ("Guide", None, True)
    async with served.http.delete(one) as answer:
        assert answer.status == 204
    found = (await listed(served))[moved]
    assert (found["isUsed"], found["retiredAt"] is None) == (False, False)
    async with served.http.get("/staff/directories") as answer:
        assert "Guide" not in (await answer.text()).split("<tbody>")[-1]
    async with served.http.post(f"{one}/enabled", json={"enabled": True}) as answer:
        assert answer.status == 204
    found = (await listed(served))[moved]
    assert (found["isUsed"], found["retiredAt"]) == (True, None)


async def test_what_cannot_be_changed_is_said_and_left(served: Served) -> None:
    await shop_of(served).directories("demo")
    other = GUIDE | {"submissionUrl": "https://other.example.org/add"}
    await put(served, GUIDE, other)
    found = await listed(served)
    guide, demo = found[ADDRESS]["id"], found["https://demo.example/submit?full=1"]["id"]
    for directory, changes, words in (
        (guide, {"submissionUrl": other["submissionUrl"]}, "Another directory has the address"),
        (guide, {"tier": 9}, "less than or equal to 4"),
        (demo, {"name": "Mine"}, "Directories of the demo"),
    ):
        async with served.http.patch(f"/api/staff/directories/{directory}", json=changes) as answer:
            assert (answer.status, words in await answer.text()) == (422, True)
    assert await listed(served) == found


async def test_directories_are_added_and_changed_on_pages(served: Served) -> None:
    async with served.browsing() as http:
        async with http.get("/staff/directories") as answer:
            assert "Add directories" in await answer.text()
        fields = {"name": "Guide", "submission_url": "guide.example.org", "tier": "1"}
        async with http.post("/staff/directories/new", data=fields) as answer:
            page = await answer.text()
            assert (answer.status, 'id="submission_url-help" class="fault"' in page) == (422, True)
            assert 'value="guide.example.org"' in page, "what was typed stays"
        fields["submission_url"] = ADDRESS
        async with http.post("/staff/directories/new", data=fields) as answer:
            assert (answer.status, "Guide" in await answer.text()) == (200, True)
        pasted = {
            "format": "csv",
            "list": "name,submissionUrl\nOther,https://other.example.org/add",
        }
        async with http.post("/staff/directories/import", data=pasted) as answer:
            assert (answer.status, "Other" in await answer.text()) == (200, True)
        pasted["list"] += "\nThird,nowhere"
        async with http.post("/staff/directories/import", data=pasted) as answer:
            assert (answer.status, "Entry 2, submissionUrl" in await answer.text()) == (422, True)
        one = f"/staff/directories/{(await listed(served))[ADDRESS]['id']}"
        async with http.get(one) as answer:
            assert f'value="{ADDRESS}"' in await answer.text()
        async with http.post(one, data={"name": "The Guide", "lookup_url": ""}) as answer:
            assert (answer.status, "The Guide" in await answer.text()) == (200, True)
        async with http.post(f"{one}/retire") as answer:
            assert answer.status == 200
    assert (await listed(served))[ADDRESS]["enabled"] is False
