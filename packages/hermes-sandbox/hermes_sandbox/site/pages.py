"""The healthy part of the demo site: services, locations, team and single pages."""

from hermes_sandbox.site import blog, guides
from hermes_sandbox.site.business import CITIES, NAME, SERVICES, TEAM, Colleague, Service, slug
from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.dice import Dice
from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import Link, Page, Section
from hermes_sandbox.site.prose import paragraphs
from hermes_sandbox.site.single import single_pages
from hermes_sandbox.site.words import CITY, PERSON, SERVICE

SERVICE_LINKS = tuple(Link(f"/services/{slug(each.name)}", each.name) for each in SERVICES)
CITY_LINKS = tuple(Link(f"/locations/{slug(city)}", city) for city in CITIES)
TEAM_LINKS = tuple(Link(f"/team/{slug(each.name)}", each.name) for each in TEAM)


def write(draft: Draft) -> None:
    """Publish every page of a business without a fault."""
    for page in (
        *single_pages(),
        *_services(),
        *_locations(),
        *_team(),
        *guides.pages(),
        *blog.pages(SERVICE_LINKS, TEAM_LINKS),
    ):
        draft.publish(page)


def _services() -> list[Page]:
    index = _index("/services/", "Our services", "Every treatment we offer", SERVICE, SERVICE_LINKS)
    return [index, *(_service(service) for service in SERVICES)]


def _service(service: Service) -> Page:
    path = f"/services/{slug(service.name)}"
    dice = Dice("links", path)
    visits = "a single visit" if service.visits == 1 else f"{service.visits} visits"
    text = paragraphs(
        path,
        SERVICE,
        service=service.name.lower(),
        minutes=str(service.minutes),
        visits=visits,
        price=str(service.price),
    )
    return Page(
        path=path,
        title=f"{service.name} | {NAME}",
        description=f"{service.name} at Juniper Dental: {service.minutes} minutes a visit, {visits}, from ${service.price} with a written estimate.",
        headings=(service.name,),
        sections=(
            Section("What to expect", text),
            Section("Related treatments", links=_others(dice, SERVICE_LINKS, path, 4)),
            Section("Where we offer it", links=_others(dice, CITY_LINKS, path, 3)),
        ),
        crumbs=crumbs(Link("/services/", "Services")),
    )


def _locations() -> list[Page]:
    index = _index("/locations/", "Our locations", "Find a practice near you", CITY, CITY_LINKS)
    return [index, *(_location(city) for city in CITIES)]


def _location(city: str) -> Page:
    path = f"/locations/{slug(city)}"
    dice = Dice("links", path)
    return Page(
        path=path,
        title=f"Dentist in {city} | {NAME}",
        description=f"Juniper Dental in {city}: opening hours, parking, level access and the team that looks after your teeth.",
        headings=(f"Your dentist in {city}",),
        sections=(
            Section(f"About the {city} practice", paragraphs(path, CITY, city=city)),
            Section("Popular here", links=_others(dice, SERVICE_LINKS, path, 4)),
            Section("Who you will meet", links=_others(dice, TEAM_LINKS, path, 3)),
            Section("Practices nearby", links=_others(dice, CITY_LINKS, path, 3)),
        ),
        crumbs=crumbs(Link("/locations/", "Locations")),
    )


def _team() -> list[Page]:
    index = _index("/team/", "Our team", "The people who look after you", PERSON, TEAM_LINKS)
    return [index, *(_colleague(colleague) for colleague in TEAM)]


def _colleague(colleague: Colleague) -> Page:
    path = f"/team/{slug(colleague.name)}"
    dice = Dice("links", path)
    text = paragraphs(path, PERSON, person=colleague.name, role=colleague.role.lower())
    return Page(
        path=path,
        title=f"{colleague.name} | {NAME}",
        description=f"{colleague.name}, {colleague.role.lower()} at Juniper Dental: training, approach and where to book an appointment.",
        headings=(colleague.name,),
        sections=(
            Section(colleague.role, text),
            Section("Works at", links=_others(dice, CITY_LINKS, path, 2)),
            Section("Often asked about", links=_others(dice, SERVICE_LINKS, path, 3)),
        ),
        crumbs=crumbs(Link("/team/", "Team")),
    )


def _index(
    path: str, heading: str, lead: str, bank: tuple[str, ...], links: tuple[Link, ...]
) -> Page:
    facts = {
        "service": "a treatment",
        "minutes": "forty",
        "visits": "two visits",
        "price": "35",
        "city": "each town",
        "person": "Dr Lindqvist",
        "role": "principal dentist",
    }
    return Page(
        path=path,
        title=f"{heading} | {NAME}",
        description=f"{lead}: all {len(links)} at a glance, with what makes each of them worth a closer look.",
        headings=(heading,),
        sections=(
            Section(lead, paragraphs(path, bank, **facts)),
            Section("All at a glance", links=links),
        ),
        crumbs=crumbs(),
    )


def _others(dice: Dice, links: tuple[Link, ...], path: str, count: int) -> tuple[Link, ...]:
    return tuple(dice.draw([link for link in links if link.href != path], count))
