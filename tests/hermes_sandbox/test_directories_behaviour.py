"""What the demo directories do besides taking right forms."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from hermes_sandbox.directories import DIRECTORIES, faults, truth
from tests.support.directories import (
    PROFILE,
    Served,
    filled,
    form_of,
    send,
    serve_directories,
    submit,
)
from tests.support.waiting import until

TRUTH = truth(PROFILE)


@pytest.fixture
async def served() -> AsyncGenerator[Served]:
    async with serve_directories() as running:
        yield running


async def visit(served: Served, slug: str) -> tuple[int, str]:
    return await served.get(f"{slug}/{DIRECTORIES[slug].path}")


async def test_robots_txt_closes_two_directories_and_the_books(served: Served) -> None:
    _, text = await served.get("robots.txt")
    closed = [line.partition(": ")[2] for line in text.splitlines() if line.startswith("Dis")]
    assert closed == ["/__books__", "/quiet-pages/", "/no-machines/*/new$"]


@pytest.mark.parametrize(
    ("slug", "status", "says"),
    [
        ("closed-chapter", 410, "taken down"),
        ("broken-bridge", 500, "Internal server error"),
        ("by-letter-only", 200, "by letter only"),
        ("club-ledger", 200, "need an account"),
        ("inner-circle", 403, "Only members"),
    ],
)
async def test_a_directory_without_a_form_says_so(
    served: Served, slug: str, status: int, says: str
) -> None:
    found, text = await visit(served, slug)
    assert (found, says in text, 'class="entry"' in text) == (status, True, False)
    assert (await served.books(slug))["counts"]["visits"] == 1


async def test_every_other_visit_meets_a_trouble_that_passes(served: Served) -> None:
    assert [(await visit(served, "second-knock"))[0] for _ in range(4)] == [503, 200, 503, 200]
    assert TRUTH["second-knock"].attempts == 2


async def test_a_directory_that_never_answers_ends_with_the_process(served: Served) -> None:
    asking = asyncio.create_task(visit(served, "wide-awake-never"))

    async def visits() -> int:
        return (await served.books("wide-awake-never"))["counts"]["visits"]

    await until(visits, "the directory is visited")
    assert not asking.done()
    await served.directories.app.shutdown()
    assert (await asking)[0] == 503


async def test_a_directory_hangs_up_without_an_answer(served: Served) -> None:
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await visit(served, "slammed-door")


async def test_slow_ones_take_their_time() -> None:
    async with serve_directories(pace=0.05) as served:
        begun = monotonic()
        await visit(served, "morning-fog")
        assert monotonic() - begun >= 0.15
        begun = monotonic()
        await submit(served, "slow-and-steady", PROFILE)
        assert monotonic() - begun >= 0.4


async def test_the_form_has_moved_and_the_old_address_leads_there(served: Served) -> None:
    async with served.client.get(f"{served.base}/new-address/submit") as answer:
        assert answer.url.path == "/new-address/entries/add"
        assert answer.history[0].status == 301
    assert (await served.get("harbor-yellow-book/entries/add"))[0] == 404


async def test_an_address_that_lost_its_query_has_no_form(served: Served) -> None:
    assert (await served.get("the-corner-list/add"))[0] == 404
    assert (await served.get("the-corner-list/add?plan=free"))[0] == 200


@pytest.mark.parametrize(
    ("slug", "says", "never"),
    [
        ("file-number", "Reference number: FN-4000", "success|received|thank"),
        ("aktenzeichen", "Vorgangsnummer: A-4000", "vielen dank|entgegengenommen"),
        ("members-only-now", "could not accept", "reference"),
        ("zunftverzeichnis", "Leider konnten wir", "Vorgangsnummer"),
        ("known-by-name", "already listed", "received"),
        ("double-opt-in", "confirmation link", "reference"),
        ("pocket-code", "6-digit code", "reference"),
        ("toll-road", "after payment", "reference"),
        ("back-home", "guide to businesses around you", "received|reference"),
        ("blank-slate", 'class="entry"', "received|reference"),
        ("crash-landing", "Internal server error", "received|reference"),
    ],
)
async def test_an_answer_says_what_it_says_and_no_more(
    served: Served, slug: str, says: str, never: str
) -> None:
    _, text, _ = await submit(served, slug, PROFILE)
    assert says in text
    shown = text.partition("<main>")[2].partition("<footer>")[0].lower()
    assert not [word for word in never.split("|") if word.lower() in shown]


@pytest.mark.parametrize(
    ("slug", "name", "first", "said"),
    [
        ("dashes-please", "phone", "+1 (503) 555-0142", "as 555-123-4567"),
        ("nur-ziffern", "telefon", "+1 503-555-0142", "nur mit Ziffern"),
        ("five-digits", "postal_code", "97205-1234", "5 digits"),
        ("brief-notes", "description", PROFILE["description"], "At most 120"),
    ],
)
async def test_a_second_try_with_what_was_asked_for_is_accepted(
    served: Served, slug: str, name: str, first: str, said: str
) -> None:
    page = await form_of(served, slug)
    right = filled(page, TRUTH[slug])
    _, text, _ = await send(served, page, {**right, name: [first]})
    assert said in text
    again = await form_of(served, slug, text)
    assert again.preset[name] == [first]
    await send(served, again, {**again.preset, name: right[name]})
    told = await served.books(slug)
    assert [entry["outcome"] for entry in told["received"]] == ["refused", "listed"]
    assert faults(TRUTH[slug], told) == []


@pytest.mark.parametrize(
    "slug", ["bee-line", "sweet-clover", "amber-comb", "hive-street", "imkerei"]
)
async def test_a_touched_honeypot_is_noted_and_never_listed(served: Served, slug: str) -> None:
    page = await form_of(served, slug)
    trap = next(field.name for field in DIRECTORIES[slug].fields if field.asks == "honeypot")
    status, _, _ = await send(served, page, {**filled(page, TRUTH[slug]), trap: ["x"]})
    told = await served.books(slug)
    assert (status, told["honeypot_touched"], told["received"][0]["outcome"]) == (200, 1, "kept")
    assert (
        "marigold"
        not in (await served.get(f"{slug}/listings?name=marigold"))[1].partition("results")[2]
    )


async def test_a_newsletter_that_was_ordered_is_noted(served: Served) -> None:
    page = await form_of(served, "eager-gazette")
    assert page.preset["newsletter"] == ["1"]
    right = filled(page, TRUTH["eager-gazette"])
    await send(served, page, right)
    assert (await served.books("eager-gazette"))["newsletter_ticked"] == 0
    await send(served, page, {**right, "newsletter": ["1"]})
    assert (await served.books("eager-gazette"))["newsletter_ticked"] == 1


@pytest.mark.parametrize(
    "slug", ["picket-fence", "stone-gate", "revolving-door", "prepaid-pages", "small-sums"]
)
async def test_a_guarded_form_is_refused_whatever_a_machine_sends(
    served: Served, slug: str
) -> None:
    page = await form_of(served, slug)
    every = {name: ["x"] for name in page.names} | {"email": ["a@b.example"]}
    await send(served, page, every)
    told = await served.books(slug)
    assert (told["counts"]["refused"], told["counts"]["arrived"]) == (1, 0)
    assert len(told["received"][0]["wrong"]) == 1


async def test_a_person_who_can_count_gets_past_the_sum(served: Served) -> None:
    page = await form_of(served, "small-sums")
    right = {name: [str(PROFILE.get(name, ""))] for name in page.names} | {"sum": ["7"]}
    await send(served, page, right)
    assert (await served.books("small-sums"))["counts"]["arrived"] == 1


async def test_a_later_step_is_shown_only_after_the_earlier_ones(served: Served) -> None:
    page = await form_of(served, "two-step-town")
    _, text = await served.get("two-step-town/submit?step=2")
    assert (await form_of(served, "two-step-town", text)).names == page.names
    status, _, _ = await send(served, page, {"step": ["2"], "street": ["x"]})
    assert status == 403
    assert (await served.books("two-step-town"))["counts"]["posts"] == 0


async def test_a_whole_form_in_steps_holds_what_every_step_sent(served: Served) -> None:
    await submit(served, "three-turns", PROFILE)
    told = await served.books("three-turns")
    assert [entry["outcome"] for entry in told["received"]] == ["step", "step", "listed"]
    last = told["received"][-1]["fields"]
    assert last["business_name"] == [PROFILE["business_name"]]
    assert last["city"] == ["Portland"]
    assert "step" not in last


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("members-and-guests/login", 401),
        ("pocket-code/code", 403),
        ("toll-road/pay", 402),
        ("town-crier/newsletter", 404),
    ],
)
async def test_other_forms_are_refused_and_counted(served: Served, place: str, status: int) -> None:
    async with served.client.post(f"{served.base}/{place}", data={"code": "1"}) as answer:
        assert answer.status == status
    told = await served.books(place.partition("/")[0])
    assert (told["counts"]["elsewhere"], told["counts"]["posts"]) == (1, 0)


async def test_the_books_keep_key_file_and_every_value(served: Served) -> None:
    page = await form_of(served, "picture-pages")
    data = aiohttp.FormData()
    for name, values in filled(page, TRUTH["picture-pages"]).items():
        data.add_field(name, values[0])
    data.add_field("logo", b"12345", filename="logo.png", content_type="image/png")
    headers = {"Idempotency-Key": "key-1"}
    async with served.client.post(served.base + page.action, data=data, headers=headers) as answer:
        assert "/listing/" in answer.url.path
    entry = (await served.books("picture-pages"))["received"][0]
    assert entry["idempotency_key"] == "key-1"
    assert entry["files"] == {"logo": {"name": "logo.png", "bytes": 5}}
    assert entry["fields"]["city"] == ["Portland"]


async def test_a_file_of_books_outlives_the_process_even_with_a_line_cut_short(
    tmp_path: Path,
) -> None:
    file = tmp_path / "books.jsonl"
    async with serve_directories(file) as served:
        await submit(served, "file-number", PROFILE)
        before = await served.books("file-number")
    with file.open("a") as opened:
        opened.write('{"directory": "file-nu')
    async with serve_directories(file) as served:
        assert (await served.books("file-number"))["received"] == before["received"]
        assert "marigold" in (await served.get("file-number/listings?name=marigold"))[1].lower()
        await submit(served, "file-number", PROFILE)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["outcome"] for line in lines] == ["listed", "listed"]
    assert file.stat().st_mode & 0o777 == 0o600


async def test_without_a_file_nothing_outlives_it() -> None:
    async with serve_directories() as served:
        await submit(served, "file-number", PROFILE)
        assert (await served.books("file-number"))["counts"]["arrived"] == 1
    async with serve_directories() as served:
        assert (await served.books("file-number"))["counts"]["arrived"] == 0


async def test_what_is_announced_stands_where_it_says(served: Served) -> None:
    said = served.directories.announced(served.base)
    assert said["base_url"] == served.base
    assert len({each["submission_url"] for each in said["list"]}) == len(DIRECTORIES)
    for each in said["list"]:
        assert 1 <= each["tier"] <= 4
        assert 0 <= each["domain_authority"] <= 100
        lookup = (each["lookup_url"] or f"{served.base}/").format(name="Nobody")
        async with served.client.get(lookup) as answer:
            assert answer.status == 200
    asked = {each["name"] for each in said["list"] if each["has_captcha"]}
    assert asked == {"Picket Fence", "Stone Gate", "Revolving Door", "Small Sums"}
