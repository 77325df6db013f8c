"""The network: the demo site and three competitors, each at an address of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from hermes_sandbox.network import brightwater, oakline, toothfinder
from hermes_sandbox.network.keywords import KEYWORDS
from hermes_sandbox.network.pages import page, text
from hermes_sandbox.network.ties import FIRST, TIES, Tie
from hermes_sandbox.network.words import HOUSE
from hermes_sandbox.site import Site, plumbing
from hermes_sandbox.site import build as build_demo
from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import Link, Page

COMPETITORS: dict[str, ModuleType] = {
    "brightwater": brightwater,
    "oakline": oakline,
    "toothfinder": toothfinder,
}
ASIDE = {
    "brightwater": ("/private/suppliers", "Suppliers"),  # robots.txt closes it
    "oakline": ("/archive/2019", "The year 2019"),  # only a nofollow link leads there
    "toothfinder": ("/landing/award", "The award"),  # only the sitemap names it
}


@dataclass(frozen=True, slots=True)
class Network:
    """The sites by name; `demo` is the one that Hermes watches. `edition` 2 is the network later on."""

    sites: dict[str, Site]
    edition: int

    @property
    def competitors(self) -> list[str]:
        """The addresses of the sites that are not the demo site."""
        return [self.sites[name].base_url for name in COMPETITORS]

    def settings(self) -> dict[str, object]:
        """What the demo site's settings say."""
        demo = self.sites["demo"].base_url
        return {
            "keywords": list(KEYWORDS),
            "competitors": self.competitors,
            "gsc_site": f"{demo}/",
            "ga4_property": "310042142",
            "ads_customer": "421-007-7315",
            "repository": "https://github.com/juniper-dental/website",
            "notify_to": "staff@demo.example",
        }


def build(demo: str, competitors: Sequence[str], edition: int = FIRST) -> Network:
    """The whole network for the addresses at which it will stand; always the same for the same ones."""
    addresses = {"demo": demo} | dict(zip(COMPETITORS, competitors, strict=True))
    bases = {name: address.rstrip("/") for name, address in addresses.items()}
    sites = {"demo": build_demo(demo)}
    for name, business in COMPETITORS.items():
        ties = [tie for tie in TIES if tie.source == name and edition in tie.editions]
        sites[name] = _site(name, business, bases, ties)
    return Network(sites, edition)


def _site(name: str, business: ModuleType, bases: dict[str, str], ties: Sequence[Tie]) -> Site:
    draft = Draft(bases[name])
    for each in business.pages():
        draft.publish(each)
    _aside(draft, name, business)
    for path in dict.fromkeys(tie.path for tie in ties):
        links = [_link(tie, bases) for tie in ties if tie.path == path]
        draft.link(path, "Elsewhere", *links)
    plumbing.lay(draft)
    return Site(
        draft.base_url,
        draft.resources,
        tuple(draft.sitemap),
        draft.planted,
        business.FRAME,
        _nowhere,
    )


def _aside(draft: Draft, name: str, business: ModuleType) -> None:
    """A page that a polite crawler finds only over the sitemap, or never."""
    path, heading = ASIDE[name]
    written = page(business.FRAME, path, heading, text(business.FRAME, path, heading, HOUSE, 60))
    if name == "toothfinder":
        draft.publish(written)
        return
    draft.add(replace(written, canonicals=(draft.canonical(path),)))
    source, rel = ("/partners", "") if name == "brightwater" else ("/archive", "nofollow")
    draft.link(source, heading, Link(path, heading, rel))


def _link(tie: Tie, bases: dict[str, str]) -> Link:
    return replace(tie.link, href=bases[tie.target] + tie.href)


def _nowhere(_target: str) -> Page | None:
    return None
