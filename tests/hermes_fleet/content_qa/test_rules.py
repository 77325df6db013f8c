"""Each content rule by value: what breaks it, what keeps it, and where it does not apply."""

import pytest

from hermes_fleet.content_qa.checks import CHECKS
from hermes_fleet.content_qa.document import Document
from hermes_fleet.content_qa.finding import Finding, Site
from hermes_fleet.content_qa.rulebook import rulebook
from hermes_fleet.crawling import page as pages

URL = "https://www.example.com/blog/a-post"
HEAD = "<title>How we mend a broken tooth</title>"


def document(
    body: str = "", head: str = HEAD, url: str = URL, lang: str = "en", *, home: bool = False
) -> Document:
    said = f' lang="{lang}"' if lang else ""
    html = f"<!doctype html><html{said}><head>{head}</head><body>{body}</body></html>"
    return Document(url, pages.read(html, url), html, home)


def check(rule: str, *documents: Document) -> list[Finding] | None:
    """What the rule says of the first document."""
    found = next(each for each in rulebook().rules if each.id == rule)
    return CHECKS[rule](documents[0], Site(documents), found)


def said(rule: str, *documents: Document) -> list[str]:
    return [found.message for found in check(rule, *documents) or []]


def test_every_rule_has_its_check_and_every_check_its_rule() -> None:
    assert [rule.id for rule in rulebook().rules] == list(CHECKS)


def test_every_rule_says_why_what_to_do_and_who_says_so() -> None:
    for rule in rulebook().rules:
        assert all(len(text) > 20 for text in (rule.what, rule.why, rule.fix)), rule.id
        assert rule.source.startswith(("https://", "house")), rule.id


def test_a_page_without_title_description_or_language_breaks_those_rules() -> None:
    bare = document(head="", lang="")
    for rule in ("title_missing", "description_missing", "language_missing", "h1_missing"):
        assert len(check(rule, bare) or []) == 1, rule
    for rule in ("title_length", "title_duplicate", "description_length", "h1_multiple"):
        assert check(rule, bare) is None, rule


@pytest.mark.parametrize(("length", "broken"), [(9, True), (10, False), (65, False), (66, True)])
def test_a_title_has_10_to_65_characters(length: int, broken: bool) -> None:
    assert bool(check("title_length", document(head=f"<title>{'x' * length}</title>"))) is broken


def test_titles_descriptions_and_texts_shared_by_pages_are_named_with_the_other_page() -> None:
    head = f'{HEAD}<meta name="description" content="All about broken teeth.">'
    one, two = document("<p>Same", head), document("<p>Same", head, url="https://www.example.com/b")
    third = document("<p>Own", "<title>Another</title>", url="https://www.example.com/c")
    shared = ["Shared with https://www.example.com/b."]
    assert said("title_duplicate", one, two, third) == shared
    assert said("description_duplicate", one, two, third) == shared
    assert said("duplicate_text", one, two, third) == [
        "The same text is on https://www.example.com/b."
    ]
    assert check("title_duplicate", third, one, two) == []


def test_the_second_main_heading_and_skipped_levels_are_found_where_they_stand() -> None:
    body = "<h1>One</h1><section><h3>Too deep</h3></section><h1>Two</h1><h2>Fine</h2>"
    (second,) = check("h1_multiple", document(body)) or []
    assert (second.place.path, second.place.excerpt) == ("h1:nth-of-type(2)", "Two")
    (skip,) = check("heading_order", document(body)) or []
    assert (skip.message, skip.place.path) == (
        "<h3> follows <h1>.", "section:nth-of-type(1) > h3:nth-of-type(1)",
    )  # fmt: skip


def test_words_of_menu_and_footer_do_not_make_a_page_less_thin() -> None:
    menu = f"<nav>{'menu ' * 200}</nav>"
    assert said("thin_content", document(f"{menu}<p>{'word ' * 149}</p>")) == [
        "It has 149 words; the rule asks for at least 150."
    ]
    assert check("thin_content", document(f"{menu}<main>{'word ' * 150}</main>")) == []


@pytest.mark.parametrize(
    "text", ["Lorem ipsum dolor", "TODO: price", "Dear [Company name]", "Hello {{ first_name }}"]
)
def test_text_that_was_to_be_replaced_is_found(text: str) -> None:
    (found,) = check("placeholder_text", document(f"<p id=x>{text}</p>")) or []
    assert (found.place.path, found.place.excerpt) == ("#x", text)


def test_ordinary_words_are_no_placeholder() -> None:
    assert check("placeholder_text", document("<p>Our to-do list [1] is your company.</p>")) == []


CLAIMS = (
    "Whitening works for 95% of patients.",
    "Nine out of ten people return.",
    "Studies show that it lasts.",
    "It is clinically proven.",
    "We are the #1 practice in town.",
    "We are the leading dentists of the county.",
    "Our award-winning team waits for you.",
    "Teeth become 3 times whiter, and 2x faster.",
)
NO_CLAIMS = (
    "The best way to brush is slowly.",
    "We open at 9 and have 3 rooms.",
    "Written on 3 May 2025.",
    "Call us in 5 minutes; the first visit takes thirty.",
    "One in the morning is late.",
    "The best time for a check is spring.",
)


@pytest.mark.parametrize("text", CLAIMS)
def test_a_claim_without_a_source_is_found_with_its_sentence(text: str) -> None:
    (found,) = (
        check("claim_without_source", document(f"<p>All is well. {text} So it is.</p>")) or []
    )
    assert found.place.excerpt == text


@pytest.mark.parametrize("text", NO_CLAIMS)
def test_everyday_figures_and_advice_are_no_claims(text: str) -> None:
    assert check("claim_without_source", document(f"<p>{text}</p>")) == []


@pytest.mark.parametrize(
    "source",
    [
        '<a href="https://doi.org/10.1/x">the trial</a>',
        '<a href="/files/survey.pdf">our survey</a>',
        '<a href="#fn1">1</a>',
        "<cite>Journal of Teeth</cite>",
        "(Smith et al., 2021)",
        "[12]",
        "according to Cochrane",
        "Source: NHS",
    ],
)
def test_a_source_in_the_same_paragraph_settles_a_claim(source: str) -> None:
    text = f"<p>It works for 95% of patients {source}.</p>"
    assert check("claim_without_source", document(text)) == []


def test_a_link_into_the_own_site_or_a_source_elsewhere_is_no_source() -> None:
    own = '<p>It works for 95% of patients, <a href="/contact">so call us</a>.</p>'
    elsewhere = '<p>It works for 95% of patients.</p><p><a href="https://doi.org/1">a trial</a></p>'
    assert len(check("claim_without_source", document(own)) or []) == 1
    assert len(check("claim_without_source", document(elsewhere)) or []) == 1


def test_claims_are_judged_in_english_only() -> None:
    assert check("claim_without_source", document("<p>95% sind froh.</p>", lang="de-CH")) is None
    assert check("claim_without_source", document("<p>95% are.</p>", lang="en-GB")) != []


@pytest.mark.parametrize(
    ("author", "date"),
    [
        ("<p>By Ann Lee</p>", '<time datetime="2026-01-02">then</time>'),
        ('<a rel="author" href="/ann">Ann</a>', "<p>Written on 3 May 2025.</p>"),
        ('<p class="byline">Ann</p>', "<p>Updated 2026-01-02</p>"),
        ("<h2>About the author</h2>", "<p>May 3, 2025</p>"),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":"BlogPosting","author":"Ann","datePublished":"2026"}]}</script>',
            "",
        ),
    ],
)
def test_an_article_that_names_author_and_date_keeps_both_rules(author: str, date: str) -> None:
    signed = document(f"<main>{author}{date}</main>")
    assert check("author_missing", signed) == []
    assert check("date_missing", signed) == []


def test_an_article_without_author_and_date_breaks_both_rules() -> None:
    assert said("author_missing", document("<p>By and large</p>")) == ["No author is named."]
    assert said("date_missing", document("<p>In May.</p>")) == ["No date is given."]


@pytest.mark.parametrize("path", ["/contact", "/blog/", "/blog/page/2", "/blog"])
def test_what_is_no_article_needs_neither_author_nor_date(path: str) -> None:
    assert check("author_missing", document(url=f"https://www.example.com{path}")) is None
    assert check("date_missing", document(url=f"https://www.example.com{path}")) is None


def test_a_page_may_say_itself_that_it_is_an_article() -> None:
    url, og = "https://www.example.com/x", '<meta property="og:type" content="article">'
    assert check("author_missing", document(head=og, url=url)) != []


def test_the_home_page_alone_must_lead_to_about_and_contact() -> None:
    home = document('<a href="/x">Prices</a>', home=True)
    assert said("about_missing", home) == ["No link leads to a page about who is behind the site."]
    assert said("contact_missing", home) == ["No link leads to a way to get in touch."]
    good = document('<a href="/who">About us</a><a href="tel:+1555">Ring</a>', home=True)
    assert (check("about_missing", good), check("contact_missing", good)) == ([], [])
    assert (check("about_missing", document()), check("contact_missing", document())) == (
        None,
        None,
    )


def test_images_need_a_text_alternative_which_may_be_empty() -> None:
    body = '<img src="/a.png"><img src="/b.png" alt=""><img src="/c.png" alt="A crown"><img src="/d" aria-hidden="true">'
    (found,) = check("image_alt_missing", document(body)) or []
    assert (found.place.path, found.place.excerpt) == ("img:nth-of-type(1)", "/a.png")
    assert check("image_alt_missing", document()) is None


def test_links_need_a_name_of_any_kind() -> None:
    named = '<a href="/1">One</a><a href="/2" aria-label="Two"></a><a href="/3"><img src=x alt="Three"></a>'
    assert check("link_empty", document(named)) == []
    nameless = f'{named}<a href="/4"></a><a href="/5"><img src=x alt=""></a><a name="anchor"></a>'
    found = check("link_empty", document(nameless)) or []
    assert [each.place.excerpt for each in found] == ["/4", "/5"]


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("Click here", True),
        ("read more …", True),
        ("Here", True),
        ("Here is our price list", False),
    ],
)
def test_a_link_says_where_it_leads(text: str, vague: bool) -> None:
    assert bool(check("link_vague", document(f'<a href="/x">{text}</a>'))) is vague
