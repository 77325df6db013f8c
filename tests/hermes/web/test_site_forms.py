"""Adding, changing and deleting a site: by form and by API, with what is wrong beside its field."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from selectolax.lexbor import LexborHTMLParser

from hermes.core.sites.input import SiteChange, SiteInput
from hermes.core.views import SiteView
from hermes_base.problems import Problem
from tests.hermes.web.test_pages import one, press, said, site_path, tree_of
from tests.support.served import Served

WHOLE = {
    "base_url": "shop.example",
    "name": "Shop",
    "keywords": "running shoes\r\n\r\ntrail shoes\r\n",
    "competitors": "rival.example",
    "gsc_site": "sc-domain:shop.example",
    "ga4_property": "123456789",
    "notify_to": "team@shop.example",
    "pages": "/prices",
}
STORED = {
    "keywords": ["running shoes", "trail shoes"],
    "competitors": ["https://rival.example"],
    "gsc_site": "sc-domain:shop.example",
    "ga4_property": "123456789",
    "notify_to": "team@shop.example",
    "pages": ["https://shop.example/prices"],
}


async def typed_in(served: Served, path: str) -> dict[str, str]:
    """What the fields of the form on a page hold."""
    tree = await tree_of(served, path)
    inputs = {i.attributes["name"]: i.attributes.get("value") or "" for i in tree.css(".site-form input")}  # fmt: skip
    areas = {a.attributes["name"]: a.text().removeprefix("\n") for a in tree.css(".site-form textarea")}  # fmt: skip
    return {str(name): value for name, value in {**inputs, **areas}.items()}


async def audited(served: Served, action: str) -> list[dict[str, Any]]:
    rows = await served.room.hermes.pool.fetch(
        "select subject, site_id, detail from audit_events where action = $1 order by id", action
    )
    return [dict(row) for row in rows]


async def start(served: Served) -> UUID:
    served.room.register("content_qa")
    started = await served.room.hermes.jobs.start_smoke(served.room.site.id, "tests", "content_qa")
    return started.job_id


async def site_of(served: Served) -> SiteView:
    return await served.room.hermes.sites.one(served.room.site.id)


async def test_a_whole_site_is_added_by_its_form_and_read_back_by_the_edit_form(
    served: Served,
) -> None:
    form = await typed_in(served, "/sites/new")
    assert set(WHOLE) <= set(form)
    status, headers, _ = await press(served, "/sites", None, **WHOLE)
    assert status == 303
    added = UUID(headers["Location"].split("/")[2])
    site = await served.room.hermes.sites.one(added)
    assert (site.base_url, site.name, site.settings) == ("https://shop.example", "Shop", STORED)
    shown = await typed_in(served, f"/sites/{added}/edit")
    assert shown["keywords"] == "running shoes\ntrail shoes"
    assert shown["pages"] == "https://shop.example/prices"
    assert shown["ga4_property"] == "123456789"


async def test_every_wrong_field_is_told_beside_it_and_in_a_list_above_and_all_typing_is_kept(
    served: Served,
) -> None:
    wrong = WHOLE | {"ga4_property": "G-ABC", "competitors": "rival.example\r\nno way"}
    status, _, body = await press(served, "/sites", None, **wrong)
    tree = LexborHTMLParser(body)
    assert status == 422
    assert "measurement ID of a web stream" in said(one(tree, "#ga4_property-fault"))
    assert said(one(tree, "#competitors-fault")).startswith("Line 2, 'no way': must be")
    assert [a.attributes["href"] for a in tree.css("#not-saved a")] == [
        "#competitors",
        "#ga4_property",
    ]
    for name in ("ga4_property", "competitors"):
        field = one(tree, f"#{name}")
        assert field.attributes["aria-invalid"] == "true"
        assert f"{name}-fault" in str(field.attributes["aria-describedby"])
    assert "aria-invalid" not in one(tree, "#keywords").attributes
    assert one(tree, "#competitors").text().splitlines()[-1] == "no way"
    assert one(tree, "#ga4_property").attributes["value"] == "G-ABC"
    assert "autofocus" in one(tree, "#competitors").attributes
    assert len(await served.room.hermes.sites.all()) == 1


async def test_the_form_says_which_services_need_a_field(served: Served) -> None:
    built = served.room.catalog.service("serp_intel").model_copy(
        update={"requires_site": ("base_url", "keywords")}
    )
    services = tuple(built if s.slug == "serp_intel" else s for s in served.room.catalog.services)
    changed = served.room.catalog.model_copy(update={"services": services})
    served.room.hermes.scope = replace(served.room.hermes.scope, catalogs=lambda: changed)
    tree = await tree_of(served, "/sites/new")
    assert said(one(tree, "#keywords-help")).endswith("Needed by SERP & Keyword Intelligence")
    assert "Needed by" not in said(one(tree, "#competitors-help"))


async def test_what_is_typed_is_text_and_never_markup(served: Served) -> None:
    evil = '"><script>alert(1)</script></textarea><img src=x>'
    _, _, body = await press(served, "/sites", base_url=evil, keywords=evil, name=evil)
    tree = LexborHTMLParser(body)
    assert not tree.css(".site-form script")
    assert not tree.css(".site-form img")
    assert one(tree, "#keywords").text().strip() == evil


async def test_an_edit_changes_only_what_is_different_and_the_audit_says_which(
    served: Served,
) -> None:
    path = site_path(served, "edit")
    form = await typed_in(served, path) | {"keywords": "shoes", "notify_to": "a@shop.example"}
    status, headers, _ = await press(served, path, None, **form)
    assert (status, headers["Location"]) == (303, site_path(served))
    assert (await site_of(served)).settings == {"keywords": ["shoes"], "notify_to": "a@shop.example"}  # fmt: skip
    (event,) = await audited(served, "site_changed")
    assert event["detail"] == {"changed": ["settings.keywords", "settings.notify_to"]}
    assert event["site_id"] == served.room.site.id
    form = await typed_in(served, path) | {"keywords": ""}
    await press(served, path, None, **form)
    assert (await site_of(served)).settings == {"notify_to": "a@shop.example"}


async def test_saving_without_a_change_changes_nothing(served: Served) -> None:
    path = site_path(served, "edit")
    before = await site_of(served)
    status, _, _ = await press(served, path, None, **await typed_in(served, path))
    assert status == 303
    assert await site_of(served) == before
    assert await audited(served, "site_changed") == []


async def test_the_second_of_two_editors_sees_what_the_first_did_before_overwriting_it(
    served: Served,
) -> None:
    path = site_path(served, "edit")
    second = await typed_in(served, path) | {"keywords": "boots", "name": "Second"}
    first = await typed_in(served, path) | {"keywords": "shoes"}
    await press(served, path, None, **first)
    status, _, body = await press(served, path, None, **second)
    tree = LexborHTMLParser(body)
    assert status == 409
    assert (await site_of(served)).settings == {"keywords": ["shoes"]}
    assert "Someone else changed this site" in said(one(tree, "#not-saved"))
    assert said(one(tree, "#keywords-fault")).startswith("Current value: shoes.")
    assert said(one(tree, "#name-fault")).startswith("Current value: Example.")
    assert not tree.css("#competitors-fault")
    assert one(tree, "#keywords").text().strip() == "boots"
    seen = str(one(tree, "[name=updated_at]").attributes["value"])
    status, _, _ = await press(served, path, None, **second | {"updated_at": seen})
    assert status == 303
    assert (await site_of(served)).settings == {"keywords": ["boots"]}


async def test_an_address_that_another_site_has_is_refused_beside_it(served: Served) -> None:
    await served.room.hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    path = site_path(served, "edit")
    form = await typed_in(served, path) | {"base_url": "other.example"}
    status, _, body = await press(served, path, None, **form)
    assert status == 409
    fault = said(one(LexborHTMLParser(body), "#base_url-fault"))
    assert fault.startswith("A site with the address https://other.example already exists.")
    assert (await site_of(served)).base_url == "https://site.example"


async def test_a_form_without_the_time_it_was_read_is_refused(served: Served) -> None:
    status, _, body = await press(served, site_path(served, "edit"), base_url="x.example")
    assert status == 422
    assert "Open the form again." in body


async def test_the_demo_sites_address_cannot_be_edited(served: Served) -> None:
    demo = await served.room.hermes.sites.put_demo("Demo", "http://127.0.0.1:8420", {})
    path = f"/sites/{demo.id}/edit"
    tree = await tree_of(served, path)
    assert "readonly" in one(tree, "#base_url").attributes
    form = await typed_in(served, path) | {"base_url": "shop.example"}
    status, _, body = await press(served, path, None, **form)
    assert status == 422
    assert "cannot be changed" in said(one(LexborHTMLParser(body), "#base_url-fault"))
    form = await typed_in(served, path) | {"keywords": "a"}
    status, _, _ = await press(served, path, None, **form)
    assert status == 303


async def test_a_site_is_deleted_with_its_runs_once_its_name_is_typed(served: Served) -> None:
    room = served.room
    job_id = await start(served)
    await room.finish()
    path = site_path(served, "delete")
    assert "Delete Example?" in said(one(await tree_of(served, path), "h1"))
    status, _, body = await press(served, path, name="example")
    assert status == 422
    assert one(LexborHTMLParser(body), "#name").attributes["value"] == "example"
    assert "exactly" in said(one(LexborHTMLParser(body), ".notice"))
    status, headers, _ = await press(served, path, name=" Example ")
    assert (status, headers["Location"]) == (303, "/")
    assert await room.hermes.sites.all() == []
    left = await room.hermes.pool.fetchval("select count(*) from service_runs where job_id = $1", job_id)  # fmt: skip
    assert left == 0
    (event,) = await audited(served, "site_deleted")
    assert (event["subject"], event["detail"]["siteId"]) == ("Example", str(room.site.id))
    assert said(one(await tree_of(served, "/"), "#no-site")).startswith("No sites yet")


async def test_a_site_is_not_deleted_while_runs_go_on(served: Served) -> None:
    job_id = await start(served)
    status, _, body = await press(served, site_path(served, "delete"), name="Example")
    assert status == 409
    assert "1 run of this site have not finished." in body
    await served.room.hermes.jobs.cancel(job_id, "tests")
    status, _, _ = await press(served, site_path(served, "delete"), name="Example")
    assert status == 303


async def test_a_site_is_not_deleted_while_a_worker_may_still_be_at_it(served: Served) -> None:
    """A cancelled run keeps its slot until the worker confirms: the slot must not be forgotten."""
    room = served.room
    room.worker.script("content_qa").polls = 500
    job_id = await start(served)
    await room.runner().drain()
    await room.hermes.pool.execute(
        "update service_runs set status = 'cancelled', reason = 'cancelled', finished_at = now(),"
        " phase = 'settling' where job_id = $1",
        job_id,
    )
    assert await room.hermes.pool.fetchval("select bool_and(holds_slot) from service_runs")
    status, _, body = await press(served, site_path(served, "delete"), name="Example")
    assert status == 409
    assert "Each worker must confirm that its job has ended" in body


async def test_the_api_adds_a_site_with_settings_and_names_what_is_wrong(served: Served) -> None:
    wanted: dict[str, Any] = {"baseUrl": "shop.example", "settings": {"keywords": ["a"]}}
    async with served.http.post("/api/sites", json=wanted) as answer:
        added = await answer.json()
    assert (answer.status, added["settings"]) == (201, {"keywords": ["a"]})
    for settings, field in (
        ({"keyword": ["a"]}, "settings.keyword"),
        ({"ga4_property": "UA-1"}, "settings.ga4_property"),
        ({"pages": ["https://else.example"]}, "settings.pages"),
    ):
        body = {"baseUrl": "https://b.example", "settings": settings}
        async with served.http.post("/api/sites", json=body) as answer:
            problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, problem["code"]) == (422, "invalid_request")
        assert problem["field"] == field
        assert problem["message"].startswith(f"{field}: ")
        assert "Value error" not in problem["message"]


async def test_the_api_changes_what_is_named_and_nothing_else(served: Served) -> None:
    path = f"/api/sites/{served.room.site.id}"
    async with served.http.get(path) as answer:
        read = await answer.json()
    change = {"updatedAt": read["updatedAt"], "settings": {"notify_to": "a@b.example"}}
    async with served.http.patch(path, json=change) as answer:
        changed = await answer.json()
    assert (answer.status, changed["name"]) == (200, "Example")
    assert changed["settings"] == {"notify_to": "a@b.example"}
    async with served.http.patch(path, json=change) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["code"]) == (409, "site_changed")
    cleared = {"updatedAt": changed["updatedAt"], "name": "New", "settings": {"notify_to": None}}
    async with served.http.patch(path, json=cleared) as answer:
        assert ((await answer.json())["name"], answer.status) == ("New", 200)
    assert (await site_of(served)).settings == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "updatedAt"),
        ({"updatedAt": "yesterday"}, "updatedAt"),
        ({"updatedAt": "2026-11-21T09:00:00"}, "updatedAt"),
        ({"updatedAt": "2026-11-21T09:00:00Z", "isDemo": False}, "isDemo"),
    ],
)
async def test_a_malformed_change_is_refused_by_field(
    served: Served, body: dict[str, Any], field: str
) -> None:
    async with served.http.patch(f"/api/sites/{served.room.site.id}", json=body) as answer:
        problem = await answer.json(content_type="application/problem+json")
    assert (answer.status, problem["field"]) == (422, field)


async def test_the_api_deletes_a_site_by_its_name(served: Served) -> None:
    path = f"/api/sites/{served.room.site.id}"
    for query, status, code in (("", 422, "invalid_request"), ("?name=Other", 422, "name_differs")):
        async with served.http.delete(path + query) as answer:
            problem = await answer.json(content_type="application/problem+json")
        assert (answer.status, problem["code"]) == (status, code)
    async with served.http.delete(f"{path}?name={quote('Example')}") as answer:
        assert answer.status == 204
    async with served.http.get(path) as answer:
        assert answer.status == 404


async def test_who_is_limited_to_another_site_can_neither_change_nor_delete_this_one(
    served: Served,
) -> None:
    hermes = served.room.hermes
    other = await hermes.sites.add(SiteInput(base_url="https://other.example"), "tests")
    limited, site = hermes.within(other.id), await site_of(served)
    assert site.updated_at is not None
    with pytest.raises(Problem, match="There is no site"):
        await limited.sites.change(site.id, SiteChange(updated_at=site.updated_at, name="X"), "t")
    with pytest.raises(Problem, match="There is no site"):
        await limited.sites.delete(site.id, "Example", "t")
    assert await site_of(served) == site


async def test_a_viewer_sees_no_way_to_change_a_site_and_is_refused_one(served: Served) -> None:
    viewer = await served.user("eve@example.com", "viewer")
    async with served.browsing(viewer) as http:
        async with http.get("/") as answer:
            tree = LexborHTMLParser(await answer.text())
        assert not tree.css("#new-site")
        assert not tree.css("a[href$='/edit']")
        for path in ("/sites/new", site_path(served, "edit"), site_path(served, "delete")):
            async with http.get(path) as answer:
                assert answer.status == 403
        async with http.post(site_path(served, "delete"), data={"name": "Example"}) as answer:
            assert answer.status == 403
    assert len(await served.room.hermes.sites.all()) == 1
