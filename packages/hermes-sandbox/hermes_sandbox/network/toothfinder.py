"""Toothfinder: a directory of practices, with a page for every town, every practice and some best-of lists."""

from hermes_sandbox.network.pages import index, page, stronghold, text
from hermes_sandbox.network.schema import faq, item_list, typed
from hermes_sandbox.network.words import ANSWER, HOUSE, LISTING
from hermes_sandbox.site.business import CITIES, capital, slug
from hermes_sandbox.site.chrome import Frame
from hermes_sandbox.site.model import Link, Page, Section

FRAME = Frame(
    "Toothfinder",
    (
        Link("/", "Home"),
        Link("/towns/", "Towns"),
        Link("/practices/", "Practices"),
        Link("/best/", "Best of"),
    ),
    (Link("/about", "About"), Link("/submit", "Add a practice"), Link("/rules", "Rules")),
)
TOWNS_LINK = Link("/towns/", "Towns")
BEST = Link("/best/", "Best of")
PRACTICES_LINK = Link("/practices/", "Practices")
TOWNS = CITIES[:10]
PRACTICES = ("Juniper Dental", "Brightwater Dental", "Oakline Smiles")
STRONG = "wisdom tooth removal"
LISTS = ("teeth whitening", "late opening hours", "nervous patients", "families", "clear aligners")
ASPECTS = ("Opening hours", "Prices", "What readers say")


def pages() -> list[Page]:
    """All pages without the links to other sites."""
    return [_home(), *_towns(), *_practices(), *_best(), *_others()]


def _home() -> Page:
    data = typed("WebSite", name=FRAME.name)
    lead = text(FRAME, "/", "Every practice in the county", LISTING, town="every town")
    return page(FRAME, "/", "Find a dentist", lead, data=data)


def _towns() -> list[Page]:
    links = [Link(f"/towns/{slug(town)}", town) for town in TOWNS]
    lead = text(FRAME, "/towns/", "Choose a town", LISTING, town="each town")
    return [index(FRAME, "/towns/", "All towns", lead, links), *map(_town, links)]


def _town(link: Link) -> Page:
    sections = text(FRAME, link.href, f"Practices in {link.text}", LISTING, town=link.text)
    data, heading = item_list(PRACTICES), f"Dentists in {link.text}"
    return page(FRAME, link.href, heading, sections, parent=TOWNS_LINK, data=data)


def _practices() -> list[Page]:
    links = [Link(f"/practices/{slug(name)}", name) for name in PRACTICES]
    lead = text(FRAME, "/practices/", "Who is listed", LISTING, town="the county")
    return [index(FRAME, "/practices/", "All practices", lead, links), *map(_practice, links)]


def _practice(link: Link) -> Page:
    sections = [text(FRAME, link.href, each, LISTING, 40, town="the county") for each in ASPECTS]
    rating = {"@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": 18}
    data = typed("Dentist", name=link.text, aggregateRating=rating)
    return page(FRAME, link.href, link.text, *sections, parent=PRACTICES_LINK, data=data)


def _best() -> list[Page]:
    strong = Link(f"/best/{slug(STRONG)}", capital(STRONG))
    links = [Link(f"/best/{slug(each)}", f"Best for {each}") for each in LISTS]
    lead = text(FRAME, "/best/", "How we choose", LISTING, town="the county")
    return [
        index(FRAME, "/best/", "Best of lists", lead, [strong, *links]),
        stronghold(FRAME, strong.href, STRONG, BEST, typed("Article", headline=strong.text)),
        *(_list(link) for link in links),
    ]


def _list(link: Link) -> Page:
    sections = text(FRAME, link.href, "The list", LISTING, town="the county")
    ranked = Section("In order", tuple(f"{name}, for many reasons." for name in PRACTICES), level=3)
    return page(
        FRAME, link.href, link.text, sections, ranked, parent=BEST, data=item_list(PRACTICES)
    )


def _others() -> list[Page]:
    names = {"/about": "About Toothfinder", "/submit": "Add a practice"}
    plain = [
        page(FRAME, path, name, text(FRAME, path, name, HOUSE, 60)) for path, name in names.items()
    ]
    asked = text(FRAME, "/rules", "Who may be listed?", ANSWER, 40)
    data = faq([(asked.heading, asked.paragraphs[0])])
    return [*plain, page(FRAME, "/rules", "Rules", asked, data=data)]
