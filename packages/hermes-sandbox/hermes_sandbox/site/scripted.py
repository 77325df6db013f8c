"""Pages that need JavaScript: some work, some leave their visitors with an empty page."""

import base64
from dataclasses import replace

from hermes_sandbox.site.chrome import crumbs
from hermes_sandbox.site.draft import Draft
from hermes_sandbox.site.model import Link, Page, Script

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
TEXT = "Choose a treatment and a day, and this page shows how long the visit takes, what it costs and who is in."
SHOW = f"""document.querySelector("main").insertAdjacentHTML("beforeend", "<p>{TEXT}</p>");"""
PAGES = {
    "/tools/visit-length": ("Visit length", Script(SHOW)),
    "/tools/cost-guide": (
        "Cost guide",
        Script(f'document.addEventListener("DOMContentLoaded", () => {{ {SHOW} }});'),
    ),
    "/tools/waiting-times": (
        "Waiting times",
        Script(f"loadWaitingTimes();\n{SHOW}", delivers=False, throws=True),
    ),
    "/tools/find-a-dentist": (
        "Find a dentist",
        Script('throw new Error("no dentist data");', delivers=False, throws=True),
    ),
}


def plant(draft: Draft) -> None:
    """Two that deliver, two that do not, all linked from the tools page."""
    for path, (title, script) in PAGES.items():
        page = Page(
            path,
            f"{title} | Juniper Dental",
            f"{title}: a small helper that works out in your browser what you want to know.",
            (title,),
            (),
        )
        draft.add(
            replace(
                page,
                script=script,
                crumbs=crumbs(Link("/tools/", "Tools")),
                canonicals=(draft.canonical(path),),
            )
        )
        draft.plant("needs_javascript" if script.delivers else "render_failure", path)
    draft.link(
        "/tools/",
        "Works in your browser",
        *(Link(path, title) for path, (title, _) in PAGES.items()),
    )
