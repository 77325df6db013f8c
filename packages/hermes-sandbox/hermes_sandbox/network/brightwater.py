"""Brightwater Dental: a practice that compares prices in public and answers questions with FAQ markup."""

from hermes_sandbox.network.pages import index, page, stronghold, text
from hermes_sandbox.network.schema import faq, priced, typed
from hermes_sandbox.network.words import ANSWER, COMPARISON, HOUSE, TREATMENT
from hermes_sandbox.site.business import capital, slug
from hermes_sandbox.site.chrome import Frame
from hermes_sandbox.site.model import Link, Page, Section

FRAME = Frame(
    "Brightwater Dental",
    (
        Link("/", "Home"),
        Link("/treatments/", "Treatments"),
        Link("/compare/", "Compare"),
        Link("/questions/", "Questions"),
        Link("/prices", "Prices"),
    ),
    (Link("/about", "About"), Link("/partners", "Partners"), Link("/contact", "Contact")),
)
TREATMENTS = Link("/treatments/", "Treatments")
COMPARE = Link("/compare/", "Compare")
QUESTIONS = Link("/questions/", "Questions")
STRONG = ("teeth whitening", "dental implants")
PLAIN = ("aligners", "tooth bonding", "porcelain veneers", "fixed bridges", "night guards")
PAIRS = (
    ("veneers", "bonding"),
    ("implants", "bridges"),
    ("aligners", "braces"),
    ("crowns", "onlays"),
    ("strips", "whitening trays"),
    ("dentures", "implant bars"),
)
ASKED = {
    "first-visit": ("Does a first visit hurt?", "How long does it take?", "What should I bring?"),
    "wisdom-teeth": ("Must all of them go?", "When can I eat again?", "Who drives me home?"),
    "cold-drinks": ("Why do cold drinks sting?", "Is it the enamel?", "Which paste helps?"),
    "children": ("When is the first check?", "What if my child will not open up?"),
    "payment": ("Can I pay by the month?", "Do you take my plan?", "Is there a deposit?"),
    "whiter-teeth": ("How white is too white?", "Do strips work?", "Will it last?"),
}


def pages() -> list[Page]:
    """All pages without the links to other sites."""
    return [_home(), *_treatments(), *_comparisons(), *_questions(), *_others()]


def _home() -> Page:
    data = typed("Dentist", name=FRAME.name, priceRange="$$")
    lead = text(FRAME, "/", "Prices first", HOUSE)
    return page(FRAME, "/", "The dentist that compares", lead, data=data)


def _treatments() -> list[Page]:
    links = [Link(f"/treatments/{slug(each)}", capital(each)) for each in (*STRONG, *PLAIN)]
    lead = text(FRAME, "/treatments/", "What we do", HOUSE)
    strong = [
        stronghold(FRAME, link.href, each, TREATMENTS, priced("MedicalProcedure", each, 240))
        for link, each in zip(links, STRONG, strict=False)
    ]
    plain = [_treatment(link, each) for link, each in zip(links[len(STRONG) :], PLAIN, strict=True)]
    return [index(FRAME, "/treatments/", "Treatments", lead, links), *strong, *plain]


def _treatment(link: Link, name: str) -> Page:
    section = text(FRAME, link.href, "In short", TREATMENT, 60, keyword=name)
    data = priced("MedicalProcedure", name, 180)
    return page(FRAME, link.href, link.text, section, parent=TREATMENTS, data=data)


def _comparisons() -> list[Page]:
    links = [Link(f"/compare/{a}-or-{slug(b)}", f"{capital(a)} or {b}") for a, b in PAIRS]
    lead = text(FRAME, "/compare/", "How we compare", HOUSE)
    sections = [_comparison(link, *pair) for link, pair in zip(links, PAIRS, strict=True)]
    return [index(FRAME, "/compare/", "Compare treatments and prices", lead, links), *sections]


def _comparison(link: Link, one: str, other: str) -> Page:
    return page(
        FRAME,
        link.href,
        link.text,
        text(FRAME, link.href, "Price comparison", COMPARISON, 60, keyword=one),
        text(FRAME, link.href, "Comfort and time", COMPARISON, 60, keyword=other),
        Section("Our verdict", (f"Choose {one} for speed and {other} for the long run.",), level=3),
        parent=COMPARE,
        data=priced("Product", link.text, 320),
    )


def _questions() -> list[Page]:
    links = [Link(f"/questions/{name}", capital(name.replace("-", " "))) for name in ASKED]
    lead = text(FRAME, "/questions/", "Ask us anything", ANSWER, 60)
    sections = [_answers(link, asked) for link, asked in zip(links, ASKED.values(), strict=True)]
    return [index(FRAME, "/questions/", "Questions and answers", lead, links), *sections]


def _answers(link: Link, asked: tuple[str, ...]) -> Page:
    sections = [text(FRAME, link.href, each, ANSWER, 40) for each in asked]
    data = faq([(each.heading, each.paragraphs[0]) for each in sections])
    return page(FRAME, link.href, link.text, *sections, parent=QUESTIONS, data=data)


def _others() -> list[Page]:
    names = {
        "/prices": "Prices",
        "/about": "About us",
        "/partners": "Partners",
        "/contact": "Contact",
    }
    return [
        page(FRAME, path, name, text(FRAME, path, name, HOUSE, 60)) for path, name in names.items()
    ]
