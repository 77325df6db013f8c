"""The customer's page: one order behind a signed link, and nothing else of anybody."""

import csv
from datetime import timedelta
from uuid import UUID

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from directory_bolt.core.orders.customer_links import LASTS, read, token_of
from hermes_base.problems import Problem
from tests.directory_bolt.processes.shop import Shop
from tests.directory_bolt.web.staff_support import ending, mixed_order, shop_of
from tests.directory_bolt.web.test_staff_actions import cancelled_order
from tests.support.room import START
from tests.support.served import Served

KEY, JOB = b"k" * 32, UUID(int=7)
END = START + timedelta(days=1)
FIRST_FORM = "AAAAAAAAAAAAAAAAAAAABwAAawKvECA94JVFCzyxqg4rtEt_T_Li9a6PXDe_gsdfwO8T0-Na"
"""The link of JOB until END, as Hermes made it before itsdangerous signed links."""


@pytest.fixture
def shop(served: Served) -> Shop:
    return shop_of(served)


async def link_of(served: Served, job_id: UUID) -> str:
    async with served.http.post(f"/api/staff/jobs/{job_id}/customer-link") as answer:
        assert answer.status == 200, await answer.text()
        url: str = (await answer.json())["url"]
    assert url.startswith(f"{served.url}/orders/")
    return url


async def opened(url: str) -> tuple[int, str]:
    """As a customer: without any sign-in."""
    headers = {"Accept": "text/html"}
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize("token", [token_of(KEY, JOB, END), FIRST_FORM])
def test_a_token_leads_to_its_order_until_its_end(token: str) -> None:
    assert read(KEY, token, END - timedelta(seconds=1)) == (JOB, END)
    with pytest.raises(Problem, match="expired on 2026-11-22 09:00 UTC") as caught:
        read(KEY, token, END)
    assert caught.value.code == "link_over"


@pytest.mark.parametrize("token", [token_of(KEY, JOB, END), FIRST_FORM])
@given(place=st.integers(0, 127), letter=st.sampled_from("Ab09-_=+/. \u00e9"))
def test_a_token_changed_in_one_letter_is_refused(token: str, place: int, letter: str) -> None:
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    if changed == token:
        return
    with pytest.raises(Problem) as caught:
        read(KEY, changed, START)
    assert caught.value.code == "link_wrong"


@given(st.text(max_size=100))
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        read(KEY, text, START)
    assert caught.value.code == "link_wrong"


def test_the_key_of_another_hermes_does_not_open_it() -> None:
    with pytest.raises(Problem, match="not valid"):
        read(b"x" * 32, token_of(KEY, JOB, END), START)


async def test_a_customer_sees_real_figures_and_listings_without_signing_in(
    served: Served, shop: Shop
) -> None:
    job_id = await mixed_order(shop)
    status, html = await opened(await link_of(served, job_id))
    assert status == 200
    tree = LexborHTMLParser(html)
    text = " ".join(tree.css_first("main").text().split())  # pyright: ignore[reportOptionalMemberAccess]
    assert "1 of 4 directories submitted" in text
    assert "Our team is handling 1 directory." in text, "it is not called processed"
    groups = [node.text() for node in tree.css("#directories h2")]
    assert groups == ["Live listings", "With our team", "Not submitted"]
    bar = tree.css(".bars rect")
    assert [part.attributes["class"] for part in bar] == [
        "f-passed",
        "f-config",
        "f-failed",
        "f-untested",
    ]
    assert tree.css("nav") == [], "a customer has no navigation"
    assert tree.css("a[href='https://accepts.example/listing/7']")
    states = [node.attributes["data-state"] for node in tree.css("#directories li")]
    assert states == ["submitted", "needs_manual", "failed", "skipped"]


async def test_a_report_is_a_table_in_which_nothing_runs_as_a_formula(
    served: Served, shop: Shop
) -> None:
    await shop.directories("=cmd", "b")
    shop.submitter.visits["b"] = ending("submitted", listing_url="https://b.example/1")
    job_id = await shop.order(2)
    await shop.work_off(job_id)
    link = await link_of(served, job_id)
    status, text = await opened(f"{link}/report.csv")
    rows = list(csv.reader(text.splitlines()))
    assert status == 200
    assert rows[0] == ["Directory", "State", "Listing", "Reference", "Finished", "Note"]
    told = [(row[0], row[1], row[2], row[3]) for row in rows[1:]]
    assert told == [
        ("b", "Submitted", "https://b.example/1", ""),
        ("'=cmd", "Submitted", "", "REF-=cmd"),
    ]
    status, _ = await opened(f"{link}x/report.csv")
    assert status == 404


async def test_a_cancelled_order_has_nothing_with_our_team(served: Served, shop: Shop) -> None:
    job_id, _ = await cancelled_order(served, shop)
    _, html = await opened(await link_of(served, job_id))
    tree = LexborHTMLParser(html)
    text = " ".join(tree.css_first("main").text().split())  # pyright: ignore[reportOptionalMemberAccess]
    assert "Your order was cancelled. Nothing more will be sent." in text
    assert "team" not in text
    assert [node.text() for node in tree.css("#directories h2")] == ["Not submitted"]
    states = [node.attributes["data-state"] for node in tree.css("#directories li")]
    assert states == ["not_done", "skipped"]


async def test_nothing_from_behind_the_counter_is_on_it(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    other = await served.orders.intake.create_test_order("tests", 1, tag="another-customer")
    status, html = await opened(await link_of(served, job_id))
    assert (status, "refuses" in html) == (200, True), "it is the page of the order"
    email: str = await shop.pool.fetchval("select email from customers order by created_at limit 1")
    inside = ("They said no.", "/staff/evidence", email, "/staff/", str(job_id))
    async with served.http.get(f"/staff/jobs/{job_id}") as answer:
        behind = await answer.text()
    assert [word for word in inside if word not in behind] == [], "it stands behind the counter"
    others = ("another-customer", str(other), "idempotency")
    assert [word for word in (*inside, *others) if word in html] == []


async def test_no_order_opens_by_its_id_or_by_a_guess(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    good = (await link_of(served, job_id)).rpartition("/")[2]
    for guess in (str(job_id), good[:-1], good + "A", good[::-1], "A" * 72):
        for rest in ("", "/live"):
            status, html = await opened(f"{served.url}/orders/{guess}{rest}")
            assert status == 404, guess
            assert "Bakery" not in html


async def test_a_link_that_is_over_says_until_when_it_was_good(served: Served, shop: Shop) -> None:
    link = await link_of(served, await mixed_order(shop))
    end = served.room.clock() + LASTS
    served.room.clock.forward(LASTS.total_seconds() - 1)
    assert (await opened(link))[0] == 200
    served.room.clock.forward(1)
    status, html = await opened(link)
    assert status == 410
    assert f"This link expired on {end:%Y-%m-%d %H:%M} UTC." in html


async def test_the_key_is_a_file_for_its_owner_only_and_without_it_links_are_worthless(
    served: Served, shop: Shop
) -> None:
    link = await link_of(served, await mixed_order(shop))
    key = served.orders.evidence.parent / "customer-links.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    assert (await opened(link))[0] == 404


async def test_an_erased_customer_has_no_page_any_more(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    link = await link_of(served, job_id)
    email: str = (await shop.pool.fetchval("select email from customers")) or ""
    await served.orders.erasure.erase_customer(email, "tests")
    status, html = await opened(link)
    assert status == 404
    assert "erased" in html
    async with served.http.post(f"/api/staff/jobs/{job_id}/customer-link") as answer:
        assert answer.status == 404


async def test_staff_make_the_link_on_the_page_of_the_order(served: Served, shop: Shop) -> None:
    job_id = await mixed_order(shop)
    async with (
        served.browsing() as http,
        http.post(f"/staff/jobs/{job_id}/customer-link") as answer,
    ):
        assert answer.status == 200
        tree = LexborHTMLParser(await answer.text())
    shown = tree.css_first("#customer-link")
    assert shown is not None
    assert (await opened(shown.text().strip()))[0] == 200
    region = tree.css_first("#live")
    assert region is not None
    assert (region.attributes["hx-get"] or "").startswith(f"/staff/jobs/{job_id}?")


async def test_revoked_links_are_over_and_those_of_other_orders_and_later_ones_go_on(
    served: Served, shop: Shop
) -> None:
    """S16: one link that fell into wrong hands could only be ended with those of all customers."""
    await shop.directories("a")
    jobs = [await shop.order(1) for _ in range(2)]
    given, other = [await link_of(served, each) for each in jobs]
    async with served.http.delete(f"/api/staff/jobs/{jobs[0]}/customer-link") as answer:
        assert answer.status == 200
    for path in ("", "/profile", "/report.csv", "/live"):
        status, page = await opened(given + path)
        assert (status, "This link was revoked" in page) == (410, True), path
    assert (await opened(other))[0] == 200
    later = await link_of(served, jobs[0])
    assert (await opened(later))[0] == 200, "made in the same second"
    served.room.clock.forward(1)
    async with served.browsing() as staff:
        path = f"/staff/jobs/{jobs[0]}/customer-link/revoke"
        async with staff.post(path) as answer:
            assert answer.status == 200
    assert (await opened(later))[0] == 410
    told = await served.room.hermes.pool.fetch("select subject from audit_events where action = 'customer_links_revoked'")  # fmt: skip
    assert [row["subject"] for row in told] == [str(jobs[0])] * 2
