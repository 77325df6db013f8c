"""Oakline Smiles: a practice with a page for every town and treatment, and care guides step by step."""

from hermes_sandbox.network.pages import index, page, stronghold, text
from hermes_sandbox.network.schema import how_to, typed
from hermes_sandbox.network.words import CARE, HOUSE, TOWN, TREATMENT
from hermes_sandbox.site.business import CITIES, capital, slug
from hermes_sandbox.site.chrome import Frame
from hermes_sandbox.site.model import Link, Page, Section

FRAME = Frame(
    "Oakline Smiles",
    (
        Link("/", "Home"),
        Link("/areas/", "Areas"),
        Link("/care/", "Care guides"),
        Link("/book", "Book"),
    ),
    (Link("/about", "About"), Link("/links", "Links"), Link("/archive", "Archive", "nofollow")),
)
AREAS = Link("/areas/", "Areas")
CARE_GUIDES = Link("/care/", "Care guides")
TOWNS = CITIES[4:13]
BUSY = TOWNS[:4]  # with a page for each offer
STRONG = ("emergency dentistry", "dental anxiety")
GUIDES = (
    "bleeding gums",
    "a lost filling",
    "a chipped tooth",
    "braces wax",
    "a swollen cheek",
    "mouth rinses",
)
STEPS = ("Look first", "Then act", "When to call")
OFFERS = ("emergency visit", "same-day crown")


def pages() -> list[Page]:
    """All pages without the links to other sites."""
    return [_home(), *_areas(), *_care(), *_others()]


def _home() -> Page:
    data = typed("Dentist", name=FRAME.name, openingHours="Mo-Su 07:00-22:00")
    lead = text(FRAME, "/", "Open late", HOUSE)
    return page(FRAME, "/", "Seen on the same day", lead, data=data)


def _areas() -> list[Page]:
    links = [Link(f"/areas/{slug(town)}", town) for town in TOWNS]
    lead = text(FRAME, "/areas/", "Where we are", HOUSE)
    towns = [_town(link, town) for link, town in zip(links, TOWNS, strict=True)]
    offers = [_offer(link, name) for link in links[: len(BUSY)] for name in OFFERS]
    return [index(FRAME, "/areas/", "Areas we serve", lead, links), *towns, *offers]


def _town(link: Link, town: str) -> Page:
    sections = [
        text(FRAME, link.href, f"Our rooms in {town}", TOWN, city=town),
        text(FRAME, link.href, "Opening hours", TOWN, 40, city=town),
        text(FRAME, link.href, "How to get here", TOWN, 40, city=town),
    ]
    if town in BUSY:
        offers = (Link(f"{link.href}/{slug(name)}", capital(name)) for name in OFFERS)
        sections.append(Section(f"Offers in {town}", links=tuple(offers)))
    data = typed("LocalBusiness", name=f"{FRAME.name} {town}", openingHours="Mo-Su 07:00-22:00")
    return page(FRAME, link.href, f"Dentist in {town}", *sections, parent=AREAS, data=data)


def _offer(town: Link, name: str) -> Page:
    path, heading = f"{town.href}/{slug(name)}", f"{capital(name)} in {town.text}"
    section = text(FRAME, path, "What happens", TREATMENT, 60, keyword=name)
    data = typed("Service", name=heading, areaServed=town.text)
    return page(FRAME, path, heading, section, parent=town, data=data)


def _care() -> list[Page]:
    strong = [Link(f"/care/{slug(each)}", capital(each)) for each in STRONG]
    plain = [Link(f"/care/{slug(each)}", capital(each)) for each in GUIDES]
    lead = text(FRAME, "/care/", "Help yourself first", HOUSE)
    return [
        index(FRAME, "/care/", "Care guides", lead, [*strong, *plain]),
        *(_strong(link, name) for link, name in zip(strong, STRONG, strict=True)),
        *(_guide(link, name) for link, name in zip(plain, GUIDES, strict=True)),
    ]


def _strong(link: Link, name: str) -> Page:
    return stronghold(FRAME, link.href, name, CARE_GUIDES, typed("Article", headline=link.text))


def _guide(link: Link, name: str) -> Page:
    sections = [text(FRAME, link.href, step, CARE, 40, keyword=name) for step in STEPS]
    data = how_to(link.text, STEPS)
    return page(FRAME, link.href, f"At home: {name}", *sections, parent=CARE_GUIDES, data=data)


def _others() -> list[Page]:
    names = {"/book": "Book", "/about": "About us", "/links": "Links", "/archive": "Archive"}
    return [
        page(FRAME, path, name, text(FRAME, path, name, HOUSE, 60)) for path, name in names.items()
    ]
