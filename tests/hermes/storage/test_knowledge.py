"""The knowledge base in PostgreSQL: filled once a version, searched by words and by findings."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from hermes.storage.knowledge import keep_current, search, shipped
from hermes_base.postgres.database import Pool, open_pool


@pytest.fixture
async def pool(database_url: str) -> AsyncGenerator[Pool]:
    found = await open_pool(database_url, size=6)
    await keep_current(found, shipped())
    yield found
    await found.close()


async def ids(pool: Pool, words: str = "", *findings: str, limit: int = 10) -> list[str]:
    rows = await search(pool, words, findings or None, limit)
    return [row["id"] for row in rows]


async def test_everything_that_ships_is_in_the_table_with_its_sources(pool: Pool) -> None:
    rows = {row["id"]: row for row in await search(pool, "", None, 1000)}
    assert set(rows) == {entry.id for entry in shipped().entries}
    for entry in shipped().entries:
        row = rows[entry.id]
        assert (row["title"], row["how_to_check"]) == (entry.title, entry.check)
        assert [each["url"] for each in row["sources"]] == [
            shipped().documents[name].url for name in entry.sources
        ]


async def test_a_table_of_this_version_is_left_alone(pool: Pool) -> None:
    assert await keep_current(pool, shipped()) is False


async def test_another_version_replaces_everything(pool: Pool) -> None:
    fewer = shipped().model_copy(update={"version": "next", "entries": shipped().entries[:3]})
    assert await keep_current(pool, fewer) is True
    assert len(await search(pool, "", None, 1000)) == 3
    assert await pool.fetchval("select version from knowledge_version") == "next"


async def test_of_many_at_once_one_fills_the_table(pool: Pool) -> None:
    again = shipped().model_copy(update={"version": "again"})
    done = await asyncio.gather(*(keep_current(pool, again) for _ in range(6)))
    assert sorted(done) == [False] * 5 + [True]
    assert len(await search(pool, "", None, 1000)) == len(shipped().entries)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("redirect chains", "redirect-chains"),
        ("chain of redirects", "redirect-chains"),
        ("hreflang return link", "hreflang-both-ways"),
        ("meta description length", "description-length"),
        ("disavow file", "backlinks-disavow-rarely"),
        ("orphan pages in the sitemap", "sitemap-orphans"),
    ],
)
async def test_words_in_any_form_find_the_entry_about_them_first(
    pool: Pool, words: str, first: str
) -> None:
    assert (await ids(pool, words))[0] == first


async def only(pool: Pool, **entries: dict[str, str]) -> None:
    """A collection of these entries alone, each of `neutral` texts but for what is given."""
    first = shipped().entries[0]
    neutral = {
        "title": "Neither here nor there",
        **dict.fromkeys(("advice", "why", "check", "tip"), "Words " * 5),
    }
    made = [
        first.model_copy(update={"id": name, "topic": "Topic", **neutral, **texts})
        for name, texts in entries.items()
    ]
    await keep_current(
        pool, shipped().model_copy(update={"version": "own", "entries": tuple(made)})
    )


async def test_what_holds_every_word_comes_before_what_holds_some(pool: Pool) -> None:
    await only(
        pool,
        some={"title": "Apples and apples", "advice": "Apples, apples and more apples."},
        every={"why": "Because apples are not pears."},
    )
    assert await ids(pool, "apples pears") == ["every", "some"]


async def test_a_word_in_the_title_counts_for_more_than_one_in_the_text(pool: Pool) -> None:
    await only(
        pool,
        aside={"why": "Because apples are not what this is about."},
        subject={"title": "Apples in the autumn"},
        step={"tip": "Buy apples on the market."},
    )
    assert await ids(pool, "apples") == ["subject", "step", "aside"]


async def test_a_phrase_and_an_excluded_word_are_obeyed(pool: Pool) -> None:
    loose, phrase = await ids(pool, "manual action", limit=99), await ids(pool, '"manual action"')
    assert "backlinks-disavow-rarely" in phrase
    assert set(phrase) < set(loose)
    every, without = (
        await ids(pool, "canonical", limit=99),
        await ids(pool, "canonical -redirect", limit=99),
    )
    assert set(without) < set(every)
    assert "canonical-target-lives" in set(every) - set(without)


@pytest.mark.parametrize("words", ["xyzzy", "the of and", "!!! & | <-> '", '"', "-", "a:b*c"])
async def test_words_that_say_nothing_find_nothing_and_break_nothing(
    pool: Pool, words: str
) -> None:
    assert await ids(pool, words) == []


async def test_findings_choose_entries_and_go_together_with_words(pool: Pool) -> None:
    found = await ids(pool, "", "core_web_vitals.cls")
    assert "cls-reserve-space" in found
    assert all(each.startswith(("cls-", "vitals-")) for each in found)
    assert (await ids(pool, "fonts", "core_web_vitals.cls"))[0] == "cls-fonts"
    assert await ids(pool, "", "no.such.finding") == []


async def test_no_more_than_the_limit_is_given(pool: Pool) -> None:
    assert len(await ids(pool, "page", limit=4)) == 4
