"""Directories in other languages."""

from dataclasses import replace

from hermes_sandbox.directories.catalog.asked import PLACED, SHORT, USUAL
from hermes_sandbox.directories.fields import form
from hermes_sandbox.directories.model import Directory
from hermes_sandbox.directories.special import category, newsletter, terms

_DE = (
    Directory(
        "lindenhof-branchenbuch", "Lindenhof Branchenbuch", "german",
        ((*form(*PLACED, language="de", naming="label"), category("select", "de"), terms("de")),), "de",
        path="eintragen",
    ),
    Directory(
        "stadtblick", "Stadtblick", "german",
        ((*form(*USUAL, "email_again*", language="de", wording=1, style="wrap"), newsletter("de")),), "de",
        layout="list", ending="reference",
    ),
    Directory(
        "gewerbe-am-fluss", "Gewerbe am Fluss", "german",
        (form(*PLACED, "fax", language="de", wording=1, style="text", naming="numbers"),), "de",
        layout="table", marks="star",
    ),
    Directory(
        "heimatfinder", "Heimatfinder", "german",
        ((*form(*SHORT, "city", language="de", style="placeholder", wording=2, naming="numbers"), terms("de", 1)),),
        "de", ending="listing",
    ),
)  # fmt: skip
_ES = (
    Directory(
        "guia-robledal", "Guía Robledal", "spanish",
        ((*form(*PLACED, language="es", naming="label"), category("select", "es"), terms("es")),), "es",
        path="alta",
    ),
    Directory(
        "paginas-del-puerto", "Páginas del Puerto", "spanish",
        (form(*USUAL, language="es", style="wrap", wording=1, naming="numbers"),), "es", layout="stack",
    ),
    Directory(
        "el-mirador-local", "El Mirador Local", "spanish",
        (
            (
                *form("business_name*", "contact_first_name*", "contact_last_name*", "email*", "phone", "city",
                      language="es", style="text", naming="numbers"),
                newsletter("es"),
            ),
        ),
        "es", layout="dl", ending="reference",
    ),
)  # fmt: skip
_FR = (
    Directory(
        "annuaire-des-tilleuls", "Annuaire des Tilleuls", "french",
        ((*form(*PLACED, language="fr", naming="label"), category("radio", "fr"), terms("fr")),), "fr",
        path="inscription",
    ),
    Directory(
        "pages-du-vallon", "Pages du Vallon", "french",
        (form(*USUAL, language="fr", wording=1, style="labelledby", naming="numbers"),), "fr", layout="grid",
        ending="reference",
    ),
    Directory(
        "quartier-vif", "Quartier Vif", "french",
        ((*form(*SHORT, "street", "city", language="fr", style="aria", naming="numbers"), newsletter("fr")),), "fr",
    ),
)  # fmt: skip
_MORE = (
    Directory(
        "guida-del-colle", "Guida del Colle", "italian",
        ((*form(*PLACED, language="it", naming="label"), terms("it")),), "it",
    ),
    Directory(
        "de-molenwijzer", "De Molenwijzer", "dutch",
        (
            (
                *form("business_name*", "contact_first_name*", "contact_last_name*", "email*", "phone*", "website",
                      "street", "postal_code", "city*", "description", language="nl", naming="label"),
                terms("nl"),
            ),
        ),
        "nl", layout="table",
    ),
    Directory(
        "guia-da-ribeira", "Guia da Ribeira", "portuguese",
        (form(*USUAL, "postal_code", language="pt", style="text", naming="numbers", wording=1),), "pt",
        layout="grid", ending="reference",
    ),
)  # fmt: skip
DIRECTORIES = tuple(
    replace(each, tier=2, category="regional") for each in (*_DE, *_ES, *_FR, *_MORE)
)
