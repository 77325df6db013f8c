"""Pages that exist once: home, about, prices, legal notices, the Spanish welcome."""

import json

from hermes_sandbox.site.business import NAME, PHONE, SERVICES, slug
from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.model import Link, Page, Section
from hermes_sandbox.site.prose import paragraphs
from hermes_sandbox.site.words import COMPANY, LEGAL

ALTERNATES = (("en", "/"), ("es", "/es/"), ("x-default", "/"))
BUSINESS = json.dumps(
    {"@context": "https://schema.org", "@type": "Dentist", "name": NAME, "telephone": PHONE}
)
SINGLE = {
    "/about": ("About us", "Who we are, what we promise and how we keep it"),
    "/new-patients": ("New patients", "What happens at your first visit and what to bring"),
    "/faq": ("Questions and answers", "Short answers to what people ask at the front desk"),
    "/careers": ("Careers", "Open positions and what it is like to work with us"),
    "/contact": ("Contact", "Telephone, e-mail and the way to each practice"),
    "/insurance": ("Insurance", "Which plans we accept and how claims are handled"),
    "/financing": ("Payment plans", "How to spread the cost of a larger treatment"),
    "/technology": ("Our technology", "The equipment behind a gentle and precise visit"),
    "/reviews": ("What patients say", "How we ask for reviews and what we learn from them"),
    "/tools/": ("Tools", "Small helpers for planning a visit"),
}
LEGAL_PAGES = {
    "/legal/privacy": "Privacy notice",
    "/legal/terms": "Terms of use",
    "/legal/cookies": "Cookie notice",
    "/legal/accessibility": "Accessibility statement",
}
SPANISH = (
    "Juniper Dental es un grupo de clínicas de barrio que comparten las mismas normas y un mismo laboratorio. Publicamos nuestros precios, nuestros tiempos de espera y también las quejas, porque la confianza es más fácil con los números a la vista.",
    "En la primera visita hablamos con calma, hacemos fotografías y le explicamos todas las alternativas, incluida la de no hacer nada por ahora. El presupuesto se entrega por escrito y es lo máximo que pagará. Si algo le preocupa, dígalo al pedir la cita: una pausa cada diez minutos no cuesta nada.",
    "Casi todos los pacientes nuevos reciben una cita en menos de una semana, y antes si hay dolor. Las entradas no tienen escalones, las puertas son anchas y en la recepción siempre hay alguien que habla español.",
)


def single_pages() -> list[Page]:
    """Every page that exists once on the site, before faults are planted."""
    return [
        _home(),
        _spanish(),
        _pricing(),
        *(_single(path, *words) for path, words in SINGLE.items()),
        *(_legal(path, heading) for path, heading in LEGAL_PAGES.items()),
    ]


def _home() -> Page:
    featured = tuple(Link(f"/services/{slug(each.name)}", each.name) for each in SERVICES[:6])
    return Page(
        path="/",
        title=f"{NAME}: gentle care near you",
        description="Neighbourhood dentists with published fees, short waiting times and the same clinician at every visit.",
        headings=("Gentle dentistry around the corner",),
        sections=(
            Section("Why people stay", paragraphs("/", COMPANY)),
            Section("Popular treatments", links=featured),
            Section(
                "Plan your visit",
                links=(
                    Link("/insurance", "Insurance"),
                    Link("/financing", "Payment plans"),
                    Link("/technology", "Our technology"),
                    Link("/reviews", "What patients say"),
                ),
            ),
        ),
        alternates=ALTERNATES,
        data=BUSINESS,
    )


def _spanish() -> Page:
    return Page(
        path="/es/",
        title=f"Dentistas de confianza | {NAME}",
        description="Clínicas dentales de barrio con precios publicados y el mismo dentista en cada visita.",
        headings=("Odontología amable a la vuelta de la esquina",),
        sections=(Section("Por qué se quedan nuestros pacientes", SPANISH),),
        crumbs=crumbs(),
        language="es",
        alternates=ALTERNATES,
    )


def _pricing() -> Page:
    listed = tuple(f"{each.name}: from ${each.price}." for each in SERVICES)
    return Page(
        path="/pricing",
        title=f"Prices | {NAME}",
        description="Our whole price list. Every treatment comes with a written estimate, and that is the most you will pay.",
        headings=("Prices",),
        sections=(
            Section("How we charge", paragraphs("/pricing", COMPANY)),
            Section("Price list", listed),
        ),
        crumbs=crumbs(),
    )


def _single(path: str, heading: str, lead: str) -> Page:
    return Page(
        path=path,
        title=f"{heading} | {NAME}",
        description=f"{lead}. From the people at Juniper Dental.",
        headings=(heading,),
        sections=(Section(lead, paragraphs(path, COMPANY)),),
        crumbs=crumbs(),
    )


def _legal(path: str, heading: str) -> Page:
    return Page(
        path=path,
        title=f"{heading} | {NAME}",
        description=f"{heading} of Juniper Dental, in plain language and dated 1 March 2025.",
        headings=(heading,),
        sections=(Section("In force since 1 March 2025", paragraphs(path, LEGAL)),),
        crumbs=crumbs(),
    )
