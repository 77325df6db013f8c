"""What stands around the text of every page: navigation above, footer below."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from hermes_sandbox.site.business import MAIL, NAME, PHONE
from hermes_sandbox.site.model import Link, Page

NAVIGATION = (
    Link("/", "Home"),
    Link("/services/", "Services"),
    Link("/locations/", "Locations"),
    Link("/team/", "Team"),
    Link("/blog/", "Blog"),
    Link("/pricing", "Pricing"),
    Link("/contact", "Contact"),
)

FOOTER = (
    Link("/about", "About us"),
    Link("/new-patients", "New patients"),
    Link("/faq", "Questions"),
    Link("/guides/", "Guides"),
    Link("/tools/", "Tools"),
    Link("/careers", "Careers"),
    Link("/legal/privacy", "Privacy"),
    Link("/legal/terms", "Terms"),
    Link("/legal/cookies", "Cookies"),
    Link("/legal/accessibility", "Accessibility"),
    Link("/es/", "Español"),
    Link(f"tel:{PHONE}", "Call us"),
    Link(f"mailto:{MAIL}", "Write to us"),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The name and the menus of one business, the same on all of its pages."""

    name: str
    navigation: tuple[Link, ...]
    footer: tuple[Link, ...]


JUNIPER = Frame(NAME, NAVIGATION, FOOTER)
HOME_CRUMB = Link("/", "Home")


def crumbs(*trail: Link) -> tuple[Link, ...]:
    """The path from the home page to the page's parent."""
    return (HOME_CRUMB, *trail)


def links(page: Page, frame: Frame = JUNIPER) -> Iterable[Link]:
    """Every link of a page in the order in which it stands there."""
    written = chain.from_iterable(section.links for section in page.sections)
    return chain(frame.navigation, page.crumbs, written, frame.footer)
