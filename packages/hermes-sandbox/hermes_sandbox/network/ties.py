"""The links between the sites of the network, each planted with its text, its rel and its editions."""

from dataclasses import dataclass

from hermes_sandbox.site.model import Link

FIRST, LATER = 1, 2
EDITIONS = (FIRST, LATER)


@dataclass(frozen=True, slots=True)
class Tie:
    """A link from a page of one site to an address of another, and in which editions it stands."""

    source: str
    path: str
    target: str
    href: str
    link: Link
    editions: tuple[int, ...] = EDITIONS


def _tie(
    source: str,
    path: str,
    to: str,
    text: str,
    rel: str = "",
    image: bool = False,
    **more: tuple[int, ...],
) -> Tie:
    target, _, rest = to.partition("/")
    shape = "image" if image else "a"
    return Tie(source, path, target, f"/{rest}", Link("", text, rel, shape), **more)


TIES = (
    # A competitor is polite with nofollow, and once forgets to be.
    _tie("brightwater", "/partners", "demo/", "Juniper Dental", "nofollow"),
    _tie("brightwater", "/partners", "demo/partners/referrals", "referrals at Juniper", "nofollow"),
    _tie("brightwater", "/partners", "toothfinder/", "Toothfinder"),
    _tie("brightwater", "/compare/veneers-or-bonding", "demo/services/porcelain-veneers", "what veneers cost elsewhere"),
    _tie("brightwater", "/questions/wisdom-teeth", "demo/blog/lost-post", "a post on wisdom teeth", "nofollow"),
    _tie("brightwater", "/questions/payment", "demo/pricing", "Juniper Dental", "nofollow", editions=(FIRST,)),
    _tie("brightwater", "/prices", "demo/pricing", "their price list", editions=(LATER,)),
    _tie("brightwater", "/private/suppliers", "demo/", "never seen by polite crawlers"),
    # Another sends its readers on, to pages that moved or went away as well.
    _tie("oakline", "/links", "demo/guides/", "Patient guides", "ugc"),
    _tie("oakline", "/links", "demo/", "Juniper Dental logo", image=True),
    _tie("oakline", "/links", "toothfinder/", "Toothfinder", "nofollow"),
    _tie("oakline", "/links", "brightwater/compare/", "price comparisons"),
    _tie("oakline", "/care/bleeding-gums", "demo/careers/receptionist-2020", "a job at the front desk"),
    _tie("oakline", "/areas/calder-bay", "demo/locations/calder-bay#opening-hours", "opening hours in Calder Bay"),
    _tie("oakline", "/areas/calder-bay", "demo/locations/calder-bay", "the same page again"),
    _tie("oakline", "/care/a-lost-filling", "demo/services/white-fillings", "Juniper Dental", editions=(FIRST,)),
    _tie("oakline", "/care/a-chipped-tooth", "demo/services/tooth-bonding", "tooth bonding", editions=(LATER,)),
    _tie("oakline", "/archive/2019", "demo/", "reached over nofollow alone"),
    _tie("oakline", "/care/", "demo/guides/", "more guides"),
    # The directory lists the business by town, with rel as directories have it.
    _tie("toothfinder", "/", "demo/", "practice of the month", editions=(FIRST,)),
    _tie("toothfinder", "/practices/juniper-dental", "demo/", "Juniper Dental"),
    _tie("toothfinder", "/practices/juniper-dental", "demo/contact", "Write to Juniper Dental", "nofollow noopener"),
    _tie("toothfinder", "/practices/brightwater-dental", "brightwater/", "Brightwater Dental"),
    _tie("toothfinder", "/practices/oakline-smiles", "oakline/", "Oakline Smiles"),
    _tie("toothfinder", "/towns/alder-falls", "demo/locations/alder-falls", "Juniper Dental in Alder Falls", "sponsored"),
    _tie("toothfinder", "/towns/ashgrove", "demo/locations/ashgrove", "Juniper Dental in Ashgrove", "sponsored nofollow"),
    _tie("toothfinder", "/towns/briar-heights", "demo/locations/briar-heights", "Juniper Dental in Briar Heights", editions=(FIRST,)),
    _tie("toothfinder", "/towns/cedar-mills", "demo/locations/cedar-mills", "Juniper Dental in Cedar Mills", editions=(LATER,)),
    _tie("toothfinder", "/towns/eastwick", "demo/locations/eastwick", "Juniper Dental"),
    _tie("toothfinder", "/best/teeth-whitening", "demo/old-whitening", "whitening at Juniper"),
    _tie("toothfinder", "/best/teeth-whitening", "demo/services/teeth-whitening?utm_source=newsletter", "prices"),
    _tie("toothfinder", "/best/families", "demo/services/gold-teeth", "gold teeth"),
    _tie("toothfinder", "/landing/award", "demo/about", "award winner"),
)  # fmt: skip
