"""Open alerts as rows to act on: what an alert waits for is told by the runs since it opened."""

import csv
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from hermes.core.alerts import AlertRule
from hermes.core.views.alerts import standing_of
from hermes.upkeep.alerting import Alerting
from tests.hermes.web.test_pages import one, press, said, tree_of
from tests.hermes.web.test_pages_in_a_browser import opened
from tests.hermes.web.test_settings_pages import fail_twice
from tests.support.catalog import outputs_of
from tests.support.served import Served
from tests.support.worker import done

SLUG = "seo_kbase"
ROW = "#open-alerts > li"


async def retested(served: Served, without: str = "") -> None:
    """One more smoke test of the service whose alert is open: it returns all outputs, or all but one."""
    room = served.room
    outputs = outputs_of(room.catalog.service(SLUG), *([without] if without else []))
    room.worker.script(SLUG).final = done(outputs)
    room.clock.forward(60)
    await room.hermes.jobs.start_smoke(room.site.id, "tests", SLUG)
    await room.finish(step=1)
    await Alerting(room.hermes.scope, room.hermes.jobs).review()


@pytest.mark.parametrize(
    ("since", "awaited", "standing", "words"),
    [
        ([], 2, "failing", "Not tested since; closes after two passed runs in a row."),
        (["failed"], 2, "failing", "Failed once more since; closes after two passed runs in a row."),
        (["failed", "failed"], 1, "failing", "Failed twice more since; closes after one passed run."),
        (["success"], 2, "recovering", "Passed once since; closes after one more."),
        (["success", "success", "failed"], 4, "recovering", "Passed twice since; closes after two more."),
        (["success", "partial"], 3, "recovering", "Passed once since; closes after two more."),
        (["partial"], 2, "partial", "Partial at its last run, which neither failed nor passed; closes after two passed runs in a row."),
        (["partial", "success"], 1, "partial", "Partial at its last run, which neither failed nor passed; closes after one passed run."),
        (["success"], 1, "recovering", "Passed once since; closes after one more."),
    ],
)  # fmt: skip
def test_an_open_alert_says_what_it_waits_for(
    since: list[str], awaited: int, standing: str, words: str
) -> None:
    assert standing_of(since, AlertRule(recover_after=awaited)) == (standing, words)


async def test_an_alert_recovers_by_steps_and_its_row_says_so(served: Served) -> None:
    await fail_twice(served)
    assert said(one(await tree_of(served, "/alerts"), f"{ROW} .st")) == "Failing"
    missing = served.room.catalog.service(SLUG).expected_outputs[0]
    await retested(served, missing)
    row = one(await tree_of(served, "/alerts"), ROW)
    assert row.attributes["data-standing"] == "partial"
    assert "closes after two passed runs in a row" in said(row)
    await retested(served)
    tree = await tree_of(served, "/alerts")
    assert said(one(tree, f"{ROW} .st")) == "Recovering"
    assert said(one(tree, f"{ROW} .standing")) == "Passed once since; closes after one more."
    assert "1 open, 1 of them recovering" in said(one(tree, ".sub"))
    await retested(served)
    tree = await tree_of(served, "/alerts")
    assert not tree.css(ROW)
    assert "SEO Knowledge Base failed 2 smoke tests in a row" in said(one(tree, "#closed li"))


async def test_the_row_says_who_was_told_and_runs_the_test_again(served: Served) -> None:
    await fail_twice(served)
    tree = await tree_of(served, "/alerts")
    assert "Not delivered: no channel is available." in said(one(tree, f"{ROW} .told"))
    form = one(tree, f"{ROW} form[action$=smoke-tests]")
    service = one(tree, f"{ROW} input[name=service]").attributes["value"]
    status, headers, _ = await press(served, str(form.attributes["action"]), service=str(service))
    assert status == 303
    assert "/jobs/" in headers["Location"] or "/integrations" in headers["Location"]
    [run] = [
        r for r in await served.room.hermes.runs.of(served.room.site.id) if r.status == "queued"
    ]
    assert run.service_slug == SLUG


async def test_somebody_takes_an_alert_snoozes_it_and_its_history_says_so(served: Served) -> None:
    await fail_twice(served)
    tree = await tree_of(served, "/alerts")
    for word in ("acknowledge", "snooze"):
        form = one(tree, f"{ROW} form[action$={word}]")
        status, _, _ = await press(served, str(form.attributes["action"]))
        assert status == 303
    tree = await tree_of(served, "/alerts")
    history = said(one(tree, f"{ROW} .life"))
    assert "Taken by" in history
    assert "Snoozed by" in history
    assert "Notifications service kept" in history
    (alert,) = await served.room.hermes.alerts.all()
    assert alert.snoozed_until == served.room.clock.now + timedelta(hours=4)
    form = one(tree, f"{ROW} form[action$=wake]")
    await press(served, str(form.attributes["action"]))
    (alert,) = await served.room.hermes.alerts.all()
    assert alert.snoozed_until is None


async def test_the_alerts_are_taken_away_as_a_table_without_formulas(served: Served) -> None:
    await fail_twice(served)
    async with served.http.get("/alerts.csv") as reply:
        assert reply.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader((await reply.read()).decode("utf-8-sig").splitlines()))
    (row,) = rows
    assert (row["services"], row["state"], row["sites"]) == (SLUG, "open", "Example")


async def test_the_rule_and_maintenance_stay_in_the_settings(served: Served) -> None:
    await fail_twice(served)
    tree = await tree_of(served, "/settings/alerts")
    assert tree.css("#maintenance")
    assert tree.css("#rule")
    assert "failed 2 smoke tests" not in said(one(tree, "#live"))
    links = [link.attributes["href"] for link in tree.css(".head .acts a")]
    assert links == ["/alerts"]


@pytest.mark.browser
async def test_an_alert_that_recovers_says_so_on_the_open_page(
    browser: Browser, served: Served
) -> None:
    await fail_twice(served)
    async with opened(browser, served, "/alerts", 360) as page:
        await expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
        await retested(served)
        await expect(page.locator(f"{ROW} .standing")).to_have_text(
            "Passed once since; closes after one more."
        )
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
