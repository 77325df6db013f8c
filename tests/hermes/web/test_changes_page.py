"""Changes: proposed by programs and people, approved by a signed-in person alone, read by the executor."""

from typing import Any
from uuid import UUID

import pytest

from hermes_base.problems import Problem
from tests.hermes.web.test_pages import one, press, said, site_path, tree_of
from tests.support.served import Served

TITLE = {
    "page": "/prices",
    "kind": "title",
    "before": "Prices",
    "after": "What it costs",
    "why": "Too short",
}


async def proposed(served: Served, **more: Any) -> dict[str, Any]:
    """A change that a program proposed by the API."""
    path = f"/api{site_path(served, 'changes')}"
    async with served.http.post(path, json=TITLE | more) as answer:
        assert answer.status == 201, await answer.text()
        return await answer.json()


async def told(served: Served, query: str = "") -> list[dict[str, Any]]:
    async with served.http.get(f"/api{site_path(served, 'changes')}{query}") as answer:
        assert answer.status == 200
        return await answer.json()


async def pressed(served: Served, change: str, what: str) -> int:
    """A person in a browser presses a button of the page."""
    user = await served.user()
    async with (
        served.browsing(user) as http,
        http.post(site_path(served, f"changes/{change}/{what}"), allow_redirects=False) as answer,
    ):
        return answer.status


async def test_what_a_program_proposes_waits_and_shows_word_by_word_what_would_change(
    served: Served,
) -> None:
    made = await proposed(served)
    assert (made["state"], made["approvedBy"], made["path"]) == ("proposed", None, "/prices")
    assert made["page"] == f"{served.room.site.base_url}/prices"
    tree = await tree_of(served, site_path(served, "changes"))
    row = one(tree, f"#waiting #change-{made['id']}")
    assert [said(each) for each in row.css("del")] == ["Prices"]
    assert [said(each) for each in row.css("ins")] == ["What it costs"]
    assert "Too short" in said(row)
    assert await told(served, "?state=approved") == []


@pytest.mark.parametrize("what", ["approve", "reject", "roll-back"])
async def test_no_program_decides_whatever_its_role(served: Served, what: str) -> None:
    made = await proposed(served)
    status, _, body = await press(served, site_path(served, f"changes/{made['id']}/{what}"))
    assert (status, "signed-in user, not an API token" in body) == (403, True)
    assert [each["state"] for each in await told(served)] == ["proposed"]


async def test_an_approval_names_the_person_and_is_on_record(served: Served) -> None:
    made = await proposed(served)
    assert await pressed(served, made["id"], "approve") == 303
    (found,) = await told(served, "?state=approved")
    assert (found["id"], found["approvedBy"]) == (made["id"], "ann@example.com")
    assert found["approvedAt"]
    events = await served.room.hermes.pool.fetch(
        "select actor, action, detail from audit_events where action like 'change_%' order by id"
    )
    assert [event["action"] for event in events] == ["change_proposed", "change_approved"]
    assert events[1]["actor"] == "ann@example.com"
    assert events[1]["detail"]["after"] == "What it costs"


async def test_a_decision_stands(served: Served) -> None:
    made = await proposed(served)
    await served.room.hermes.changes.decide(
        served.room.site.id, UUID(made["id"]), "rejected", "ann"
    )
    with pytest.raises(Problem) as again:
        await served.room.hermes.changes.decide(
            served.room.site.id, UUID(made["id"]), "approved", "bob"
        )
    assert again.value.code == "unknown_change"
    tree = await tree_of(served, site_path(served, "changes"))
    assert "Rejected by ann" in said(one(tree, f"#rejected #change-{made['id']}"))


async def test_an_approved_change_shows_its_pull_request_and_can_be_taken_back(
    served: Served,
) -> None:
    made = await proposed(served)
    changes, site = served.room.hermes.changes, served.room.site.id
    await changes.decide(site, UUID(made["id"]), "approved", "ann@example.com")
    await changes.roll_back(site, UUID(made["id"]), "bob@example.com")
    (found,) = await told(served, "?state=approved")
    assert (found["rollBack"], found["rolledBackBy"]) == (True, "bob@example.com")
    tree = await tree_of(served, site_path(served, "changes"))
    assert "Being taken back" in said(one(tree, f"#approved #change-{made['id']}"))
    with pytest.raises(Problem):
        await changes.roll_back(site, UUID(made["id"]), "bob@example.com")


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"page": "https://elsewhere.example/"}, "page", "is not on"),
        ({"kind": "alt"}, "target", "say which image or link"),
        ({"target": "/x.png"}, "target", "only images and links"),
        ({"after": " "}, "after", "enter the new value"),
        ({"after": "Prices"}, "after", "there already"),
        ({"after": "two\nlines"}, "after", ""),
        ({"kind": "script"}, "kind", ""),
    ],
)
async def test_what_cannot_be_changed_is_refused_beside_its_field(
    served: Served, wrong: dict[str, str], field: str, words: str
) -> None:
    path = f"/api{site_path(served, 'changes')}"
    async with served.http.post(path, json=TITLE | wrong) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert answer.status == 422
    faults = {each["field"]: each["message"] for each in problem["details"]}
    assert field in faults
    assert words in faults[field]


async def test_the_form_is_filled_by_a_finding_and_says_what_is_wrong_beside_its_field(
    served: Served,
) -> None:
    tree = await tree_of(served, site_path(served, "changes?page=/prices&kind=title&why=No+title"))
    assert one(tree, "#page").attributes["value"] == "/prices"
    assert one(tree, "#why").attributes["value"] == "No title"
    status, _, body = await press(
        served, site_path(served, "changes"), page="/prices", kind="title", after=""
    )
    assert status == 422
    assert "Enter the new value" in body
    status, _, _ = await press(
        served, site_path(served, "changes"), page="/prices", kind="title", after="Prices"
    )
    assert status == 303
    (made,) = await told(served)
    assert (made["before"], made["after"]) == (None, "Prices")


async def test_a_change_of_another_site_is_not_found(served: Served) -> None:
    made = await proposed(served)
    with pytest.raises(Problem) as refused:
        await served.room.hermes.within(UUID(int=7)).changes.of(served.room.site.id)
    assert refused.value.code == "unknown_site"
    with pytest.raises(Problem):
        await served.room.hermes.changes.decide(UUID(int=7), UUID(made["id"]), "approved", "ann")
