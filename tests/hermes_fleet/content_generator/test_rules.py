"""The rules of the content generator, by value."""

import json
from typing import Any

import pytest

from hermes_fleet.content_generator import composer, faq, links
from hermes_fleet.content_generator.draft import Draft
from hermes_fleet.content_generator.mending import mended, object_in
from hermes_fleet.content_generator.quality import checks, numbers
from hermes_fleet.content_generator.rank import rank
from hermes_fleet.content_generator.readability import reading_ease, syllables
from hermes_fleet.content_generator.scope import scope_of
from hermes_fleet.content_generator.source import Line, Source, stands_alone, without_refrains
from hermes_fleet.content_generator.text import cut, sentences, terms
from hermes_worker import WorkerError

HOME = "http://127.0.0.1:1/"
PAGE = "http://127.0.0.1:1/whitening"
OTHER = "http://127.0.0.1:1/implants"


def source(url: str, subject: str, *paragraphs: str, **more: Any) -> Source:
    parts = (("What to expect", paragraphs), *more.pop("parts", ()))
    title = f"{subject} | Kind Dentists"
    return Source(url, title, "", subject, more.pop("language", "en"), parts, **more)


def draft(*texts: str, **more: Any) -> Draft:
    told = [{"text": text, "source": PAGE} for text in texts]
    whole = {
        "title": "Teeth whitening",
        "description": "d",
        "sections": [{"heading": "H", "sentences": told}],
    }
    return Draft.model_validate({"questions": [], "links": [], **whole, **more})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Dr. Osei is here. He waits.", ["Dr. Osei is here.", "He waits."]),
        ("It costs 3.50 dollars. Cheap.", ["It costs 3.50 dollars.", "Cheap."]),
        ('She said "stop." Then left.', ['She said "stop."', "Then left."]),
        ("no end", ["no end"]),
        ("Open at 9 a.m. on weekdays.", ["Open at 9 a.m. on weekdays."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, found: list[str]) -> None:
    assert sentences(text) == found


def test_terms_are_what_a_text_is_about() -> None:
    assert terms("The dentist's implants and the glasses of our cities") == [
        "dentist",
        "implant",
        "glass",
        "city",
    ]


@pytest.mark.parametrize(
    ("word", "number"),
    [("tooth", 1), ("whitening", 3), ("table", 2), ("piano", 3), ("make", 1), ("station", 2)],
)
def test_syllables_are_counted_by_rule(word: str, number: int) -> None:
    assert syllables(word) == number


def test_reading_ease_is_fleschs_formula() -> None:
    text = "The cat sat on the mat. The dog ran to the cat."
    assert reading_ease(text) == round(206.835 - 1.015 * 12 / 2 - 84.6 * 12 / 12, 1)
    assert reading_ease("12 34.") is None


def test_a_text_is_cut_between_words() -> None:
    assert cut("short", 10) == "short"
    assert cut("a longer text, indeed", 15) == "a longer text…"


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("Dental implants replace the root of a tooth.", True),
        ("They replace the root of a lost tooth.", False),
        ("Dental implants replace the root of a tooth", False),
        ("Too short.", False),
        ("does not begin like a whole sentence does.", False),
    ],
)
def test_only_sentences_that_stand_alone_are_taken(text: str, alone: bool) -> None:
    assert stands_alone(text) is alone


def test_what_most_pages_repeat_is_left_out_and_the_rest_stands_once() -> None:
    refrain = "Call us any day of the week between eight and six."
    once = "Dental implants replace the root of a lost tooth."
    pages = [source(f"{HOME}{n}", "P", refrain, once if n < 2 else "x") for n in range(5)]
    assert [line.text for line in without_refrains(pages)] == [once]


def ranked(topic: str, *told: tuple[str, str]) -> list[str]:
    lines = [Line(text, HOME) for text, _subject in told]
    return [each.line.text for each in rank(lines, [subject for _text, subject in told], topic)]


def test_sentences_about_the_topic_come_first() -> None:
    found = ranked(
        "dental implants",
        ("Parking is free behind the house.", "Parking"),
        ("Dental implants replace a lost tooth.", "Dental implants"),
        ("The bone grows around the screw slowly.", "Dental implants"),
    )
    assert found[0].startswith("Dental implants")
    assert found[-1].startswith("Parking")


def test_of_sentences_as_near_the_one_most_like_the_others_comes_first() -> None:
    found = ranked(
        "teeth",
        ("Clean teeth need a soft brush and patience.", "Teeth"),
        ("A soft brush is kind to clean teeth.", "Teeth"),
        ("Lions have large teeth too.", "Teeth"),
    )
    assert found[-1].startswith("Lions")


def test_ranks_add_up_to_one() -> None:
    lines = [Line(f"Word{n} dental implants thing{n % 3}.", HOME) for n in range(20)]
    found = rank(lines, ["Implants"] * 20, "implants")
    assert sum(each.rank for each in found) == pytest.approx(1)


def pages() -> list[Source]:
    return [
        source(
            PAGE,
            "Teeth whitening",
            "Teeth whitening takes about 60 minutes in a quiet room. It is safe.",
            "Fees for teeth whitening start at $280 and cover one check.",
            "Whitening brightens natural teeth only and leaves crowns as they are.",
        ),
        source(
            OTHER,
            "Dental implants",
            "Dental implants replace the root of a lost tooth with titanium.",
        ),
    ]


def composed(most_words: int = 100, topic: str = "teeth whitening") -> Draft:
    found = pages()
    lines = without_refrains(found)
    subjects = {page.url: page.subject for page in found}
    order = rank(lines, [subjects[line.url] for line in lines], topic)
    return composer.compose(topic, order, found, most_words)


def test_every_sentence_of_a_composed_draft_stands_on_its_page() -> None:
    texts = {page.url: page.text for page in pages()}
    found = list(composed().sentences)
    assert len(found) == 3
    assert all(each.text in texts[each.source] for each in found)
    assert {each.source for each in found} == {PAGE}  # nothing about implants


def test_a_composed_draft_keeps_to_its_words() -> None:
    assert composed(34).words <= 34
    with pytest.raises(WorkerError) as refused:
        composed(12)
    assert refused.value.code == "outputs_missing"


def test_a_topic_that_the_site_does_not_know_makes_no_draft() -> None:
    with pytest.raises(WorkerError, match="0 usable sentences about 'car repair'"):
        composed(topic="car repair")


def test_the_title_names_the_site_where_its_titles_do() -> None:
    assert composer.title("teeth whitening", pages()) == "Teeth whitening | Kind Dentists"
    assert composer.title("teeth whitening", []) == "Teeth whitening"
    assert len(composer.title("long words " * 20, pages())) <= 60


def test_plain_questions_are_asked_where_a_sentence_answers_them() -> None:
    found = {each.question: each.answer for each in faq.questions("teeth whitening", pages())}
    assert found == {
        "How long does teeth whitening take?": "Teeth whitening takes about 60 minutes in a quiet room.",
        "How much does teeth whitening cost?": "Fees for teeth whitening start at $280 and cover one check.",
    }


def test_the_sites_own_questions_come_first_and_in_their_words() -> None:
    asked = ("Does teeth whitening hurt?", ("Some people feel the cold for a day.",))
    page = source(PAGE, "Teeth whitening", parts=(asked, ("Is parking free?", ("Yes, always.",))))
    found = faq.questions("teeth whitening", [page])
    assert (found[0].question, found[0].answer) == (asked[0], asked[1][0])


def test_no_question_is_made_up_in_another_language() -> None:
    page = source(PAGE, "Blanqueamiento", "Blanqueamiento desde $280 por visita y diente.")
    spanish = Source(page.url, page.title, "", page.subject, "es", page.parts)
    assert faq.questions("blanqueamiento", [spanish]) == []


def markup(**changes: Any) -> dict[str, Any]:
    question = {
        "@type": "Question",
        "name": "Why?",
        "acceptedAnswer": {"@type": "Answer", "text": "So."},
    }
    page = {"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [question]}
    return {**page, **changes}


QUESTION = markup()["mainEntity"][0]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], "it is no object"),
        (markup(**{"@context": "http://example.com"}), "@context"),
        (markup(**{"@type": "WebPage"}), "@type: FAQPage"),
        (markup(mainEntity=[]), "mainEntity: a list"),
        (markup(mainEntity=[QUESTION, QUESTION]), "asked twice"),
        (markup(mainEntity=[QUESTION | {"@type": "Thing"}]), "mainEntity.0: @type: Question"),
        (markup(mainEntity=[QUESTION | {"name": " "}]), "mainEntity.0: name: some text"),
        (markup(mainEntity=[QUESTION | {"acceptedAnswer": "So."}]), "acceptedAnswer.@type"),
        (markup(mainEntity=[QUESTION | {"name": "<b>Why?</b>"}]), "name: plain text"),
        (markup(mainEntity=["x"]), "mainEntity.0: @type: Question"),
    ],
)
def test_the_check_of_faq_markup_names_the_fault(document: Any, fault: str) -> None:
    assert any(found.startswith(fault) or fault in found for found in faq.faults(document))


def test_what_the_worker_builds_is_valid_markup() -> None:
    assert faq.faults(markup()) == []
    assert faq.faults(faq.markup(faq.questions("teeth whitening", pages()))) == []


def judged(found: Draft, topic: str = "teeth whitening", words: int = 20) -> dict[str, Any]:
    return {
        name: check.ok for name, check in checks(found, pages(), topic, words, copies=False).items()
    }


def test_a_number_that_its_page_does_not_hold_is_unsupported() -> None:
    assert judged(draft("Teeth whitening takes 60 minutes."))["unsupported_numbers"] is True
    assert judged(draft("Teeth whitening takes 75 minutes."))["unsupported_numbers"] is False
    told = [{"text": "Teeth whitening takes 60 minutes.", "source": OTHER}]
    elsewhere = draft("x", sections=[{"heading": "H", "sentences": told}])
    assert judged(elsewhere)["unsupported_numbers"] is False
    assert judged(draft("x", title="Whitening for $999"))["unsupported_numbers"] is False


def test_thousands_are_compared_whatever_their_comma() -> None:
    assert numbers("$1,900 or 1900 at 3.5") == {"1900", "3.5"}


def test_a_sentence_needs_a_page_that_was_read() -> None:
    told = [{"text": "Teeth whitening is safe.", "source": "http://127.0.0.1:1/never-read"}]
    assert (
        judged(draft("x", sections=[{"heading": "H", "sentences": told}]))[
            "sentences_without_source"
        ]
        is False
    )


def test_copied_runs_of_five_words_are_a_share() -> None:
    own = "Fees for teeth whitening start at $280 and cover one check."
    found = checks(draft(own), pages(), "teeth whitening", 20, copies=False)["copied_share"]
    assert (found.ok, found.value) == (False, 1.0)
    fresh = checks(draft("Quite another thing is said here."), pages(), "t", 20, copies=False)
    assert (fresh["copied_share"].ok, fresh["copied_share"].value) == (True, 0.0)
    told = checks(draft(own), pages(), "teeth whitening", 20, copies=True)["copied_share"]
    assert told.ok is None


def test_lengths_headings_and_keywords_are_judged() -> None:
    good = draft("Teeth whitening is what we do best and like most.", description="x" * 80)
    found = judged(good)
    assert {name for name, ok in found.items() if ok is False} == set()
    twice = {"heading": "H", "sentences": [{"text": "x", "source": PAGE}]}
    bad = draft("y", title="Short", description="x" * 200, sections=[twice, twice])
    assert {name for name, ok in judged(bad).items() if ok is False} >= {
        "title_length",
        "description_length",
        "heading_order",
        "keyword_coverage",
        "words",
    }


def test_reading_ease_is_not_judged_in_another_language() -> None:
    spanish = [Source(PAGE, "t", "", "s", "es", ())]
    found = checks(draft("Uno dos tres."), spanish, "uno", 5, copies=False)["reading_ease"]
    assert (found.ok, found.value) == (None, None)


WHOLE = {
    "title": "T",
    "description": "D",
    "sections": [
        {"heading": "A", "sentences": [{"text": "One } two.", "source": PAGE}]},
        {"heading": "B", "sentences": [{"text": "Three.", "source": PAGE}]},
    ],
    "questions": [{"question": "Why?", "answer": "So.", "source": PAGE}],
    "links": [],
}


def test_an_answer_cut_off_anywhere_keeps_what_is_whole() -> None:
    text = json.dumps(WHOLE)
    for end in range(text.index('"source"') + len(PAGE) + 14, len(text)):
        found = mended(text[:end])
        assert found is not None
        assert found.sections[0].sentences[0].text == "One } two."
        assert len(found.sections) == (
            2 if end > text.index("Three") + len(PAGE) + 22 else len(found.sections)
        )
    assert mended(text[: text.index("sentences")]) is None
    assert mended("") is None


def test_json_is_found_in_fences_and_among_words() -> None:
    assert json.loads(object_in('Sure!\n```json\n{"a": {"b": 1}}\n```\nDone.')) == {"a": {"b": 1}}
    assert object_in("no object") == "no object"


def test_a_link_stands_where_its_words_do() -> None:
    sections = [
        {"heading": "First", "sentences": [{"text": "Nothing of the kind.", "source": PAGE}]},
        {
            "heading": "Second",
            "sentences": [{"text": "Many ask for dental implants.", "source": PAGE}],
        },
    ]
    text = draft("x", sections=sections)
    inside = links.placed(OTHER, "Dental implants", text)
    assert (inside.section, inside.in_text) == ("Second", True)
    beside = links.placed(OTHER, "Implants of titanium", text)
    assert (beside.section, beside.in_text) == ("Second", False)
    assert links.placed(OTHER, "Dental implant", text).in_text is False  # whole words only


def test_links_are_proposed_to_pages_about_the_topic_and_not_to_hidden_ones() -> None:
    hidden = source(f"{HOME}hidden", "Teeth whitening offer", indexable=False)
    found = links.proposals(None, [*pages(), hidden], "teeth whitening")
    assert [each.url for each in found] == [PAGE]


def test_smoke_is_small_and_always_a_dry_run() -> None:
    smoke = scope_of("smoke", 3000, 100, dry_run=False)
    assert (smoke.pages, smoke.words, smoke.tokens, smoke.dry_run) == (8, 200, 1000, True)
    full = scope_of("full", 600, None, dry_run=False)
    assert (full.pages, full.words, full.dry_run) == (40, 600, False)
