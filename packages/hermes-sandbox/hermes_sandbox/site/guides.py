"""The patient guides: longer reading for before and after a treatment."""

from hermes_sandbox.site.business import NAME, slug
from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.model import Link, Page, Section
from hermes_sandbox.site.prose import paragraphs
from hermes_sandbox.site.words import COMPANY

HEADINGS = (
    "After an extraction",
    "Choosing a toothbrush",
    "Caring for dentures",
    "First aid for teeth",
    "Food and enamel",
    "Living with braces",
    "Your baby's first tooth",
    "Travelling with aligners",
    "Reading an X-ray",
    "Implants step by step",
    "Brushing with arthritis",
    "Mouthwash or water",
    "Flossing for beginners",
    "Teeth and sleep",
)
LINKS = tuple(Link(f"/guides/{slug(heading)}", heading) for heading in HEADINGS)


def pages() -> list[Page]:
    """The list of guides, and every guide."""
    return [_index(), *(_guide(link.href, link.text) for link in LINKS)]


def _index() -> Page:
    return Page(
        path="/guides/",
        title=f"Patient guides | {NAME}",
        description="Longer reading for before and after a treatment. From the people at Juniper Dental.",
        headings=("Patient guides",),
        sections=(
            Section("Before and after a treatment", paragraphs("/guides/", COMPANY)),
            Section("All guides", links=LINKS),
        ),
        crumbs=crumbs(),
    )


def _guide(path: str, heading: str) -> Page:
    return Page(
        path=path,
        title=f"{heading} | {NAME}",
        description=f"{heading}: what our patients ask most, answered by the people who treat them.",
        headings=(heading,),
        sections=(Section("What to know", paragraphs(path, COMPANY)),),
        crumbs=crumbs(Link("/guides/", "Guides")),
    )
